import Redis

/// Adds one batch of counts, at most once.
///
/// Keys: the replica's sequence, then hashes. Arguments: the batch's number, milliseconds that the sequence is kept, for
/// each hash the milliseconds that it is kept (0: for good), then fields and counts in turn. Replies 1 if it was added,
/// 0 if it had been before. The first write is one that Redis refuses at its memory limit: nothing is left half done.
enum StatsScript {
    static let script = RedisScript(
        """
        local last = redis.call('GET', KEYS[1])
        if last and tonumber(last) >= tonumber(ARGV[1]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        for place = 2, #KEYS do
          for field = 2 + #KEYS, #ARGV, 2 do
            redis.call('HINCRBY', KEYS[place], ARGV[field], ARGV[field + 1])
          end
          if ARGV[place + 1] ~= '0' then redis.call('PEXPIRE', KEYS[place], ARGV[place + 1]) end
        end
        return 1
        """
    )
}
