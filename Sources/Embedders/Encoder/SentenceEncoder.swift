import CEncoderKernels
import SemanticCache

/// A sentence-transformers model of the BERT family: texts in, unit vectors out.
///
/// The encoder of Devlin et al. 2018 with its tokens' vectors pooled as in Reimers and Gurevych 2019. Any number of
/// threads may use it at once; each brings its own scratch memory.
public final class SentenceEncoder: Sendable {
    /// Most tokens of a text, whatever the model could read: what is longer is rarely one question.
    private static let tokenLimit = 256
    /// Most bytes of a text that is looked at.
    static let byteLimit = 32_768

    /// Names the model, its weights, vocabulary and settings.
    public let modelID: String
    /// Components of a vector.
    public var dimensions: Int { shape.width }
    /// Most tokens of a text, special ones included.
    public var maximumTokens: Int { min(shape.maximumTokens, Self.tokenLimit) }
    /// The model's tokenizer.
    public let tokenizer: WordPieceTokenizer
    /// The instructions that it computes with.
    public let path: EncoderPath

    private let shape: ModelConfiguration
    private let weights: EncoderWeights

    /// Loads a folder: `config.json`, `model.safetensors`, `vocab.txt` and, where they are, `1_Pooling/config.json`,
    /// `modules.json`, `tokenizer_config.json` and `sentence_bert_config.json`.
    ///
    /// Blocks for the time of reading the files. `name` is for people and stands in the model's id, as the folder's own
    /// name when it is nil.
    ///
    /// - Throws: ``ModelFolderError`` with the file, what is wrong and what to do.
    public init(folder: String, name: String? = nil, path: EncoderPath = .fastest) throws(ModelFolderError) {
        let shape = try ModelConfiguration(folder: folder)
        let vocabulary = try ModelFile.requiredBytes(at: folder + "/vocab.txt")
        tokenizer = try WordPieceTokenizer(
            vocabulary: vocabulary,
            splitter: shape.splitter,
            path: folder + "/vocab.txt"
        )
        guard tokenizer.vocabularySize <= shape.vocabularySize else {
            throw ModelFolderError(
                .mismatched,
                folder + "/vocab.txt",
                "has \(tokenizer.vocabularySize) pieces, where config.json allows \(shape.vocabularySize)",
                "use the vocab.txt that the model was trained with"
            )
        }
        let file = folder + "/model.safetensors"
        let bytes = try ModelFile.requiredBytes(at: file)
        weights = try EncoderWeights(Safetensors(bytes, path: file), shape, path)
        modelID = ModelName.id(name ?? ModelName.last(of: folder), weights: bytes, vocabulary: vocabulary, shape)
        self.shape = shape
        self.path = path
    }

    /// Computes the unit vectors of texts on the calling thread, one after another or in one pass over the weights.
    ///
    /// - Throws: ``EmbedderError`` of the first text that has no vector.
    public func vectors(of texts: [String], inOnePass isOnePass: Bool = false) throws(EmbedderError) -> [[Float]] {
        var scratch = EncoderScratch()
        var sequences: [[Int32]] = []
        for text in texts { sequences.append(try tokens(of: text)) }
        let passes = isOnePass ? [sequences] : sequences.map { [$0] }
        var vectors: [[Float]] = []
        vectors.reserveCapacity(texts.count)
        for pass in passes where !pass.isEmpty {
            for result in results(ofTokens: pass, &scratch) { vectors.append(try result.get()) }
        }
        return vectors
    }

    /// The tokens of a text.
    func tokens(of text: String) throws(EmbedderError) -> [Int32] {
        guard text.utf8.count <= Self.byteLimit, let ids = tokenizer.ids(of: text, atMost: maximumTokens) else {
            throw .textTooLong
        }
        return ids
    }

    /// Computes the unit vectors of token sequences in one pass, each of 1 to ``maximumTokens`` ids of the tokenizer.
    func results(
        ofTokens sequences: [[Int32]],
        _ scratch: inout EncoderScratch
    ) -> [Result<[Float], EmbedderError>] {
        let lengths = sequences.map { Int32(truncatingIfNeeded: $0.count) }
        let ids = Array(sequences.joined())
        guard let longest = lengths.max(), lengths.allSatisfy({ 1...maximumTokens ~= Int($0) }),
            ids.allSatisfy({ 0..<shape.vocabularySize ~= Int($0) })
        else { return sequences.map { _ in .failure(.malformed) } }
        let places = scratch.places(rows: ids.count, longest: Int(longest), shape, weights, path)
        guard let places else { return sequences.map { _ in .failure(.unavailable) } }
        run(ids, lengths, places)
        var row = 0
        return lengths.map { length in
            defer { row += Int(length) }
            return vector(of: places.state + row * shape.width, length)
        }
    }

    /// The unit vector of a sequence whose `length` tokens' vectors begin at `rows`.
    private func vector(of rows: UnsafePointer<Float>, _ length: Int32) -> Result<[Float], EmbedderError> {
        // The kernel writes all components of the one sequence.
        let vector = [Float](unsafeUninitializedCapacity: shape.width) { room, count in
            encoder_pool(rows, [length], 1, shape.width, shape.pooling == .cls, room.baseAddress)
            count = shape.width
        }
        let isUsable = encoder_all_finite(vector, vector.count) && vector.contains(where: { $0 != 0 })
        return isUsable ? .success(vector) : .failure(.malformed)
    }

    /// The forward pass; leaves the tokens' vectors in `places.state`.
    private func run(_ ids: [Int32], _ lengths: [Int32], _ places: EncoderScratch.Places) {
        let (rows, width, kernels) = (ids.count, shape.width, path.kernels)
        func norm(_ residual: UnsafePointer<Float>?, _ norm: EncoderWeights.Norm) {
            encoder_add_norm(kernels, places.state, residual, rows, width, norm.gain, norm.bias, shape.epsilon)
        }
        func apply(
            _ layer: encoder_dense,
            _ from: UnsafePointer<Float>,
            _ activation: encoder_activation,
            _ to: UnsafeMutablePointer<Float>
        ) {
            withUnsafePointer(to: layer) { encoder_apply($0, from, rows, activation, to, places.kernels) }
        }
        encoder_gather(
            weights.words,
            weights.halfWords,
            weights.positions,
            ids,
            lengths,
            lengths.count,
            width,
            places.state
        )
        norm(nil, weights.inputNorm)
        for layer in weights.layers {
            apply(layer.attention, places.state, encoder_identity, places.attention)
            encoder_attend(
                kernels,
                places.attention,
                lengths,
                lengths.count,
                width,
                shape.heads,
                places.mixed,
                places.kernels
            )
            apply(layer.attentionOutput, places.mixed, encoder_identity, places.change)
            norm(places.change, layer.attentionNorm)
            apply(layer.intermediate, places.state, encoder_gelu, places.intermediate)
            apply(layer.output, places.intermediate, encoder_identity, places.change)
            norm(places.change, layer.outputNorm)
        }
    }
}
