import Redis

/// Writes an alias unless an entry is there.
///
/// Keys: the entry that the alias stands for. Arguments: the alias' value, when it expires in ms. Replies 1 if it was
/// written, else 0.
enum AliasScript {
    static let script = RedisScript(
        ScriptText.clock + """
            local kind = redis.call('GETRANGE', KEYS[1], 1, 1)
            if kind ~= '' and kind ~= '\\3' then return 0 end
            if tonumber(ARGV[2]) <= math.floor(clock() / 1000) then return 0 end
            redis.call('SET', KEYS[1], ARGV[1], 'PXAT', ARGV[2])
            return 1
            """
    )
}
