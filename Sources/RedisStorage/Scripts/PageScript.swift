import Redis

/// Reads a page of a bucket's live entries, ordered by expiry.
///
/// Keys: validity, members. Arguments: the score and the member that the page before ended with (the member empty for
/// the first page, which begins now), and how many. Replies the epoch's bytes, then members and scores in turn; only
/// the epoch, empty, when there is nothing valid. If the member is gone, entries of the same score come once more.
enum PageScript {
    static let script = RedisScript(
        ScriptText.clock + ScriptText.validity + """
            local sequence, epoch, epochBytes = read(KEYS[1])
            if not sequence then return {''} end
            local start
            if ARGV[2] == '' then
              start = redis.call('ZCOUNT', KEYS[2], '-inf', '(' .. string.format('%.0f', math.floor(clock() / 1000)))
            elseif redis.call('ZSCORE', KEYS[2], ARGV[2]) == ARGV[1] then
              start = redis.call('ZRANK', KEYS[2], ARGV[2]) + 1
            else
              start = redis.call('ZCOUNT', KEYS[2], '-inf', '(' .. ARGV[1])
            end
            local page = redis.call('ZRANGE', KEYS[2], start, start + tonumber(ARGV[3]) - 1, 'WITHSCORES')
            table.insert(page, 1, epochBytes)
            return page
            """
    )
}
