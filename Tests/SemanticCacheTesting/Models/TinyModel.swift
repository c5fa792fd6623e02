public import Foundation

/// A folder with a BERT of two layers and a few words, its weights seeded numbers.
public struct TinyModel {
    /// The vocabulary.
    public static let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "dog", "##s", "a", "!"]
    /// Components of a vector, unless it is made with others.
    public static let width = 32
    /// Heads of the attention.
    public static let heads = 4
    private static let wide = 48
    private static let positions = 16

    /// A tensor as it is written.
    public struct Tensor {
        /// Its name.
        public var name: String
        /// Its dimensions.
        public var shape: [Int]
        /// Its numbers, row by row.
        public var numbers: [Float]
        /// How the numbers are written.
        public var type = "F32"
    }

    /// What config.json says.
    public var config: [String: Any]
    /// The bytes of vocab.txt.
    public var vocabulary = Data((words.joined(separator: "\n") + "\n").utf8)
    /// The weights.
    public var tensors: [Tensor]
    /// Further files by their names.
    public var files: [String: String] = [:]
    /// Changes the finished weights file.
    public var spoil: (inout Data) -> Void = { _ in }
    /// Files that are left out.
    public var missing: Set<String> = []

    /// Makes a model whose weights are those of `seed`.
    public init(seed: UInt64 = 7, width: Int = TinyModel.width) {
        config = Self.config(width)
        tensors = Self.tensors(seed, width)
    }

    private static func config(_ width: Int) -> [String: Any] {
        [
            "model_type": "bert", "hidden_size": width, "num_hidden_layers": 2, "num_attention_heads": heads,
            "intermediate_size": wide, "vocab_size": words.count, "max_position_embeddings": positions,
            "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
        ]
    }

    private static func tensors(_ seed: UInt64, _ width: Int) -> [Tensor] {
        var generator = SeededGenerator(seed: seed)
        func tensor(_ name: String, _ shape: [Int]) -> Tensor {
            let count = shape.reduce(1, *)
            let numbers = (0..<count).map { _ in Float.random(in: -0.5...0.5, using: &generator) }
            return Tensor(name: name, shape: shape, numbers: numbers)
        }
        func dense(_ name: String, _ outputs: Int, _ inputs: Int) -> [Tensor] {
            [tensor("\(name).weight", [outputs, inputs]), tensor("\(name).bias", [outputs])]
        }
        func norm(_ name: String) -> [Tensor] { [tensor("\(name).weight", [width]), tensor("\(name).bias", [width])] }
        var all = [
            tensor("embeddings.word_embeddings.weight", [words.count, width]),
            tensor("embeddings.position_embeddings.weight", [positions, width]),
            tensor("embeddings.token_type_embeddings.weight", [2, width]),
        ]
        all += norm("embeddings.LayerNorm")
        for layer in 0..<2 {
            let name = "encoder.layer.\(layer)"
            for part in ["query", "key", "value"] { all += dense("\(name).attention.self.\(part)", width, width) }
            all += dense("\(name).attention.output.dense", width, width) + norm("\(name).attention.output.LayerNorm")
            all += dense("\(name).intermediate.dense", wide, width) + dense("\(name).output.dense", width, wide)
            all += norm("\(name).output.LayerNorm")
        }
        return all
    }

    /// A tensor's numbers.
    public func numbers(_ name: String) -> [Float] { tensors.first { $0.name == name }?.numbers ?? [] }

    /// Writes the folder, calls `body` with its path and removes it.
    public func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tiny-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(to: folder)
        return try body(folder.path)
    }

    /// Writes the files to `folder`, which is made if need be.
    public func write(to folder: URL) throws {
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("1_Pooling"),
            withIntermediateDirectories: true
        )
        var contents: [String: Data] = [
            "config.json": try JSONSerialization.data(withJSONObject: config), "vocab.txt": vocabulary,
            "model.safetensors": try weights(),
        ]
        for (name, text) in files { contents[name] = Data(text.utf8) }
        for (name, data) in contents where !missing.contains(name) {
            try data.write(to: folder.appendingPathComponent(name))
        }
    }

    private func weights() throws -> Data {
        var payload = Data()
        var header: [String: Any] = ["__metadata__": ["format": "pt"]]
        for tensor in tensors {
            let begin = payload.count
            for number in tensor.numbers {
                switch tensor.type {
                case "F16":
                    withUnsafeBytes(of: Float16(number).bitPattern.littleEndian) { payload.append(contentsOf: $0) }
                case "BF16":
                    let half = UInt16(truncatingIfNeeded: number.bitPattern >> 16)
                    withUnsafeBytes(of: half.littleEndian) { payload.append(contentsOf: $0) }
                default: withUnsafeBytes(of: number.bitPattern.littleEndian) { payload.append(contentsOf: $0) }
                }
            }
            header[tensor.name] = [
                "dtype": tensor.type, "shape": tensor.shape, "data_offsets": [begin, payload.count],
            ]
        }
        let text = try JSONSerialization.data(withJSONObject: header, options: .sortedKeys)
        var file = Data()
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
        file += text + payload
        spoil(&file)
        return file
    }
}
