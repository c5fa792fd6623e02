import Redis

/// Keeps entries from answering requests that they do not fit.
enum BlockScripts {
    /// Blocks a pair.
    ///
    /// Keys: blocked, blocks. Arguments: the pair (64 bytes), milliseconds that the block is of use.
    static let block = RedisScript(
        ScriptText.clock + """
            redis.call('SET', KEYS[1], '')
            local last = math.floor(clock() / 1000) + tonumber(ARGV[2])
            redis.call('ZADD', KEYS[2], 'GT', string.format('%.0f', last), ARGV[1])
            return 1
            """
    )

    /// Forgets blocks that were not renewed since.
    ///
    /// Keys: blocks, then blocked. Arguments: the time in ms, then the pairs (64 bytes each).
    static let unblock = RedisScript(
        """
        for place = 2, #KEYS do
          local last = redis.call('ZSCORE', KEYS[1], ARGV[place])
          if last and tonumber(last) <= tonumber(ARGV[1]) then
            redis.call('DEL', KEYS[place])
            redis.call('ZREM', KEYS[1], ARGV[place])
          end
        end
        return 1
        """
    )
}
