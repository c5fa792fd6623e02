/// Lua that several scripts begin with.
enum ScriptText {
    /// `clock()`: Redis' time in microseconds.
    ///
    /// Times and sequences stay below 2^53, where Lua's numbers are exact.
    static let clock = """
        local function clock()
          local time = redis.call('TIME')
          return time[1] * 1000000 + time[2]
        end

        """

    /// `read(key)`: the sequence, the epoch and the epoch's 8 bytes of a validity; nil when there is none.
    static let validity = """
        local function read(key)
          local validity = redis.call('GET', key)
          if not validity or #validity ~= 16 then return nil end
          return struct.unpack('>I8', validity, 9), struct.unpack('>I8', validity), string.sub(validity, 1, 8)
        end

        """

    /// `discard(members, trash, prefix, number, namespace, changes)`: hands a bucket's entries over to be reclaimed;
    /// follows ``log``.
    static let discard = """
        local function discard(members, trash, prefix, number, namespace, changes)
          if redis.call('EXISTS', members) == 0 then return end
          logFlush(changes, number, namespace)
          local discarded = prefix .. string.format('%.0f', number) .. ':' .. namespace
          redis.call('RENAME', members, discarded)
          redis.call('RPUSH', trash, discarded)
        end

        """

    /// `log(changes, now, kind, namespace, fingerprints, kept)`: appends a record to a bucket's change log.
    ///
    /// It returns the record's id; `kept`, if given, is for how many milliseconds records are kept.
    /// `logFlush(changes, now, namespace)` records a flush, in a log that is there.
    ///
    /// A record's id is the time in ms, never before that of the record before it, and a number one greater than that
    /// one's; the record says how many ms the other was earlier. So a reader sees when it missed one. The first record
    /// of a log begins it and is numbered by the clock: no log goes on where another one ended. A record is one field:
    /// kind, ms since the record before (4 bytes), length of the namespace's name, the name, fingerprints.
    static let log = """
        local function log(changes, now, kind, namespace, fingerprints, kept)
          local function add(call, time, number, before, payload)
            local id = string.format('%.0f-%.0f', time, number)
            payload = struct.pack('>I4', math.min(time - before, 4294967295)) .. payload
            local added
            if kept then
              added = call('XADD', changes, 'MINID', '~', string.format('%.0f', math.max(0, time - kept)), id,
                'c', kind .. payload)
            else
              added = call('XADD', changes, id, 'c', kind .. payload)
            end
            return not (type(added) == 'table' and added.err) and id
          end
          local payload = string.char(#namespace) .. namespace .. fingerprints
          local last = redis.call('XREVRANGE', changes, '+', '-', 'COUNT', 1)[1]
          if last then
            local before, number = string.match(last[1], '^(%d+)%-(%d+)$')
            before = tonumber(before)
            local time = math.max(math.floor(now / 1000), before)
            local id = add(redis.pcall, time, tonumber(number) + 1, before, payload)
            if id then return id end
          end
          -- A log that is not there, or that somebody has tampered with, begins anew.
          redis.call('DEL', changes)
          local time = math.floor(now / 1000)
          redis.call('XADD', changes, string.format('%.0f-%.0f', time, now), 'c', 'b')
          return add(redis.call, time, now + 1, time, payload)
        end

        local function logFlush(changes, now, namespace)
          if redis.call('EXISTS', changes) == 1 then log(changes, now, 'f', namespace, '') end
        end

        """

    /// `isIndexed(entry)`: whether the entry has a semantic part.
    static let isIndexed = """
        local function isIndexed(entry) return redis.call('GETRANGE', entry, 1, 1) == '\\2' end

        """

    /// `wake(waiting, stream, fingerprint, event)`: tells those who wait for a fill that it ended.
    static let wake = """
        local function wake(waiting, stream, fingerprint, event)
          if redis.call('DEL', waiting) == 0 then return end
          redis.call('XADD', stream, 'MAXLEN', '~', '1000', '*', 'f', fingerprint, 'e', event)
          redis.call('EXPIRE', stream, 3600)
        end

        """

    /// `isFull(reply)`: whether a command failed because Redis is at its memory limit; `failed(reply)`: at all.
    static let failures = """
        local function failed(reply) return type(reply) == 'table' and reply.err end
        local function isFull(reply) return failed(reply) and string.find(reply.err, 'OOM', 1, true) end

        """
}
