import SemanticCacheTesting

/// A Redis that stores and feeds are tested with.
protocol TestedRedis: Sendable {
    /// Where it is.
    var testedURL: String { get }
}

extension RedisServer: TestedRedis {
    var testedURL: String { unixURL }
}

extension RedisCluster: TestedRedis {
    var testedURL: String { url }
}

extension RedisSentinels: TestedRedis {
    var testedURL: String { url }
}
