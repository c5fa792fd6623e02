import SemanticCache
import SemanticCacheTesting
import Testing

extension SemanticPart {
    /// A part whose text and vector of so many dimensions are made of a number.
    static func sample(_ number: Int, dimensions: Int = 384, modelID: String = "model-1") throws -> SemanticPart {
        var generator = SeededGenerator(seed: UInt64(truncatingIfNeeded: number))
        let vector = (0..<dimensions).map { _ in Float.random(in: -1...1, using: &generator) }
        return SemanticPart(
            partition: Partition(digest: EntryKey.numbered(number % 7).fingerprint),
            text: "How do I reset the password of account \(number)?",
            vector: try #require(QuantizedVector(vector)),
            modelID: modelID
        )
    }
}
