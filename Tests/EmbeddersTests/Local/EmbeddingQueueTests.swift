import SemanticCache
import Synchronization
import Testing

@testable import Embedders

@Suite struct EmbeddingQueueTests {
    private func at(_ nanoseconds: UInt64) -> Deadline { Deadline(uptimeNanoseconds: nanoseconds) }

    @discardableResult
    private func admit(
        _ queue: inout EmbeddingQueue,
        _ text: String,
        _ deadline: UInt64 = 100,
        now: UInt64 = 0
    ) -> String {
        let (admission, overdue) = queue.admit(text, deadline: at(deadline), now: at(now)) { _ in }
        let name =
            switch admission {
            case .known: "known"
            case .joined: "joined"
            case .queued: "queued"
            case .refused: "refused"
            }
        return overdue.isEmpty ? name : "\(name), \(overdue.count) overdue"
    }

    @Test func equalTextsAreComputedOnceUntilTheyAreDone() {
        var queue = EmbeddingQueue(limit: 4, recentBytes: 0)
        #expect(admit(&queue, "a") == "queued")
        #expect(admit(&queue, "a") == "joined")
        #expect(queue.take(threads: 1, doneBy: at(0)).texts == ["a"])
        #expect(admit(&queue, "a") == "joined")
        #expect(queue.take(threads: 1, doneBy: at(0)).texts == [])
        #expect(queue.finish("a", .success([1])).count == 3)
        #expect(admit(&queue, "a") == "queued")
    }

    @Test func aRecentTextIsKnownAndAFailedOneIsNot() {
        var queue = EmbeddingQueue(limit: 4, recentBytes: 10_000)
        admit(&queue, "a")
        _ = queue.take(threads: 1, doneBy: at(0))
        _ = queue.finish("a", .success([1]))
        #expect(admit(&queue, "a") == "known")
        admit(&queue, "b")
        _ = queue.take(threads: 1, doneBy: at(0))
        _ = queue.finish("b", .failure(.malformed))
        #expect(admit(&queue, "b") == "queued")
    }

    @Test func whatIsOverdueIsDroppedAndTheRestIsComputed() {
        var queue = EmbeddingQueue(limit: 8, recentBytes: 0)
        admit(&queue, "a", 10)
        admit(&queue, "b", 50)
        let (texts, overdue) = queue.take(threads: 1, doneBy: at(20))
        #expect(texts == ["b"])
        #expect(overdue.count == 1)
        #expect(admit(&queue, "a", 30, now: 20) == "queued")
        #expect(admit(&queue, "c", 20, now: 20) == "refused")
    }

    @Test func whatCannotBeDoneInTimeIsDroppedWithoutBeingComputed() {
        var queue = EmbeddingQueue(limit: 8, recentBytes: 0)
        admit(&queue, "a", 50, now: 20)
        admit(&queue, "b", 70, now: 20)
        let (texts, overdue) = queue.take(threads: 1, doneBy: at(60))
        #expect(texts == ["b"])
        #expect(overdue.count == 1)
        #expect(queue.count == 0)
    }

    @Test func aLaterCallForTheSameTextExtendsItsDeadline() {
        var queue = EmbeddingQueue(limit: 8, recentBytes: 0)
        admit(&queue, "a", 10)
        admit(&queue, "a", 50)
        #expect(queue.take(threads: 1, doneBy: at(20)).texts == ["a"])
    }

    @Test func aFullQueueDropsWhatIsOverdueAndElseRefuses() {
        var queue = EmbeddingQueue(limit: 2, recentBytes: 0)
        admit(&queue, "a", 10)
        admit(&queue, "b", 50)
        #expect(admit(&queue, "c", 90, now: 5) == "refused")
        #expect(admit(&queue, "b", 90, now: 5) == "joined")
        #expect(admit(&queue, "c", 90, now: 20) == "queued, 1 overdue")
        #expect(queue.count == 2)
        #expect(queue.take(threads: 1, doneBy: at(20)).texts == ["b", "c"])
    }

    @Test func shortTextsAreTakenTogetherAndSharedAmongTheThreads() {
        var queue = EmbeddingQueue(limit: 100, recentBytes: 0)
        let long = String(repeating: "x", count: 95)
        for text in ["a", "b", "c", long, "d", "e"] { admit(&queue, text) }
        #expect(queue.take(threads: 3, doneBy: at(0)).texts == ["a", "b"])
        #expect(queue.take(threads: 1, doneBy: at(0)).texts == ["c", long])
        #expect(queue.take(threads: 1, doneBy: at(0)).texts == ["d", "e"])
        #expect(queue.take(threads: 1, doneBy: at(0)).texts == [])
        #expect(queue.count == 0)
    }

    @Test func aClosedQueueTellsWhoWaitsAndRefusesWhoComes() {
        var queue = EmbeddingQueue(limit: 4, recentBytes: 0)
        admit(&queue, "a")
        _ = queue.take(threads: 1, doneBy: at(0))
        admit(&queue, "b")
        admit(&queue, "b")
        #expect(queue.close().count == 2)
        #expect(admit(&queue, "c") == "refused")
        #expect(queue.finish("a", .success([1])).count == 1)
        #expect(queue.close().isEmpty)
    }

    @Test func theLeastRecentVectorsLeave() {
        var recent = RecentVectors(limit: 3 * 165)
        for text in ["a", "b", "c"] { recent.insert([1], of: text) }
        #expect(recent.count == 3)
        _ = recent.vector(of: "a")
        recent.insert([1], of: "d")
        #expect(["a", "b", "c", "d"].map { recent.vector(of: $0) != nil } == [true, false, true, true])
        #expect(recent.bytes == 3 * 165)
        recent.insert([1], of: String(repeating: "x", count: 400))
        #expect(recent.count == 3)
    }

    @Test func manyInsertionsKeepTheBound() {
        var recent = RecentVectors(limit: 10_000)
        for number in 0..<5000 {
            recent.insert([1, 2], of: "\(number)")
            #expect(recent.bytes <= 10_000)
            if number % 3 == 0 { _ = recent.vector(of: "\(number / 2)") }
        }
        #expect(recent.vector(of: "4999") == [1, 2])
        #expect(recent.count == 10_000 / (4 + 8 + 160))
    }
}
