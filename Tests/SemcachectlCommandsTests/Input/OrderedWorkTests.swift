import Synchronization
import Testing

@testable import SemcachectlCommands

@Suite struct OrderedWorkTests {
    private final class InFlight: Sendable {
        let state = Mutex((now: 0, most: 0))
    }

    @Test func resultsComeInOrderAndNoMoreThanTheWidthAreInFlight() async throws {
        let inFlight = InFlight()
        var numbers = (0..<200).makeIterator()
        var seen: [Int] = []
        try await forEachInOrder(
            width: 4,
            next: { numbers.next() },
            work: { number in
                inFlight.state.withLock { state in
                    state.now += 1
                    state.most = max(state.most, state.now)
                }
                for _ in 0..<(number % 7) { await Task.yield() }
                inFlight.state.withLock { $0.now -= 1 }
                return number
            },
            consume: { seen.append($0) }
        )
        #expect(seen == Array(0..<200))
        #expect(inFlight.state.withLock { $0.most } <= 4)
    }

    private struct Fault: Error, Equatable {}

    @Test func theFirstErrorEndsIt() async throws {
        var numbers = (0..<100).makeIterator()
        var seen = 0
        await #expect(throws: Fault()) {
            try await forEachInOrder(
                width: 4,
                next: { numbers.next() },
                work: { number in
                    if number == 10 { throw Fault() }
                    return number
                },
                consume: { _ in seen += 1 }
            )
        }
        #expect(seen <= 10)
    }
}
