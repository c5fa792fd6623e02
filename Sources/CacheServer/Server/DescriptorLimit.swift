import Glibc

/// How many files and sockets the process may have open (`RLIMIT_NOFILE`).
enum DescriptorLimit {
    /// What is kept for everything that is not a client: Redis, logs, event loops, and accepting what is then refused.
    static let reserve = 64

    /// Raises the soft limit as far as `connections` need and the hard limit lets it.
    ///
    /// - Returns: How many connections there is room for, `connections` at most: without a descriptor to accept with,
    ///   the server would try again and again.
    static func makeRoom(forConnections connections: Int) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return connections }
        let wanted = rlim_t(connections + reserve)
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = min(wanted, limit.rlim_max)
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return room(underLimit: UInt64(limit.rlim_cur), forConnections: connections)
    }

    /// How many connections a limit has room for, `connections` at most.
    static func room(underLimit limit: UInt64, forConnections connections: Int) -> Int {
        // A quarter when there is hardly more than the reserve.
        min(connections, max(Int(clamping: limit) - reserve, Int(clamping: limit / 4), 1))
    }
}
