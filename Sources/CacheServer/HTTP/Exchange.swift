import NIOCore

/// One request on a connection and the place that its answer has in the order of answers.
final class Exchange {
    let call: HTTPCall
    /// The route that serves it; nil when none does.
    var route: Route?
    /// Strong: the connection drops its exchanges when it ends, and a weak reference would slow down every other one.
    private let connection: ConnectionHandler
    /// The bytes of the answer, once there is one.
    fileprivate(set) var bytes: ByteBuffer?
    /// Whether the connection is closed after the answer.
    fileprivate(set) var isLast: Bool

    init(_ call: HTTPCall, on connection: ConnectionHandler) {
        self.call = call
        self.connection = connection
        isLast = !call.keepsAlive
    }

    /// Answers; must be called once.
    func respond(_ answer: HTTPAnswer) {
        guard bytes == nil else { return }
        if answer.status >= 400, call.path.hasPrefix(LangCachePath.prefix) {
            return send(LangCacheProblem.translated(answer))
        }
        send(answer)
    }

    private func send(_ answer: HTTPAnswer) {
        connection.loop.count(answer, to: self)
        isLast = isLast || answer.closesConnection || connection.isFinal(self)
        var room = connection.takeSpareBuffer()
        connection.loop.encode(answer, to: call, closes: isLast, into: &room)
        bytes = room
        connection.answered()
    }
}
