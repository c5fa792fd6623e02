import Redis

/// Reads what an index needs of entries: for each its stamp and its semantic part, empty when it has none.
///
/// Keys: validity, then entries of that namespace. Replies the epoch's bytes, then one head for each entry; only the
/// epoch, empty, when nothing is valid.
enum HeadsScript {
    /// Bytes that are read at first: enough for nearly every entry.
    private static let likelyCount = 768

    static let script = RedisScript(
        ScriptText.validity + """
            local sequence, epoch, epochBytes = read(KEYS[1])
            if not sequence then return {''} end
            local reply = {epochBytes}
            for place = 2, #KEYS do
              local head = redis.call('GETRANGE', KEYS[place], 0, \(likelyCount - 1))
              if #head >= \(EntryStamp.count + 4) and string.byte(head, 2) == \(EntryStamp.indexedFormat) then
                local count = \(EntryStamp.count + 4) + struct.unpack('>I4', head, \(EntryStamp.count + 1))
                if #head < count then
                  head = redis.call('GETRANGE', KEYS[place], 0, count - 1)
                else
                  head = string.sub(head, 1, count)
                end
              else
                head = ''
              end
              reply[place] = head
            end
            return reply
            """
    )
}
