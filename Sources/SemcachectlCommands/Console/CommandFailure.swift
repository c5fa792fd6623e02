import CacheAPI
import CacheClient

/// Why a command ended without doing what it was asked to.
struct CommandFailure: Error, Equatable {
    /// The exit statuses, after sysexits.h.
    enum Status: Int32 {
        /// Refused, or failed.
        case failed = 1
        /// Used wrongly.
        case usage = 64
        /// The server cannot be reached.
        case unreachable = 69
    }

    /// The exit status.
    var status: Status
    /// A sentence for standard error; nil when everything is said already.
    var message: String?

    /// Creates a failure.
    init(_ message: String?, status: Status = .failed) {
        self.message = message
        self.status = status
    }

    /// Creates the failure that a call's error is, with what to do about it.
    init(_ error: CacheClientError) {
        switch error {
        case .misconfigured: self.init("\(error)", status: .usage)
        case .unreachable:
            self.init("\(error). Is it running, and is the URL right? (--url or SEMCACHED_URL)", status: .unreachable)
        case .problem(let problem, _):
            let advice =
                switch problem.code {
                case "unauthorized": ". Give a key with --api-key-file or SEMCACHED_API_KEY"
                case "forbidden": ". Use a key with that scope and namespace"
                case "redis_unavailable": ". Try again when Redis is back; `semcachectl doctor` tells more"
                default: ""
                }
            self.init("\(error)\(advice)")
        case .unexpected: self.init("\(error). Does the URL name a semcached server, and of this version?")
        }
    }
}
