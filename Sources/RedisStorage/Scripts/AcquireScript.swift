import Redis

/// Asks to fill an entry.
///
/// Keys: validity, entry, lease, waiting, members, trash, namespaces, changes.
/// Arguments: token, milliseconds of the lease (0: take none), milliseconds that an unused validity is kept, what
/// existing entry is an answer (-1: none, 0: any, else those stored at that µs or later), whether to be woken (1),
/// namespace, prefix of discarded sets.
///
/// Replies: what (see ``AcquireReply``), the time in µs, the flush sequence, milliseconds of the lease, and the entry's
/// value if that is the answer. With Redis at its memory limit no lease is taken, and the reply is `open`.
enum AcquireScript {
    static let found: Int64 = 1
    static let granted: Int64 = 2
    static let held: Int64 = 3
    static let open: Int64 = 4

    static let script = RedisScript(
        ScriptText.clock + ScriptText.validity + ScriptText.log + ScriptText.discard + ScriptText.failures + """
            local token, lease = ARGV[1], tonumber(ARGV[2])
            local kept, accepted, waits = ARGV[3], tonumber(ARGV[4]), ARGV[5] == '1'
            local now = clock()
            local sequence, epoch, epochBytes = read(KEYS[1])
            local isUnused = false
            if sequence then
              isUnused = redis.call('PTTL', KEYS[1]) >= 0
            else
              sequence, epoch, epochBytes = now, now, struct.pack('>I8', now)
              local created = redis.pcall('SET', KEYS[1], epochBytes .. epochBytes, 'PX', kept)
              if isFull(created) then return {4, now, sequence, 0} end
              if failed(created) then return created end
              redis.call('SADD', KEYS[7], ARGV[6])
              discard(KEYS[5], KEYS[6], ARGV[7], now, ARGV[6], KEYS[8])
            end
            -- Comes after the writes that Redis refuses at its memory limit: this one it would allow, and then those too.
            local function reply(what, left)
              if isUnused then redis.call('PEXPIRE', KEYS[1], kept) end
              return {what, now, sequence, left}
            end

            if accepted >= 0 then
              local stamp = redis.call('GETRANGE', KEYS[2], 4, 19)
              if #stamp == 16 and string.sub(stamp, 1, 8) == epochBytes
                and struct.unpack('>I8', stamp, 9) >= accepted then
                return {1, now, sequence, 0, redis.call('GET', KEYS[2])}
              end
            end
            if lease == 0 and not waits then return reply(4, 0) end

            -- A lease from before a flush is no obstacle: its fill will be refused.
            local holder = redis.call('GET', KEYS[3])
            if holder and (#holder ~= 24 or struct.unpack('>I8', holder, 17) < epoch) then holder = false end
            if holder and string.sub(holder, 1, 16) ~= token then
              local left = math.max(redis.call('PTTL', KEYS[3]), 1)
              if waits then redis.pcall('SET', KEYS[4], '', 'PX', left) end
              return reply(3, left)
            end
            if lease == 0 then return reply(4, 0) end
            local taken = redis.pcall('SET', KEYS[3], token .. struct.pack('>I8', sequence), 'PX', lease)
            if isFull(taken) then return reply(4, 0) end
            if failed(taken) then return taken end
            return reply(2, lease)
            """
    )
}
