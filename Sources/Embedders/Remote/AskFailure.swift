/// Why a request brought no vectors.
enum AskFailure: Error, Sendable, Hashable {
    /// There was no answer: no connection, a broken one or none in time; a phrase.
    case unreachable(String)
    /// The server said that it cannot, with this status.
    case status(Int)
    /// The server asks to be left alone for so long (429 or 503 with Retry-After).
    case busy(status: Int, wait: Duration)
    /// The server does not take the key.
    case unauthorized(Int)
    /// The server does not take these texts: too long, or nothing that it reads (400, 413, 422).
    case refused(Int)
    /// The answer holds no such vectors.
    case malformed(AnswerDefect)

    /// What happened, for a log; holds neither texts nor keys.
    var phrase: String {
        switch self {
        case .unreachable(let reason): reason
        case .status(let status): "it answers \(status)"
        case .busy(let status, let wait): "it answers \(status) and asks to wait for \(wait.components.seconds) s"
        case .unauthorized(let status): "it answers \(status): the key is missing, wrong or not allowed this"
        case .refused(let status): "it answers \(status): it does not take the texts or the model"
        case .malformed(let defect): "its answer is no list of vectors: \(defect.rawValue)"
        }
    }
}

/// What is wrong with an answer.
enum AnswerDefect: String, Error, Sendable, Hashable {
    case notJSON = "it is not JSON"
    case shape = "it has another shape than OpenAI's"
    case count = "it has more or fewer vectors than there were texts"
    case order = "its indexes are not in the order of the texts"
    case dimensions = "its vectors have another number of components than before"
    case component = "a component is not a finite number"
    case zero = "a vector is zero"
    case tooLong = "it is longer than its vectors could be"
}
