/// Why a stream does not make an answer, or an answer no stream.
public enum StreamError: Error, Sendable, Hashable {
    /// The endpoint has no streams.
    case notStreamable
    /// The stream has no end.
    case truncated
    /// The stream reports an error of the upstream.
    case errorEvent
    /// The event at `index`, counted from 0, is not one of this endpoint; `message` quotes nothing from it.
    case invalidEvent(index: Int, message: String)
    /// The answer has not the shape of this endpoint's answers; `message` quotes nothing from it.
    case invalidResponse(message: String)
}
