import Foundation
import JSONScanning
import Testing

/// What Benchmarks/embedder_reference.py has computed.
struct Reference {
    let text: String
    let ids: [Int32]

    /// Texts and their ids by Hugging Face's tokenizers.
    static func texts() throws -> [Reference] {
        try resource("token-ids.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
            let root = try JSONDocument(Array(line)).root
            let ids = (root["ids"]?.elements ?? []).compactMap(\.int).map { Int32($0) }
            return Reference(text: try #require(root["text"]?.string), ids: ids)
        }
    }

    /// Texts and their unit vectors by a forward pass in double precision.
    static func vectors() throws -> [(text: Reference, vector: [Float])] {
        let texts = try texts()
        let chosen = try JSONDocument(Array(resource("vector-texts.json"))).root.elements.compactMap(\.int)
        let bytes = try Array(resource("vectors.f16"))
        return try chosen.enumerated().map { row, number in
            let half = (0..<384).map { column in
                let at = 2 * (row * 384 + column)
                return Float(Float16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8))
            }
            return (try #require(texts.indices.contains(number) ? texts[number] : nil), half)
        }
    }

    private static func resource(_ name: String) throws -> Data {
        let url = try #require(Bundle.module.url(forResource: "Resources/\(name)", withExtension: nil))
        return try Data(contentsOf: url)
    }
}

/// The cosine of the angle between two vectors, in double precision.
func cosine(_ left: [Float], _ right: [Float]) -> Double {
    func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
}
