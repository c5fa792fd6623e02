import Redis

/// Stores an answer, or refuses it.
///
/// Keys: validity, entry, lease, waiting, members, trash, namespaces, mark, flushes, wakes, changes.
/// Arguments: the value's part before its stamps, and the part after them; fingerprint (32 bytes); namespace; prefix of
/// discarded sets; milliseconds that the entry lives; milliseconds that a ticket is good; whether there is a claim (1)
/// and its token, issue time, flush sequence and whether it came with the lease (1); model; milliseconds that changes
/// are kept in the log; then the tags.
///
/// Replies ``stored``, ``leaseLost`` or ``flushed``; of an entry with a semantic part that was stored an array of
/// ``stored``, when it expires in ms, and the id of the change. A refused fill gives its lease up. The first write is one that
/// Redis refuses at its memory limit, so that nothing is left half done.
enum CommitScript {
    static let stored: Int64 = 1
    static let leaseLost: Int64 = 2
    static let flushed: Int64 = 3

    static let script = RedisScript(
        ScriptText.clock + ScriptText.validity + ScriptText.log + ScriptText.isIndexed + ScriptText.discard
            + ScriptText.wake + ScriptText.failures + claims + """
                local now = clock()
                local sequence, epoch, epochBytes = read(KEYS[1])
                local holder = redis.call('GET', KEYS[3])
                local claimed = ARGV[8] == '1'
                local token, issued, since = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
                if claimed then
                  -- Redis at its memory limit hands tickets out without a validity: then that is what the fill is told.
                  if not sequence then
                    local created = redis.pcall('SET', KEYS[1], '', 'PX', '1')
                    if failed(created) then return created end
                    redis.call('DEL', KEYS[1])
                  end
                  local refusal = refused(sequence, epoch, epochBytes, holder, token, issued, since)
                  if refusal then
                    if holder and string.sub(holder, 1, 16) == token then
                      redis.call('DEL', KEYS[3])
                      wake(KEYS[4], KEYS[10], ARGV[3], 'released')
                    end
                    return refusal
                  end
                end

                -- Later than the ticket even if the clock stepped back, so that the ticket counts as used.
                local stored = now
                if claimed and issued >= now then stored = issued + 1 end
                local expires = math.floor(now / 1000) + tonumber(ARGV[6])
                if not sequence then
                  epochBytes = struct.pack('>I8', now)
                  redis.call('SET', KEYS[1], epochBytes .. epochBytes)
                end
                local isIndexed, wasIndexed = string.byte(ARGV[1], 2) == 2, isIndexed(KEYS[2])
                redis.call('SET', KEYS[2], ARGV[1] .. epochBytes .. struct.pack('>I8I8', stored, expires) .. ARGV[2],
                  'PXAT', string.format('%.0f', expires))
                if not sequence then discard(KEYS[5], KEYS[6], ARGV[5], now, ARGV[4], KEYS[11]) end
                redis.call('PERSIST', KEYS[1])
                redis.call('ZADD', KEYS[5], string.format('%.0f', expires), ARGV[3])
                redis.call('SADD', KEYS[7], ARGV[4])
                if tonumber(ARGV[6]) < tonumber(ARGV[7]) then
                  redis.call('SET', KEYS[8], 'f' .. string.format('%.0f', stored), 'PX', ARGV[7])
                end
                -- Whoever holds the lease is too late now.
                redis.call('DEL', KEYS[3])
                wake(KEYS[4], KEYS[10], ARGV[3], 'stored')
                if isIndexed then
                  return {1, expires, log(KEYS[11], now, 's', ARGV[4], ARGV[3], tonumber(ARGV[14]))}
                end
                if wasIndexed then log(KEYS[11], now, 'r', ARGV[4], ARGV[3]) end
                return 1
                """
    )

    /// `refused(…)`: why a claim is not honored, or nil.
    private static let claims = """
        -- Whether a flush by model or tags since then covers this entry. Each record names the flush before it; where
        -- one is missing, it may have covered anything.
        local function covered(sequence, since)
          local tags = {}
          for place = 15, #ARGV do tags[ARGV[place]] = true end
          for _, packed in ipairs(redis.call('LRANGE', KEYS[9], 0, -1)) do
            local record = cmsgpack.unpack(packed)
            if record[1] ~= sequence then return true end
            local matches = record[3] == 0 or record[4] == ARGV[13]
            for place = 5, #record do matches = matches and tags[record[place]] end
            if matches then return true end
            if record[2] <= since then return false end
            sequence = record[2]
          end
          return true
        end

        local function refused(sequence, epoch, epochBytes, holder, token, issued, since)
          if not sequence then return 3 end
          if sequence ~= since and (epoch > since or covered(sequence, since)) then return 3 end
          local mark = redis.call('GET', KEYS[8])
          if mark and tonumber(string.sub(mark, 2)) > issued then
            if string.sub(mark, 1, 1) == 'r' then return 3 end
            return 2
          end
          local stamp = redis.call('GETRANGE', KEYS[2], 4, 19)
          if #stamp == 16 and string.sub(stamp, 1, 8) == epochBytes and struct.unpack('>I8', stamp, 9) > issued then
            return 2
          end
          if ARGV[12] == '1' and holder and string.sub(holder, 1, 16) ~= token then return 2 end
          return nil
        end

        """
}
