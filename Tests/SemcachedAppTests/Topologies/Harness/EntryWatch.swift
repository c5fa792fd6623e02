import JSONScanning
import NIOHTTP1
import SemanticCacheTesting
import Synchronization
import Testing

/// Clients that look stored entries up, again and again, in groups each of which has a fate of its own.
final class EntryWatch: Sendable {
    /// An entry that was stored.
    struct Entry: Sendable {
        let namespace: String
        let number: Int
        var id = ""

        var text: String { "what about \(number)?" }
        var answer: String { "about \(number) in \(namespace)" }
    }

    /// What was answered about a group.
    struct Record: Sendable {
        /// Lookups by the status in their answers.
        var answers: [String: Int] = [:]
        /// The longest time of a lookup, by its status.
        var slowest: [String: Duration] = [:]
        /// Numbers of the entries that were hits, and of those that were bypassed.
        var hit: Set<Int> = []
        var bypassed: Set<Int> = []
        /// The longest time without any hit, since the group was last forgotten.
        var longestGap = Duration.zero
        var lastHit: ContinuousClock.Instant?
        var hitsInARow = 0

        /// How many were hits.
        var hits: Int { answers["hit", default: 0] }
    }

    private struct State {
        var groups: [String: [Entry]] = [:]
        var records: [String: Record] = [:]
        /// From when on a group must not be served.
        var flushed: [String: ContinuousClock.Instant] = [:]
        var wrong: [String] = []
        var isOver = false
    }

    private let replicas: [ReplicaProcess]
    private let state = Mutex(State())

    init(_ replicas: [ReplicaProcess]) { self.replicas = replicas }

    /// Stores entries of a namespace and gives them with their ids.
    func store(_ count: Int, in namespace: String) async throws -> [Entry] {
        var entries: [Entry] = []
        for number in 0..<count {
            var entry = Entry(namespace: namespace, number: number)
            let body =
                #"{"namespace":"\#(namespace)","request":\#(chatRequest(entry.text)),"#
                + #""response":\#(chatResponse(entry.answer))}"#
            try await eventually("it is stored") {
                let stored = try await replicas[number % replicas.count].send(.POST, "/v1/store", body)
                entry.id = stored.string("entry_id") ?? ""
                return stored.status == 201
            }
            entries.append(entry)
        }
        return entries
    }

    /// Has a group looked up from now on.
    func watch(_ group: String, _ entries: [Entry]) {
        #expect(!entries.isEmpty, "\(group)")
        state.withLock { $0.groups[group] = entries }
    }

    /// What was seen of a group.
    func record(_ group: String) -> Record { state.withLock { $0.records[group] ?? Record() } }

    /// Forgets what was seen: a fault begins.
    func forget() {
        state.withLock { state in
            state.records = state.records.mapValues { record in
                var fresh = Record()
                fresh.lastHit = record.lastHit
                return fresh
            }
        }
    }

    /// Flushes the namespace of a group, which must not be served from the answer on.
    func flush(_ group: String, at replica: Int) async throws {
        let namespace = state.withLock { $0.groups[group]?.first?.namespace } ?? ""
        try await eventually("'\(group)' is flushed") {
            try await replicas[replica].send(.POST, "/v1/flush", #"{"namespace":"\#(namespace)"}"#).status == 200
        }
        state.withLock { $0.flushed[group] = .now }
    }

    /// Lets clients ask until `scenario` is over.
    func run(clients: Int = 6, _ scenario: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask { await self.ask(client) }
            }
            let result: Result<Void, any Error>
            do { result = .success(try await scenario()) } catch { result = .failure(error) }
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
            try result.get()
        }
    }

    /// Waits until a group had so many more hits.
    func hits(_ group: String, _ count: Int) async throws {
        let goal = record(group).hits + count
        try await eventually("'\(group)' is hit \(count) times") { record(group).hits >= goal }
    }

    /// Waits until a group was answered so many more times in some way.
    func answers(_ group: String, _ status: String, _ count: Int) async throws {
        let goal = record(group).answers[status, default: 0] + count
        try await eventually("'\(group)' is answered '\(status)'") {
            record(group).answers[status, default: 0] >= goal
        }
    }

    /// Waits until all of a group's lookups are hits for a while.
    func isWhole(_ group: String) async throws {
        state.withLock { $0.records[group]?.hitsInARow = 0 }
        try await eventually("'\(group)' is hit again") { record(group).hitsInARow >= 60 }
    }

    /// Prints what there was, and checks that no answer was wrong or stale and none was missing.
    func expectNothingWrong(_ name: String, _ sourceLocation: SourceLocation = #_sourceLocation) {
        let state = state.withLock { $0 }
        #expect(state.wrong.isEmpty, sourceLocation: sourceLocation)
        for (group, record) in state.records.sorted(by: { $0.key < $1.key }) {
            print("outage: \(name): \(group): \(record.answers)")
            if state.flushed[group] == nil { report("\(name): \(group): longest without a hit", record.longestGap) }
            for (status, time) in record.slowest.sorted(by: { $0.key < $1.key }) {
                report("\(name): \(group): slowest \(status)", time)
            }
        }
    }

    private func ask(_ client: Int) async {
        var place = client
        while !state.withLock({ $0.isOver }), !Task.isCancelled {
            place += 1
            for (group, entries) in state.withLock({ $0.groups }) {
                guard let entry = entries.randomElement() else { continue }
                await look(group, entry, replicas[place % replicas.count])
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func look(_ group: String, _ entry: Entry, _ replica: ReplicaProcess) async {
        let began = ContinuousClock.now
        let answer: Answer
        do {
            answer = try await replica.lookup(entry.text, namespace: entry.namespace, cache: #"{"lease":false}"#)
        } catch {
            return note("no answer: \(error)")
        }
        let ended = ContinuousClock.now
        guard answer.status == 200, let status = answer.string("status") else {
            return note("a lookup was answered \(answer.status) \(answer.text.prefix(200))")
        }
        state.withLock { state in
            var record = state.records[group] ?? Record()
            record.answers[status, default: 0] += 1
            record.slowest[status] = max(record.slowest[status] ?? .zero, ended - began)
            if status == "hit" {
                record.hit.insert(entry.number)
                record.hitsInARow += 1
                if let last = record.lastHit { record.longestGap = max(record.longestGap, ended - last) }
                record.lastHit = ended
                if answer.response != chatResponse(entry.answer), state.wrong.count < 10 {
                    state.wrong.append("\(group) \(entry.number) was answered \(answer.text.prefix(300))")
                }
                if let flushed = state.flushed[group], began >= flushed, state.wrong.count < 10 {
                    let late = (began - flushed) / .milliseconds(1)
                    state.wrong.append("\(group) \(entry.number) was served \(late) ms after its flush")
                }
            } else {
                record.hitsInARow = 0
                if status == "bypass" { record.bypassed.insert(entry.number) }
            }
            state.records[group] = record
        }
    }

    private func note(_ wrong: String) {
        state.withLock { if $0.wrong.count < 10 { $0.wrong.append(wrong) } }
    }
}
