import Redis
import SemanticCache

/// What ``AcquireScript`` replied.
enum AcquireReply {
    case found(value: [UInt8])
    case granted(FillGrant, milliseconds: Int)
    case held(FillGrant, milliseconds: Int)
    case open(FillGrant)

    /// Reads a reply; nil when it is not one.
    init?(_ value: RedisValue) {
        guard let parts = value.elements, parts.count >= 4, let kind = parts[0].integer, let time = parts[1].integer,
            let sequence = parts[2].integer, let milliseconds = parts[3].integer
        else { return nil }
        let grant = FillGrant(issuedAt: time, flushSequence: sequence)
        switch kind {
        case AcquireScript.found:
            guard parts.count == 5, let value = parts[4].bytes else { return nil }
            self = .found(value: value)
        case AcquireScript.granted: self = .granted(grant, milliseconds: Int(milliseconds))
        case AcquireScript.held: self = .held(grant, milliseconds: Int(milliseconds))
        case AcquireScript.open: self = .open(grant)
        default: return nil
        }
    }
}
