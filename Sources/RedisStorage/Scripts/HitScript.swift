import Redis

/// Adds hits to entries.
///
/// Keys: entries. Arguments: for each the version (8 bytes) and the count; one replaced meanwhile is left alone.
enum HitScript {
    static let script = RedisScript(
        """
        for place, key in ipairs(KEYS) do
          local counted = redis.call('GETRANGE', key, 28, 39)
          if #counted == 12 and string.sub(counted, 5) == ARGV[2 * place - 1] then
            local hits = math.min(struct.unpack('>I4', counted) + tonumber(ARGV[2 * place]), 4294967295)
            redis.call('SETRANGE', key, 28, struct.pack('>I4', hits))
          end
        end
        return 1
        """
    )
}
