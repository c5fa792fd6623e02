import Redis

/// Changes of the directory of an index in Redis.
enum DirectoryScripts {
    /// Forgets where entries are, unless that has changed.
    ///
    /// Keys: places. Arguments: fingerprints (32 bytes) and places (25 bytes) in turn. Replies how many were forgotten.
    static let forget = RedisScript(
        """
        local forgotten = 0
        for place = 1, #ARGV, 2 do
          if redis.call('HGET', KEYS[1], ARGV[place]) == ARGV[place + 1] then
            forgotten = forgotten + redis.call('HDEL', KEYS[1], ARGV[place])
          end
        end
        return forgotten
        """
    )

    /// Forgets a hash of places that is empty.
    ///
    /// Keys: indexed, places. Arguments: the name in `indexed`.
    static let close = RedisScript(
        """
        if redis.call('EXISTS', KEYS[2]) == 0 then return redis.call('SREM', KEYS[1], ARGV[1]) end
        return 0
        """
    )
}
