import Embedders
import Testing

@Suite struct AccuracyTests {
    @Test(arguments: EncoderPath.allCases.filter(\.isSupported))
    func vectorsAgreeWithTheReference(path: EncoderPath) throws {
        let encoder = try RealModel.encoder(path)
        let reference = try Reference.vectors()
        #expect(reference.count == 100)
        let vectors = try encoder.vectors(of: reference.map(\.text.text))
        for (vector, (text, expected)) in zip(vectors, reference) {
            #expect(cosine(vector, expected) >= 0.999, "\(text.text.debugDescription)")
        }
    }
}
