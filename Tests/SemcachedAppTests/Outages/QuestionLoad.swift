import JSONScanning
import SemanticCacheTesting
import Synchronization
import Testing

/// Clients that ask questions, fill what is missing and hold every answer against its question.
final class QuestionLoad: Sendable {
    /// A question, whose wording is the same in every namespace and whose answer is not.
    struct Question: Sendable, Hashable {
        let namespace: String
        let number: Int

        var text: String { "what is number \(number)?" }
        /// Some answers are longer than what one read of a socket brings.
        var answer: String {
            "number \(number) of \(namespace)" + (number % 8 == 0 ? String(repeating: " goes on", count: 12_000) : "")
        }
    }

    /// What the clients have seen.
    struct Record: Sendable {
        /// Lookups by the status in their answers.
        var lookups: [String: Int] = [:]
        /// Stores by the status in their answers, or the code of the problem.
        var stores: [String: Int] = [:]
        /// What must not have been.
        var wrong: [String] = []
        /// The questions whose answers were acknowledged.
        var stored: Set<Question> = []
        /// The longest time that a lookup took, by its status.
        var slowest: [String: Duration] = [:]
        /// Why clients ended, those of a daemon that may end.
        var endings: [String: Int] = [:]
        /// How many lookups in a row were no bypass.
        var servedInARow = 0
        /// When the last bypass came.
        var lastBypass: ContinuousClock.Instant?

        /// How many lookups were no bypass.
        var served: Int { lookups["hit", default: 0] + lookups["miss", default: 0] }
    }

    private struct State {
        var record = Record()
        var isOver = false
    }

    private let replicas: [ReplicaProcess]
    private let questions: [Question]
    private let mayEnd: Bool
    private let state = Mutex(State())

    /// Creates clients for these replicas; with `mayEnd`, a request without an answer ends a client and is not wrong.
    init(_ replicas: [ReplicaProcess], mayEnd: Bool = false) {
        self.replicas = replicas
        self.mayEnd = mayEnd
        questions = ["a", "b"].flatMap { namespace in (0..<80).map { Question(namespace: namespace, number: $0) } }
    }

    /// What the clients have seen until now.
    var record: Record { state.withLock { $0.record } }

    /// Lets the clients ask until `scenario` is over.
    func run(clients: Int = 8, _ scenario: @Sendable () async throws -> Void) async throws {
        state.withLock { $0.isOver = false }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                let replica = replicas[client % replicas.count]
                group.addTask { await self.ask(replica) }
            }
            try await scenario()
            state.withLock { $0.isOver = true }
            try await group.waitForAll()
        }
    }

    /// Waits until so many further lookups were no bypass.
    func serves(_ count: Int) async throws {
        let goal = record.served + count
        try await eventually("\(count) lookups are served") { record.served >= goal }
    }

    /// Waits until so many further lookups were bypassed.
    func bypasses(_ count: Int) async throws {
        let goal = record.lookups["bypass", default: 0] + count
        try await eventually("\(count) lookups are bypassed") { record.lookups["bypass", default: 0] >= goal }
    }

    /// Waits until lookups are served again; gives the time from now to the last bypass.
    func recovers() async throws -> Duration {
        let began = ContinuousClock.now
        state.withLock { $0.record.servedInARow = 0 }
        try await eventually("lookups are served again") { record.servedInARow >= 40 }
        return record.lastBypass.map { max($0 - began, .zero) } ?? .zero
    }

    /// Checks that no answer was wrong, and prints what there was.
    func expectNothingWrong(_ name: String) {
        let record = record
        #expect(record.wrong.isEmpty)
        #expect(Set(record.lookups.keys).isSubset(of: ["hit", "miss", "bypass"]))
        #expect(Set(record.stores.keys).isSubset(of: ["stored", "refused", "redis_unavailable", "redis_full"]))
        print("outage: \(name): lookups \(record.lookups), stores \(record.stores)")
        if mayEnd { print("outage: \(name): clients ended: \(record.endings)") }
        for (status, time) in record.slowest.sorted(by: { $0.key < $1.key }) {
            report("\(name): slowest \(status)", time)
        }
    }

    /// Checks that every acknowledged answer is a hit.
    func expectAcknowledgedAnswersAreHits() async throws {
        let stored = record.stored
        #expect(!stored.isEmpty)
        for (place, question) in stored.enumerated() {
            var answer = try await look(replicas[place % replicas.count], question)
            // A busy machine may let a deadline pass.
            for _ in 0..<20 where answer.string("status") == "bypass" {
                answer = try await look(replicas[place % replicas.count], question)
            }
            #expect(answer.string("status") == "hit", "\(question.namespace) \(question.number)")
        }
        #expect(record.wrong.isEmpty)
    }

    private func ask(_ replica: ReplicaProcess) async {
        while !state.withLock({ $0.isOver }), !Task.isCancelled {
            guard let question = questions.randomElement() else { return }
            do {
                let answer = try await look(replica, question)
                if answer["lease"]?["state"]?.string == "granted", let ticket = answer.string("ticket") {
                    note(try await replica.store(ticket: ticket, question.answer), storing: question)
                }
            } catch {
                if mayEnd { return state.withLock { $0.record.endings["\(error)", default: 0] += 1 } }
                wrong("no answer: \(error)")
            }
            try? await Task.sleep(for: .milliseconds(4))
        }
    }

    private func look(_ replica: ReplicaProcess, _ question: Question) async throws -> Answer {
        let began = ContinuousClock.now
        let answer = try await replica.lookup(question.text, namespace: question.namespace)
        let time = ContinuousClock.now - began
        guard answer.status == 200, let status = answer.string("status") else {
            wrong("a lookup was answered \(answer.status) \(answer.text.prefix(200))")
            return answer
        }
        if status == "hit" {
            let response = answer["response"].map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? ""
            if response != chatResponse(question.answer) {
                wrong("\(question.text) in \(question.namespace) was answered \(response.prefix(300))")
            }
        }
        state.withLock { state in
            state.record.lookups[status, default: 0] += 1
            state.record.slowest[status] = max(state.record.slowest[status] ?? .zero, time)
            if status == "bypass" {
                state.record.servedInARow = 0
                state.record.lastBypass = .now
            } else {
                state.record.servedInARow += 1
            }
        }
        return answer
    }

    private func note(_ answer: Answer, storing question: Question) {
        let outcome = answer.string(answer.status == 503 ? "code" : "status") ?? "\(answer.status)"
        state.withLock { state in
            state.record.stores[outcome, default: 0] += 1
            if answer.status == 201 { state.record.stored.insert(question) }
        }
    }

    private func wrong(_ description: String) {
        state.withLock { if $0.record.wrong.count < 10 { $0.record.wrong.append(description) } }
    }
}
