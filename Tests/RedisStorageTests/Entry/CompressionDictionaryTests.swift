import Testing

@testable import RedisStorage

@Suite struct CompressionDictionaryTests {
    /// Entries in Redis can only be read with the dictionary that they were written with.
    @Test func anotherDictionaryIsAnotherFormat() {
        let digest = CompressionDictionary.bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { digest, byte in
            (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        #expect(EntryStamp.format == 1)
        #expect(CompressionDictionary.bytes.count == 13_851)
        #expect(digest == 10_730_181_182_028_326_292)
    }

    @Test func aFewSentencesTakeHalfOfTheirBytes() throws {
        let compressor = BodyCompressor()
        let text = Array(sentence.utf8)
        let frame = try #require(compressor.compress(text))
        #expect(frame.count <= text.count / 2)
        #expect(compressor.decompress(frame, 0..<frame.count, count: text.count, wanted: 0..<text.count) == text)
        #expect(compressor.decompress(frame, 0..<frame.count, count: text.count, wanted: 3..<7) == Array(text[3..<7]))
        #expect(compressor.decompress(frame, 0..<frame.count, count: text.count + 1, wanted: 0..<1) == nil)
    }

    private let sentence = """
        To change your delivery address, open the app, choose your order and select a new address from the list. If the \
        parcel has already been handed over to the carrier, it cannot be redirected any more, but you may refuse it \
        when it arrives, and we will refund what you paid within five working days.
        """
}
