import NIOCore
import Redis
import SemanticCache

/// One acquire: it asks Redis, and while another caller fills, waits to be woken and asks again.
///
/// Registered before it asks, so that no fill that ends meanwhile goes unnoticed. Lives on the store's event loop.
final class PendingFill {
    private enum Phase {
        case idle
        /// A script is on its way; `isWoken` when something happened since it was sent.
        case asking(isWoken: Bool)
        case waiting(Scheduled<Void>)
        case done
    }

    private let store: RedisResponseStore
    private let key: EntryKey
    private var request: FillRequest
    private let deadline: Deadline
    private var waitUntil: NIODeadline?
    private let completion: (AcquireOutcome) -> Void
    private var registration: UInt64?
    private var phase = Phase.idle
    /// What the last reply said of another caller's lease.
    private var held: (grant: FillGrant, until: NIODeadline)?
    private var gaveUp = false

    init(
        _ store: RedisResponseStore,
        _ key: EntryKey,
        _ request: FillRequest,
        deadline: Deadline,
        completion: @escaping (AcquireOutcome) -> Void
    ) {
        self.store = store
        self.key = key
        self.request = request
        self.deadline = deadline
        self.completion = completion
        waitUntil = request.waitUntil.map {
            .uptimeNanoseconds(min($0.uptimeNanoseconds, deadline.uptimeNanoseconds))
        }
    }

    /// Asks for the first time.
    func begin() {
        if waitUntil != nil {
            registration = store.waiters.add(self, key.fingerprint, on: store.connection.eventLoop)
            if store.waiters.isClosed { waitUntil = .now() }
        }
        ask()
    }

    /// Something happened to the fill that is waited for.
    func wake() {
        switch phase {
        case .asking: phase = .asking(isWoken: true)
        case .waiting(let timer):
            timer.cancel()
            ask()
        case .idle, .done: break
        }
    }

    /// Answers with what is known by now, or with the next reply.
    func endWaiting() {
        waitUntil = .now()
        if case .waiting(let timer) = phase {
            timer.cancel()
            finishHeld()
        }
    }

    private var mayWait: Bool { waitUntil.map { $0 > .now() } ?? false }

    private func ask() {
        phase = .asking(isWoken: false)
        store.answer(by: deadline, late: Result<AcquireReply, CommandFailure>.failure(.late), replied) {
            limit,
            completion in
            store.ask(key, request, waits: mayWait, deadline: limit) { [self] reply in
                completion(reply)
                giveUpLateLease(reply)
            }
        }
    }

    private func replied(_ reply: Result<AcquireReply, CommandFailure>) {
        guard case .asking(let isWoken) = phase else { return }
        switch reply {
        case .failure(let failure): finish(.unavailable(failure.bypassReason))
        case .success(.granted(let grant, let milliseconds)): finish(.granted(grant, milliseconds: milliseconds))
        case .success(.open(let grant)): finish(.open(grant))
        case .success(.found(let value)):
            if let entry = store.decode(key, value) {
                finish(.found(entry, coalesced: held != nil))
            } else {
                // What is there is damaged: fill in its place.
                request.accepts = .nothing
                ask()
            }
        case .success(.held(let grant, let milliseconds)):
            let now = NIODeadline.now()
            held = (grant, now + .milliseconds(Int64(milliseconds)))
            guard let waitUntil, now < waitUntil else { return finishHeld() }
            if isWoken { return ask() }
            // A little later than the lease ends, so that it has ended then.
            let poll = min(milliseconds + 5, store.configuration.waitPollMilliseconds)
            let next = min(waitUntil, now + .milliseconds(Int64(poll)))
            let timer = store.connection.eventLoop.assumeIsolated().scheduleTask(deadline: next) { [self] in
                // A timer that is due in the same tick as its cancellation fires all the same.
                guard case .waiting = phase else { return }
                if mayWait { ask() } else { finishHeld() }
            }
            phase = .waiting(timer)
        }
    }

    private func finishHeld() {
        guard let held else { return finish(.unavailable(.deadline)) }
        guard request.leaseMilliseconds != nil else { return finish(.open(held.grant)) }
        let left = (held.until - .now()).nanoseconds / 1_000_000
        finish(.held(held.grant, milliseconds: Int(max(left, 1))))
    }

    private func finish(_ outcome: AcquireOutcome) {
        phase = .done
        if case .unavailable = outcome { gaveUp = true }
        if let registration { store.waiters.remove(registration, key.fingerprint) }
        registration = nil
        completion(outcome)
    }

    /// A lease that came after the caller was told that nothing came is of use to others only.
    private func giveUpLateLease(_ reply: Result<AcquireReply, CommandFailure>) {
        guard gaveUp, case .success(.granted) = reply else { return }
        let soon = Deadline(uptimeNanoseconds: NIODeadline.now().uptimeNanoseconds).advanced(byMilliseconds: 10_000)
        store.release(key, token: request.token, deadline: soon) { _ in }
    }
}
