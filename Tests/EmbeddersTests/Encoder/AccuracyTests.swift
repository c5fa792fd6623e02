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

    @Test func theModelKeepsItsName() throws {
        let encoder = try SentenceEncoder(folder: RealModel.folder, name: "all-MiniLM-L6-v2")
        // Another name would part the new vectors from all that are stored.
        #expect(encoder.modelID == "all-MiniLM-L6-v2-be4b84db3c3f6610-mean-256")
        #expect(encoder.dimensions == 384)
        #expect(encoder.maximumTokens == 256)
    }
}
