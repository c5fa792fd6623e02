import Redis

/// Gives a lease up if its holder still has it.
///
/// Keys: lease, waiting, wakes. Arguments: token, fingerprint (32 bytes). Replies 1 if it was held, else 0.
enum ReleaseScript {
    static let script = RedisScript(
        ScriptText.wake + """
            local holder = redis.call('GET', KEYS[1])
            if not holder or string.sub(holder, 1, 16) ~= ARGV[1] then return 0 end
            redis.call('DEL', KEYS[1])
            wake(KEYS[2], KEYS[3], ARGV[2], 'released')
            return 1
            """
    )
}
