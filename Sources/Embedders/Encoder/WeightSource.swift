/// A file's tensors by BERT's names, which stand there with or without a prefix of `bert.`.
struct WeightSource {
    private let file: Safetensors
    private let shape: ModelConfiguration
    private let prefix: String

    init(_ file: Safetensors, _ shape: ModelConfiguration) {
        self.file = file
        self.shape = shape
        prefix = file.contains("bert.embeddings.word_embeddings.weight") ? "bert." : ""
    }

    func table(_ name: String, _ rows: Int) throws(ModelFolderError) -> [Float] {
        try file.floats("\(prefix)embeddings.\(name).weight", [rows, shape.width])
    }

    /// The vector that every token gets added, as all of a text's tokens are of the first type.
    func firstTokenType() throws(ModelFolderError) -> [Float] {
        Array(try table("token_type_embeddings", shape.tokenTypes).prefix(shape.width))
    }

    func vector(_ name: String) throws(ModelFolderError) -> [Float] { try file.floats(prefix + name, [shape.width]) }

    func dense(
        _ name: String,
        _ inputs: Int,
        _ outputs: Int
    ) throws(ModelFolderError) -> (weights: [Float], bias: [Float]) {
        let weights = try file.floats("\(prefix)\(name).weight", [outputs, inputs])
        return (weights, try file.floats("\(prefix)\(name).bias", [outputs]))
    }

    /// Query, key and value as one dense layer.
    func attention(_ layer: String) throws(ModelFolderError) -> (weights: [Float], bias: [Float]) {
        var all: (weights: [Float], bias: [Float]) = ([], [])
        for part in ["query", "key", "value"] {
            let one = try dense("\(layer).attention.self.\(part)", shape.width, shape.width)
            all.weights += one.weights
            all.bias += one.bias
        }
        return all
    }

    func outOfMemory(_ bytes: Int) -> ModelFolderError {
        ModelFolderError(.unsupported, file.path, "needs \(bytes) bytes of memory", "use a smaller model")
    }
}
