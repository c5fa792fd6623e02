/// Waits until `condition` holds, for a minute at most, which no healthy run needs.
///
/// It is asked again after `interval`; an error of it counts as not yet.
///
/// - Throws: ``NeverHappened``, or when the task is canceled.
public func eventually(
    _ what: String,
    every interval: Duration = .milliseconds(5),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(60)
    var lastError: (any Error)?
    while ContinuousClock.now < end {
        do {
            if try await condition() { return }
            lastError = nil
        } catch {
            lastError = error
        }
        try await Task.sleep(for: interval)
    }
    throw NeverHappened(what: what, lastError: lastError)
}

/// Waits like ``eventually(_:every:_:)`` and says whether `condition` held in the end.
public func eventually(_ condition: () async throws -> Bool) async -> Bool {
    do {
        try await eventually("a condition holds", condition)
        return true
    } catch {
        return false
    }
}

/// What a test waited for in vain.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for.
    public let what: String
    /// Why the condition could not be asked the last time, if so.
    public let lastError: (any Error)?

    /// What was waited for, as a sentence.
    public var description: String {
        "a minute has passed and still not: \(what)" + (lastError.map { " (\($0))" } ?? "")
    }
}
