import NIOCore

extension RedisCommand {
    /// A call of a script by its digest, which a server may not know yet, or by its text.
    ///
    /// Its ``key`` is the first of `keys`.
    init(calling script: RedisScript, byText: Bool = false, keys: [[UInt8]], arguments: [[UInt8]]) {
        let bytes = (keys + arguments).reduce(128) { $0 + $1.count + 26 }
        self.init(reserving: byText ? bytes + script.text.utf8.count : bytes)
        append(byText ? "EVAL" : "EVALSHA")
        append(byText ? script.text : script.digest)
        append(Int64(keys.count))
        append(contentsOf: keys)
        append(contentsOf: arguments)
        key = keys.first
    }
}

extension Result where Success == RedisValue, Failure == RedisError {
    /// Whether the server does not know a script by its digest: then nothing has been executed.
    var saysUnknownScript: Bool {
        guard case .success(.error(let error)) = self else { return false }
        return error.code == "NOSCRIPT"
    }
}
