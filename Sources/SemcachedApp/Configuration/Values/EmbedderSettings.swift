/// Where embeddings come from.
public struct EmbedderSettings: Sendable, Hashable {
    /// The ways to embed a text.
    public enum Kind: String, Sendable, CaseIterable {
        /// A model in this process.
        case local
        /// A server with OpenAI's interface.
        case openai
    }

    /// The way that is used (`embedder.kind`).
    public var kind = Kind.local
    /// The folder of the local model; nil means the default model's (`embedder.model_dir`).
    public var modelDirectory: String?
    /// The base URL of the server (`embedder.url`).
    public var url: String?
    /// The model that the server is asked for; nil leaves it to the server (`embedder.model`).
    public var model: String?
    /// The file that holds the server's key (`embedder.api_key_file`).
    public var apiKeyFile: String?

    /// Creates the defaults.
    public init() {}
}
