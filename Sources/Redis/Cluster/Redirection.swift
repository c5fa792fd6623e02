/// What a server of a cluster says of a command that it does not execute; nothing has changed then.
enum Redirection: Equatable {
    /// The slot is another server's, for good.
    case moved(slot: Int, RedisHost)
    /// The slot is on its way, and this key is at another server already, or nowhere: ask there, this once.
    case ask(RedisHost)
    /// The same server later: keys are on their way, slots have no server, the server loads or has lost its primary.
    case tryAgain(mapMayBeWrong: Bool)

    /// Reads an error that `host` replied; nil when it is no redirection.
    init?(_ error: RedisServerError, from host: RedisHost) {
        switch error.code {
        case "MOVED", "ASK":
            let parts = error.message.split(separator: " ")
            guard parts.count >= 2, let slot = Int(parts[0]), 0..<HashSlot.count ~= slot,
                let target = RedisHost(redirection: parts[1])?.named(after: host)
            else { return nil }
            self = error.code == "ASK" ? .ask(target) : .moved(slot: slot, target)
        case "TRYAGAIN": self = .tryAgain(mapMayBeWrong: false)
        case "CLUSTERDOWN", "LOADING", "MASTERDOWN": self = .tryAgain(mapMayBeWrong: true)
        default: return nil
        }
    }
}
