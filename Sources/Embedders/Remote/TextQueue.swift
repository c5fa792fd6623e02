import DequeModule
import NIOCore
import SemanticCache

/// The texts whose vectors somebody waits for: gathered, looked up, asked for together.
///
/// Belongs to an event loop.
///
/// A text goes from the window to the vector cache, then to the texts that are to be asked for, then into a request.
/// One that nobody waits for any more before it is asked for is dropped; the vector of one that was asked for is kept.
final class TextQueue {
    private let configuration: RemoteEmbedderConfiguration
    private let questions: ServerQuestions
    private let recall: VectorRecall?
    private let memory: VectorMemory
    private let eventLoop: any EventLoop

    private var calls: [String: [WaitingCall]] = [:]
    private var window: [String] = []
    private var windowTimer: Scheduled<Void>?
    private var unknown: Deque<String> = []
    /// Halves of requests that were refused as a whole.
    private var halves: Deque<[String]> = []
    private var requests = 0
    private var isClosed = false

    init(
        _ configuration: RemoteEmbedderConfiguration,
        questions: ServerQuestions,
        recall: VectorRecall?,
        memory: VectorMemory
    ) {
        self.configuration = configuration
        self.questions = questions
        self.recall = recall
        self.memory = memory
        eventLoop = questions.eventLoop
    }

    /// Adds a call, which ends exactly once and by `deadline`.
    func add(_ text: String, until deadline: NIODeadline, _ completion: @escaping WaitingCall.Completion) {
        if let known = memory.vector(of: text) { return completion(.success(known)) }
        // Without a cache to look into there is nothing to wait for.
        guard !isClosed, deadline > .now(), recall != nil || calls[text] != nil || questions.isTaken else {
            return completion(.failure(.unavailable))
        }
        let call = WaitingCall(completion)
        call.expire(at: deadline, on: eventLoop)
        if calls[text]?.append(call) != nil { return }
        calls[text] = [call]
        window.append(text)
        if window.count >= max(1, configuration.maximumBatch) {
            closeWindow()
        } else if windowTimer == nil {
            let wait = TimeAmount(configuration.batchWindow)
            windowTimer = eventLoop.assumeIsolated().scheduleTask(in: wait) { self.closeWindow() }
        }
    }

    /// Fails everything that waits, and whatever comes later.
    func close() {
        isClosed = true
        windowTimer?.cancel()
        windowTimer = nil
        questions.close()
        window = []
        unknown = []
        halves = []
        for text in calls.keys { end(text, .failure(.unavailable)) }
    }

    private func closeWindow() {
        windowTimer?.cancel()
        windowTimer = nil
        let texts = awaited(window)
        window = []
        guard !texts.isEmpty else { return }
        guard let recall else { return askFor(texts) }
        recall.vectors(of: texts, by: .now() + TimeAmount(configuration.cacheTimeout)) { vectors in
            var missing: [String] = []
            for (text, vector) in zip(texts, vectors) {
                if let vector { self.keep(vector, text) } else { missing.append(text) }
            }
            self.askFor(missing)
        }
    }

    private func askFor(_ texts: [String]) {
        unknown += texts
        fillRequests()
    }

    private func fillRequests() {
        while requests < max(1, configuration.maximumRequests), !halves.isEmpty || !unknown.isEmpty {
            guard questions.isTaken else { return failUnasked() }
            let batch = awaited(nextBatch())
            if !batch.isEmpty { ask(batch) }
        }
    }

    private func nextBatch() -> [String] {
        if let half = halves.popFirst() { return half }
        let count = min(max(1, configuration.maximumBatch), unknown.count)
        defer { unknown.removeFirst(count) }
        return Array(unknown.prefix(count))
    }

    private func ask(_ texts: [String]) {
        requests += 1
        questions.ask(texts) {
            texts.contains { self.isAwaited($0) }
        } completion: { result in
            self.requests -= 1
            self.answered(texts, result)
            self.fillRequests()
        }
    }

    private func answered(_ texts: [String], _ result: Result<[[Float]], AskFailure>) {
        switch result {
        case .success(let vectors):
            recall?.insert(Dictionary(zip(texts, vectors)) { first, _ in first })
            for (text, vector) in zip(texts, vectors) { keep(vector, text) }
        case .failure(.refused) where texts.count > 1:
            // One text that the server does not take must not spoil the others: halve until it is alone.
            halves.append(Array(texts[..<(texts.count / 2)]))
            halves.append(Array(texts[(texts.count / 2)...]))
        case .failure(.refused):
            for text in texts { end(text, .failure(.textTooLong)) }
        case .failure(.malformed):
            for text in texts { end(text, .failure(.malformed)) }
        case .failure:
            for text in texts { end(text, .failure(.unavailable)) }
        }
    }

    private func failUnasked() {
        let texts = halves.flatMap { $0 } + unknown
        halves = []
        unknown = []
        for text in texts { end(text, .failure(.unavailable)) }
    }

    private func keep(_ vector: [Float], _ text: String) {
        memory.insert(vector, for: text)
        end(text, .success(vector))
    }

    private func end(_ text: String, _ result: Result<[Float], EmbedderError>) {
        for call in calls.removeValue(forKey: text) ?? [] { call.end(result) }
    }

    private func isAwaited(_ text: String) -> Bool { calls[text]?.contains { $0.isWaiting } ?? false }

    /// The texts that somebody still waits for; the others are forgotten.
    private func awaited(_ texts: [String]) -> [String] {
        texts.filter { text in
            if isAwaited(text) { return true }
            calls[text] = nil
            return false
        }
    }
}
