/// How to reach an embeddings server and how patient to be with it.
public struct RemoteEmbedderConfiguration: Sendable {
    /// Where the server is (`embedder.url`).
    public var url: EmbeddingsURL
    /// The model to name to the server; empty names none (`embedder.model`).
    public var model: String
    /// Components of a vector; nil asks the server once before the embedder is used (`embedder.dimensions`).
    public var dimensions: Int?
    /// The file that holds the key, read again when the server refuses it; nil sends none (`embedder.api_key_file`).
    public var keyFile: String?
    /// How long a text waits for others to be asked together with.
    public var batchWindow: Duration
    /// Most texts in one request.
    public var maximumBatch: Int
    /// Most requests on their way at once.
    public var maximumRequests: Int
    /// Most calls that wait for a vector; what comes on top is unavailable at once.
    public var maximumWaiting: Int
    /// Longest text that is asked for, in bytes of UTF-8; a longer one is too long.
    public var maximumTextBytes: Int
    /// Bytes of memory that known vectors may take, roughly; 0 remembers none.
    public var memoryBytes: Int
    /// How long to wait for the vector cache before the server is asked.
    public var cacheTimeout: Duration
    /// How long to wait for a connection.
    public var connectTimeout: Duration
    /// How long to wait for an answer, the connection included; callers wait no longer than their own deadlines.
    public var requestTimeout: Duration
    /// How many failures in a row open the circuit breaker.
    public var failuresToOpen: Int
    /// The longest wait before the first probe of a failing server; it doubles with each further one.
    public var initialBackoff: Duration
    /// The longest wait between two probes.
    public var maximumBackoff: Duration

    /// Creates a configuration.
    public init(
        url: EmbeddingsURL,
        model: String = "",
        dimensions: Int? = nil,
        keyFile: String? = nil,
        batchWindow: Duration = .milliseconds(2),
        maximumBatch: Int = 32,
        maximumRequests: Int = 4,
        maximumWaiting: Int = 1024,
        maximumTextBytes: Int = 8192,
        memoryBytes: Int = 16 << 20,
        cacheTimeout: Duration = .milliseconds(50),
        connectTimeout: Duration = .seconds(1),
        requestTimeout: Duration = .seconds(5),
        failuresToOpen: Int = 5,
        initialBackoff: Duration = .milliseconds(100),
        maximumBackoff: Duration = .seconds(10)
    ) {
        self.url = url
        self.model = model
        self.dimensions = dimensions
        self.keyFile = keyFile
        self.batchWindow = batchWindow
        self.maximumBatch = maximumBatch
        self.maximumRequests = maximumRequests
        self.maximumWaiting = maximumWaiting
        self.maximumTextBytes = maximumTextBytes
        self.memoryBytes = memoryBytes
        self.cacheTimeout = cacheTimeout
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.failuresToOpen = failuresToOpen
        self.initialBackoff = initialBackoff
        self.maximumBackoff = maximumBackoff
    }
}
