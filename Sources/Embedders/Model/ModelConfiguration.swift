import JSONScanning

/// What a model folder's own files say about the model.
struct ModelConfiguration: Sendable, Hashable {
    /// How the vectors of a text's tokens become one.
    enum Pooling: String, Sendable {
        case mean
        case cls
    }

    var width: Int
    var layers: Int
    var heads: Int
    var intermediateWidth: Int
    var vocabularySize: Int
    var positions: Int
    var tokenTypes: Int
    var epsilon: Float
    var pooling = Pooling.mean
    /// Most tokens of a text, special ones included.
    var maximumTokens: Int
    var splitter = WordSplitter()

    /// Reads a folder's `config.json` and what stands beside it.
    init(folder: String) throws(ModelFolderError) {
        let path = folder + "/config.json"
        let root = try ModelFile.requiredObject(at: path)
        try Self.checkArchitecture(root, path)
        width = try Self.number("hidden_size", in: root, 1...16_384, path)
        layers = try Self.number("num_hidden_layers", in: root, 1...128, path)
        heads = try Self.number("num_attention_heads", in: root, 1...256, path)
        intermediateWidth = try Self.number("intermediate_size", in: root, 1...65_536, path)
        vocabularySize = try Self.number("vocab_size", in: root, 3...2_000_000, path)
        positions = try Self.number("max_position_embeddings", in: root, 2...65_536, path)
        tokenTypes = root["type_vocab_size"] == nil ? 2 : try Self.number("type_vocab_size", in: root, 1...1024, path)
        guard width % heads == 0 else {
            throw ModelFolderError(
                .malformed,
                path,
                "has a hidden_size that num_attention_heads does not divide",
                "fetch the model again"
            )
        }
        let epsilon = root["layer_norm_eps"]?.double ?? 1e-12
        guard epsilon >= 0, epsilon < 1 else {
            throw ModelFolderError(.malformed, path, "has a layer_norm_eps outside 0 to 1", "fetch the model again")
        }
        self.epsilon = Float(epsilon)
        maximumTokens = positions
        try readModules(folder)
        try readPooling(folder)
        try readTokenizer(folder)
    }

    private static func number(
        _ name: StaticString,
        in root: JSONValue,
        _ range: ClosedRange<Int>,
        _ path: String
    ) throws(ModelFolderError) -> Int {
        guard let number = root[name]?.int, range.contains(number) else {
            throw ModelFolderError(
                .malformed,
                path,
                "has no \(name) between \(range.lowerBound) and \(range.upperBound)",
                "use the config.json of a BERT model"
            )
        }
        return number
    }

    private static func checkArchitecture(_ root: JSONValue, _ path: String) throws(ModelFolderError) {
        let remedy = "use a BERT model with WordPiece, or an embedder by URL"
        guard let type = root["model_type"], type.matches("bert") else {
            let name = (root["model_type"]?.string).map { "\"\($0.prefix(40))\"" } ?? "nothing"
            throw ModelFolderError(.unsupported, path, "names \(name) as model_type, not \"bert\"", remedy)
        }
        if let activation = root["hidden_act"], !activation.matches("gelu") {
            throw ModelFolderError(.unsupported, path, "has a hidden_act other than gelu", remedy)
        }
        if let position = root["position_embedding_type"], !position.isNull, !position.matches("absolute") {
            throw ModelFolderError(.unsupported, path, "has a position_embedding_type other than absolute", remedy)
        }
    }

    /// A text passes the transformer, the pooling and the division by the length; another module would be left out.
    private func readModules(_ folder: String) throws(ModelFolderError) {
        let path = folder + "/modules.json"
        guard let root = try ModelFile.object(at: path) else { return }
        for module in root.elements {
            let type = module["type"]?.string ?? ""
            guard ["Transformer", "Pooling", "Normalize"].contains(where: { type.hasSuffix(".\($0)") }) else {
                throw ModelFolderError(
                    .unsupported,
                    path,
                    "has a module that is not Transformer, Pooling or Normalize",
                    "use a model without it, or an embedder by URL"
                )
            }
        }
    }

    private mutating func readPooling(_ folder: String) throws(ModelFolderError) {
        let path = folder + "/1_Pooling/config.json"
        guard let root = try ModelFile.object(at: path) else { return }
        let modes = root.members.filter { $0.name.hasPrefix("pooling_mode_") && $0.value.bool == true }.map(\.name)
        switch modes {
        case ["pooling_mode_mean_tokens"]: pooling = .mean
        case ["pooling_mode_cls_token"]: pooling = .cls
        default:
            throw ModelFolderError(
                .unsupported,
                path,
                "asks for a pooling other than the mean of the tokens or the first of them",
                "use a model that pools so, or an embedder by URL"
            )
        }
    }

    private mutating func readTokenizer(_ folder: String) throws(ModelFolderError) {
        if let root = try ModelFile.object(at: folder + "/tokenizer_config.json") {
            splitter.lowercases = root["do_lower_case"]?.bool ?? true
            splitter.stripsAccents = root["strip_accents"]?.bool ?? splitter.lowercases
            splitter.separatesIdeographs = root["tokenize_chinese_chars"]?.bool ?? true
            // Some folders say 1e30 for "no limit of its own".
            maximumTokens = min(maximumTokens, max(3, root["model_max_length"]?.int ?? maximumTokens))
        }
        if let root = try ModelFile.object(at: folder + "/sentence_bert_config.json") {
            maximumTokens = min(maximumTokens, max(3, root["max_seq_length"]?.int ?? maximumTokens))
        }
    }
}
