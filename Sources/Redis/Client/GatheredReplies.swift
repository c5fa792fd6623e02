/// The replies to several commands, which are handed over together.
///
/// Belongs to one event loop.
final class GatheredReplies {
    private var results: [Result<RedisValue, RedisError>?]
    private var left: Int
    private let completion: ([Result<RedisValue, RedisError>]) -> Void

    /// Waits for so many; with none to wait for, completes at once.
    init(_ count: Int, _ completion: @escaping ([Result<RedisValue, RedisError>]) -> Void) {
        results = Array(repeating: nil, count: count)
        left = count
        self.completion = completion
        if count == 0 { completion([]) }
    }

    /// Takes the reply to one of the commands, each once.
    func take(_ result: Result<RedisValue, RedisError>, at place: Int) {
        results[place] = result
        left -= 1
        if left == 0 { completion(results.compactMap(\.self)) }
    }
}
