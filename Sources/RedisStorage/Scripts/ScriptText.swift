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

    /// `discard(members, trash, prefix, number, namespace)`: hands a bucket's entries over to be reclaimed.
    static let discard = """
        local function discard(members, trash, prefix, number, namespace)
          if redis.call('EXISTS', members) == 0 then return end
          local discarded = prefix .. string.format('%.0f', number) .. ':' .. namespace
          redis.call('RENAME', members, discarded)
          redis.call('RPUSH', trash, discarded)
        end

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
