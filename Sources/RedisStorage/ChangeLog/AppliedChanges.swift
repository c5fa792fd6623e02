import NIOConcurrencyHelpers
import NIOCore
import SemanticCache

/// What of the change log has been applied, readable from anywhere, and who waits for more of it.
final class AppliedChanges: Sendable {
    private struct Waiter {
        var token: ChangeToken
        var timer: Scheduled<Void>?
        var completion: @Sendable (Bool) -> Void
    }

    private struct Contents {
        var follower = LogFollower()
        var provenAt: NIODeadline?
        var delayMilliseconds: Double?
        var next: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]

        func knows(_ token: ChangeToken) -> Bool {
            let position = LogPosition(milliseconds: token.milliseconds, number: token.number)
            return follower.position(of: Bucket.all[token.bucket]).map { $0 >= position } ?? false
        }
    }

    private let contents = NIOLockedValueBox(Contents())

    /// Parts that are yet to be read, when all was known last, and how long the last change took.
    var summary: (unreadParts: Int, provenAt: NIODeadline?, delayMilliseconds: Double?) {
        contents.withLockedValue { ($0.follower.unread.count, $0.provenAt, $0.delayMilliseconds) }
    }

    /// Takes over how far the log was applied; `provenAt` is when that was all that had happened.
    func update(_ follower: LogFollower, provenAt: NIODeadline? = nil, delayMilliseconds: Double? = nil) {
        let served: [Waiter] = contents.withLockedValue { contents in
            contents.follower = follower
            if let provenAt { contents.provenAt = provenAt }
            if let delayMilliseconds { contents.delayMilliseconds = delayMilliseconds }
            let served = contents.waiters.filter { contents.knows($0.value.token) }
            for key in served.keys { contents.waiters[key] = nil }
            return Array(served.values)
        }
        for waiter in served {
            waiter.timer?.cancel()
            waiter.completion(true)
        }
    }

    /// Calls `completion` once, with true when the change is known, with false when it is not by the deadline.
    func await(
        _ token: ChangeToken,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop,
        _ completion: @escaping @Sendable (Bool) -> Void
    ) {
        let registration: UInt64? = contents.withLockedValue { contents in
            if contents.knows(token) { return nil }
            contents.next += 1
            contents.waiters[contents.next] = Waiter(token: token, completion: completion)
            return contents.next
        }
        guard let registration else { return completion(true) }
        let timer = eventLoop.scheduleTask(deadline: deadline) { [self] in
            let late = contents.withLockedValue { $0.waiters.removeValue(forKey: registration) }
            late?.completion(false)
        }
        let isServed = contents.withLockedValue { contents in
            contents.waiters[registration]?.timer = timer
            return contents.waiters[registration] == nil
        }
        if isServed { timer.cancel() }
    }
}
