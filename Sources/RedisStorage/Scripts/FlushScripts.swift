import Redis

/// Flushes within one bucket; each is one step that lookups see whole.
enum FlushScripts {
    /// Counts the live entries of a namespace.
    ///
    /// Keys: validity, members.
    static let count = RedisScript(
        ScriptText.clock + ScriptText.validity + """
            if not read(KEYS[1]) then return 0 end
            return redis.call('ZCOUNT', KEYS[2], string.format('%.0f', math.floor(clock() / 1000)), '+inf')
            """
    )

    /// Makes all entries of a namespace invalid, and hands them over to be reclaimed; replies how many were live.
    ///
    /// Keys: validity, members, trash, flushes, changes. Arguments: namespace, prefix of discarded sets.
    static let namespace = RedisScript(
        ScriptText.clock + ScriptText.validity + ScriptText.log + ScriptText.discard + """
            -- The first write is one that Redis allows at its memory limit; then it allows the rest.
            redis.call('DEL', KEYS[4])
            local sequence = read(KEYS[1])
            local now = clock()
            local live = 0
            if sequence then
              live = redis.call('ZCOUNT', KEYS[2], string.format('%.0f', math.floor(now / 1000)), '+inf')
              now = math.max(now, sequence + 1)
              local bytes = struct.pack('>I8', now)
              redis.call('SET', KEYS[1], bytes .. bytes, 'KEEPTTL')
            end
            discard(KEYS[2], KEYS[3], ARGV[2], now, ARGV[1], KEYS[5])
            return live
            """
    )

    /// Records a flush by model or tags, so that fills from before it are refused.
    ///
    /// Keys: validity, flushes. Arguments: milliseconds that a record is kept, whether a model is named (1), the model,
    /// then the tags. Replies the flush's sequence, 0 when the bucket has nothing of the namespace.
    static let record = RedisScript(
        ScriptText.clock + ScriptText.validity + """
            local sequence, epoch, epochBytes = read(KEYS[1])
            if not sequence then return 0 end
            -- The first write is one that Redis allows at its memory limit; then it allows the rest.
            redis.call('PEXPIRE', KEYS[2], ARGV[1])
            local flush = math.max(clock(), sequence + 1)
            redis.call('SET', KEYS[1], epochBytes .. struct.pack('>I8', flush), 'KEEPTTL')
            local record = {flush, sequence, tonumber(ARGV[2]), ARGV[3]}
            for place = 4, #ARGV do record[place + 1] = ARGV[place] end
            redis.call('LPUSH', KEYS[2], cmsgpack.pack(record))
            redis.call('LTRIM', KEYS[2], 0, 63)
            redis.call('PEXPIRE', KEYS[2], ARGV[1])
            return flush
            """
    )

    /// Removes entries unless they were replaced meanwhile; replies how many.
    ///
    /// Keys: members, changes, then entries. Arguments: namespace, then for each entry the fingerprint (32 bytes) and the
    /// version (8 bytes).
    static let remove = RedisScript(
        ScriptText.clock + ScriptText.log + ScriptText.isIndexed + """
            local removed, indexed = 0, {}
            for place = 3, #KEYS do
              local fingerprint, version = ARGV[2 * place - 4], ARGV[2 * place - 3]
              if redis.call('GETRANGE', KEYS[place], 32, 39) == version then
                if isIndexed(KEYS[place]) then table.insert(indexed, fingerprint) end
                removed = removed + redis.call('UNLINK', KEYS[place])
                redis.call('ZREM', KEYS[1], fingerprint)
              end
            end
            if #indexed > 0 then log(KEYS[2], clock(), 'r', ARGV[1], table.concat(indexed)) end
            return removed
            """
    )
}
