import JSONScanning

/// The vectors in an answer (OpenAI's list of embeddings), each brought to unit length.
struct EmbeddingsAnswer {
    /// The most components that a vector may have.
    static let maximumDimensions = 16_384

    let vectors: [[Float]]

    /// Reads an answer to `count` texts; `dimensions` nil takes what comes, the same for all.
    ///
    /// O(bytes).
    init(_ bytes: [UInt8], count: Int, dimensions: Int?) throws(AnswerDefect) {
        let document: JSONDocument
        do {
            document = try JSONDocument(bytes)
        } catch {
            throw .notJSON
        }
        guard let data = document.root["data"], data.kind == .array else { throw .shape }
        guard Int(data.node.count) == count else { throw .count }
        var vectors: [[Float]] = []
        vectors.reserveCapacity(count)
        var dimensions = dimensions
        for (place, element) in data.elements.enumerated() {
            // A server that counts otherwise than it lists may mean another text: which one cannot be known.
            if let index = element["index"], !index.isNull, index.int != place { throw .order }
            guard let embedding = element["embedding"] else { throw .shape }
            var vector = try EmbeddingsAnswer.components(embedding)
            if let dimensions, vector.count != dimensions { throw .dimensions }
            guard 1...EmbeddingsAnswer.maximumDimensions ~= vector.count else { throw .dimensions }
            dimensions = vector.count
            try UnitLength.normalize(&vector)
            vectors.append(vector)
        }
        self.vectors = vectors
    }

    /// Most bytes of an answer to `count` texts, generously: white space, long numbers and a list of usage included.
    static func maximumBytes(count: Int, dimensions: Int?) -> Int {
        count * (dimensions ?? maximumDimensions) * 40 + count * 256 + 65_536
    }

    private static func components(_ value: JSONValue) throws(AnswerDefect) -> [Float] {
        switch value.kind {
        case .array: return try numbers(value)
        case .string:
            guard let text = value.stringBytes, let floats = Base64Floats.decode(text) else { throw .shape }
            return floats
        default: throw .shape
        }
    }

    private static func numbers(_ value: JSONValue) throws(AnswerDefect) -> [Float] {
        let document = value.document
        var vector: [Float] = []
        vector.reserveCapacity(Int(value.node.count))
        // Numbers have no nodes below them, so an array of nothing else is a run of nodes.
        for node in document.nodes[value.index + 1..<Int(value.node.end)] {
            guard node.kind == .number else { throw .component }
            let text = document.bytes[Int(node.lowerBound)..<Int(node.upperBound)]
            guard let number = DecimalNumber.double(text) else { throw .component }
            vector.append(Float(number))
        }
        return vector
    }
}
