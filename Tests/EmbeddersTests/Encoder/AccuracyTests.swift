import Embedders
import Testing

@Suite struct AccuracyTests {
    @Test(arguments: EncoderPath.allCases.filter(\.isSupported))
    func vectorsAgreeWithTheReference(path: EncoderPath) throws {
        let encoder = try RealModel.encoder(path)
        let reference = try Reference.vectors()
        #expect(reference.count == 100)
        let vectors = try encoder.vectors(of: reference.map(\.text.text))
        var least = 1.0
        for (vector, (text, expected)) in zip(vectors, reference) {
            let similarity = cosine(vector, expected)
            least = min(least, similarity)
            #expect(similarity >= 0.999, "\(text.text.debugDescription)")
        }
        print("\(path.rawValue): least cosine \(least)")
    }
}
