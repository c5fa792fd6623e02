import Redis

/// Removes one entry and refuses fills that are in flight for it.
///
/// Keys: validity, entry, lease, waiting, members, mark, wakes, changes. Arguments: fingerprint (32 bytes), milliseconds
/// that a ticket is good, namespace. Replies 1 if there was a valid entry, else 0 and nothing has changed.
enum RemoveScript {
    static let script = RedisScript(
        ScriptText.clock + ScriptText.validity + ScriptText.log + ScriptText.isIndexed + ScriptText.wake + """
            local sequence, epoch, epochBytes = read(KEYS[1])
            local stamp = redis.call('GETRANGE', KEYS[2], 4, 19)
            if not sequence or #stamp ~= 16 or string.sub(stamp, 1, 8) ~= epochBytes then return 0 end
            local wasIndexed = isIndexed(KEYS[2])
            local removed = math.max(clock(), (struct.unpack('>I8', stamp, 9)))
            -- The first write is one that Redis allows at its memory limit; then it allows the rest.
            redis.call('DEL', KEYS[2])
            redis.call('ZREM', KEYS[5], ARGV[1])
            redis.call('SET', KEYS[6], 'r' .. string.format('%.0f', removed), 'PX', ARGV[2])
            redis.call('DEL', KEYS[3])
            wake(KEYS[4], KEYS[7], ARGV[1], 'released')
            if wasIndexed then log(KEYS[8], clock(), 'r', ARGV[3], ARGV[1]) end
            return 1
            """
    )
}
