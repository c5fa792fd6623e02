import Redis

/// Removals from vector sets.
enum VectorSetScripts {
    /// Elements that one call removes: each takes a fraction of a millisecond.
    static let elementsPerCall = 16

    /// Removes elements from a shard; the whole shard when all that it has are to go.
    ///
    /// Keys: shard, and the partition's shape if it is the first one, which goes with the only shard. Arguments: how
    /// many elements are to be removed from the shard altogether, then some of them. Replies 1 if the whole shard is
    /// gone.
    static let drop = RedisScript(
        """
        local whole = tonumber(ARGV[1]) > #ARGV - 1 and redis.call('VCARD', KEYS[1]) == tonumber(ARGV[1])
        for place = 2, #ARGV do
          whole = whole and redis.call('VISMEMBER', KEYS[1], ARGV[place]) == 1
        end
        if whole then
          redis.call('UNLINK', KEYS[1])
        else
          for place = 2, #ARGV do redis.call('VREM', KEYS[1], ARGV[place]) end
        end
        if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
        if KEYS[2] and string.byte(redis.call('GETRANGE', KEYS[2], 0, 0)) == 1 then redis.call('UNLINK', KEYS[2]) end
        return 1
        """
    )
}
