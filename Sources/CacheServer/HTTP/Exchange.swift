import NIOCore

/// One request on a connection and the place that its answer has in the order of answers.
final class Exchange {
    let call: HTTPCall
    /// The route that serves it; nil when none does.
    var route: Route?
    /// What is known besides; nil when nobody wants to know.
    var notes: RequestNotes?
    /// Strong: the connection drops its exchanges when it ends, and a weak reference would slow down every other one.
    private let connection: ConnectionHandler
    /// The id that was made for the request, when somebody wanted to know it before the answer was written.
    private var madeRequestID: String?
    /// The bytes of the answer, once there is one.
    fileprivate(set) var bytes: ByteBuffer?
    /// Whether the connection is closed after the answer.
    fileprivate(set) var isLast: Bool

    init(_ call: HTTPCall, on connection: ConnectionHandler) {
        self.call = call
        self.connection = connection
        isLast = !call.keepsAlive
    }

    /// The id that the answer will carry, which is made now when the caller named none.
    func assignedRequestID(in loop: ServerLoop) -> String {
        if let id = call.requestID ?? madeRequestID { return id }
        let id = loop.makeRequestID()
        madeRequestID = id
        return id
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
        connection.loop.observer?.end(self, answer, connection.loop)
        isLast = isLast || answer.closesConnection || connection.isFinal(self)
        var room = connection.takeSpareBuffer()
        connection.loop.encode(
            answer,
            to: call,
            requestID: call.requestID ?? madeRequestID,
            closes: isLast,
            into: &room
        )
        bytes = room
        connection.answered()
    }
}
