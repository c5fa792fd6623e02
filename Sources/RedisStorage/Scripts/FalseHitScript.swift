import Redis

/// Adds a false hit to the log of those.
///
/// Keys: the list. Arguments: the line, the place of the last one that is kept, milliseconds that the list is kept after
/// the last addition. The first write is one that Redis refuses at its memory limit: nothing is left half done.
enum FalseHitScript {
    static let script = RedisScript(
        """
        redis.call('LPUSH', KEYS[1], ARGV[1])
        redis.call('LTRIM', KEYS[1], 0, ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return 1
        """
    )
}
