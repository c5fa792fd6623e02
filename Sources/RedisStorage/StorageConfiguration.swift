/// How entries are kept in Redis.
public struct StorageConfiguration: Sendable {
    /// What every key begins with (`redis.key_prefix`).
    public var keyPrefix: String
    /// Milliseconds that a ticket is good; what refuses old tickets is kept as long.
    public var ticketMilliseconds: Int
    /// Milliseconds that one command to Redis may take on the path of a lookup, at most.
    public var commandMilliseconds: Int
    /// Bytes that one store's decoded entries may take in this process, roughly; 0 keeps none.
    public var nearCacheBytes: Int
    /// Bytes that a request or an answer may have; a value in Redis that claims more is taken for corrupt.
    public var maximumBodyBytes: Int
    /// Milliseconds after which a waiting lookup asks again although nobody woke it.
    public var waitPollMilliseconds: Int
    /// Milliseconds that the change log is kept: a replica that was away longer reads all entries again.
    public var changeLogMilliseconds: Int
    /// Milliseconds that changes of the index gather in Redis before a replica reads them; nil means 5, and 25 in a
    /// cluster, where no command waits for several buckets.
    public var indexDelayMilliseconds: Int?

    /// Creates a configuration.
    public init(
        keyPrefix: String = "semcached:",
        ticketMilliseconds: Int = 3_600_000,
        commandMilliseconds: Int = 200,
        nearCacheBytes: Int = 16 << 20,
        maximumBodyBytes: Int = 64 << 20,
        waitPollMilliseconds: Int = 5000,
        changeLogMilliseconds: Int = 3_600_000,
        indexDelayMilliseconds: Int? = nil
    ) {
        self.keyPrefix = keyPrefix
        self.ticketMilliseconds = ticketMilliseconds
        self.commandMilliseconds = commandMilliseconds
        self.nearCacheBytes = nearCacheBytes
        self.maximumBodyBytes = maximumBodyBytes
        self.waitPollMilliseconds = waitPollMilliseconds
        self.changeLogMilliseconds = changeLogMilliseconds
        self.indexDelayMilliseconds = indexDelayMilliseconds
    }

    /// Milliseconds that validity and records of flushes are kept when nothing else keeps them: no ticket lives longer.
    var proofMilliseconds: Int { ticketMilliseconds + 3_600_000 }
}
