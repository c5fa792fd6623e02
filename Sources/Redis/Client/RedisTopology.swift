public import Logging
public import NIOCore

/// Where the servers are, as far as a process knows; shared by all its clients.
///
/// For Sentinels it knows the primary that they name and hears when they name another one; for a cluster it knows which
/// server has which slots. Keep one for each Redis that a process talks to: each asks for itself.
public final class RedisTopology: Sendable {
    enum Kind {
        case server
        case sentinel(SentinelDirectory)
        case cluster(ClusterTopology)
    }

    /// How Redis is reached.
    public let configuration: RedisConfiguration
    let kind: Kind

    /// A topology that asks on `eventLoop`, from when the first client is started.
    public init(configuration: RedisConfiguration, eventLoop: any EventLoop, logger: Logger) {
        self.configuration = configuration
        switch configuration.endpoint.address {
        case .tcp, .unix: kind = .server
        case .sentinel(let address):
            kind = .sentinel(SentinelDirectory(configuration, address, eventLoop: eventLoop, logger: logger))
        case .cluster(let seeds):
            kind = .cluster(
                ClusterTopology(configuration: configuration, seeds: seeds, eventLoop: eventLoop, logger: logger)
            )
        }
    }

    deinit {
        switch kind {
        case .server: break
        case .sentinel(let directory): directory.close()
        case .cluster(let topology): topology.close()
        }
    }

    /// Whether commands of several slots go to several servers, so that no command may have keys of two slots.
    public var isCluster: Bool {
        if case .cluster = kind { true } else { false }
    }
}
