import Redis

/// Frees memory in small steps.
enum ReclaimScripts {
    /// Frees some entries of a discarded set, unless they were stored again since.
    ///
    /// Keys: trash, the discarded set, validity, then entries. Arguments: their fingerprints (32 bytes each). Replies how
    /// many were freed.
    static let free = RedisScript(
        ScriptText.validity + """
            local sequence, epoch, epochBytes = read(KEYS[3])
            local freed = 0
            for place = 4, #KEYS do
              local entryEpoch = redis.call('GETRANGE', KEYS[place], 4, 11)
              if entryEpoch ~= '' and entryEpoch ~= epochBytes then
                freed = freed + redis.call('UNLINK', KEYS[place])
              end
            end
            if #ARGV > 0 then redis.call('ZREM', KEYS[2], unpack(ARGV)) end
            if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('LREM', KEYS[1], 0, KEYS[2]) end
            return freed
            """
    )

    /// Forgets expired entries, and a namespace in which nothing is left.
    ///
    /// Keys: validity, members, namespaces. Arguments: how many at most, namespace, milliseconds that an unused validity
    /// is kept. Replies how many expired ones are left.
    static let expire = RedisScript(
        ScriptText.clock + ScriptText.validity + """
            local last = '(' .. string.format('%.0f', math.floor(clock() / 1000))
            local expired = redis.call('ZCOUNT', KEYS[2], '-inf', last)
            local some = math.min(expired, tonumber(ARGV[1]))
            if some > 0 then redis.call('ZREMRANGEBYRANK', KEYS[2], 0, some - 1) end
            if redis.call('EXISTS', KEYS[2]) == 0 then
              if not read(KEYS[1]) then
                redis.call('SREM', KEYS[3], ARGV[2])
              elseif redis.call('PTTL', KEYS[1]) < 0 then
                redis.call('PEXPIRE', KEYS[1], ARGV[3])
              end
            end
            return expired - some
            """
    )

    /// Forgets entries that Redis has evicted.
    ///
    /// Keys: members, then entries. Arguments: their fingerprints (32 bytes each). Replies how many were gone.
    static let sweep = RedisScript(
        """
        local gone = 0
        for place = 2, #KEYS do
          if redis.call('EXISTS', KEYS[place]) == 0 then
            gone = gone + redis.call('ZREM', KEYS[1], ARGV[place - 1])
          end
        end
        return gone
        """
    )

    /// Takes or keeps the lock under which one replica reclaims.
    ///
    /// Keys: lock. Arguments: token, milliseconds. Replies 1 if it is held now.
    static let lock = RedisScript(
        """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """
    )
}
