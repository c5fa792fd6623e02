import SemanticCacheTesting
import Testing

@testable import Redis

@Suite struct RetryTests {
    @Test func waitsDoubleUpToTheMaximumAndStartAgain() {
        var random = SeededGenerator(seed: 1)
        var backoff = Backoff(initial: .milliseconds(50), maximum: .seconds(1))
        for full in [50, 100, 200, 400, 800, 1000, 1000, 1000] {
            let wait = backoff.next(using: &random)
            #expect(wait >= .milliseconds(full) / 2 && wait <= .milliseconds(full))
        }
        for _ in 0..<1000 { #expect(backoff.next(using: &random) <= .seconds(1)) }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(50))
    }

    @Test func waitsDiffer() {
        var random = SystemRandomNumberGenerator()
        let waits = Set((0..<50).map { _ in Backoff.jittered(.seconds(1), using: &random) })
        #expect(waits.count > 1)
    }

    @Test func breakerOpensAfterFailuresInARowOnly() {
        var breaker = CircuitBreaker(failuresToOpen: 3)
        breaker.recordFailure()
        breaker.recordFailure()
        breaker.recordSuccess()
        breaker.recordFailure()
        breaker.recordFailure()
        #expect(!breaker.isOpen)
        breaker.recordFailure()
        #expect(breaker.isOpen)
    }

    @Test func probeClosesTheBreakerButOneMoreFailureOpensItAgain() {
        var breaker = CircuitBreaker(failuresToOpen: 3)
        for _ in 0..<7 { breaker.recordFailure() }
        breaker.recordProbeSuccess()
        #expect(!breaker.isOpen)
        breaker.recordFailure()
        #expect(breaker.isOpen)
        breaker.recordProbeSuccess()
        breaker.recordSuccess()
        breaker.recordFailure()
        #expect(!breaker.isOpen)
    }
}
