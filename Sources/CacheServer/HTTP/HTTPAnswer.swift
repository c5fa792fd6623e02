import CacheAPI

/// One HTTP answer: its status, header lines of its own and body.
///
/// Length, date, request id and connection handling are added when it is sent.
struct HTTPAnswer {
    var status: Int
    /// Header lines, each ending in CRLF.
    var headerLines: [UInt8]
    var body: [UInt8]
    /// Bytes that belong into the body, at this offset, and are kept apart so that they are copied once only.
    var insertion: (bytes: [UInt8], offset: Int) = ([], 0)
    /// What went wrong, when the body is a problem document.
    var problem: ProblemCode?
    /// Whether the connection is closed after this answer.
    var closesConnection = false

    /// Creates an answer with a body.
    init(status: Int, contentType: StaticString, body: [UInt8]) {
        self.status = status
        self.body = body
        headerLines = []
        headerLines.reserveCapacity(256)
        addHeader("content-type", contentType)
    }

    /// Creates an answer without a body.
    init(status: Int) {
        self.status = status
        headerLines = []
        body = []
    }

    /// Whether something failed here, not in what was asked; clients of LangCache know that as 424.
    var isFailure: Bool { status >= 500 || status == 424 }

    /// The length of the whole body, in bytes.
    var bodyCount: Int { body.count + insertion.bytes.count }

    /// Adds a header line whose value is known at compile time.
    mutating func addHeader(_ name: StaticString, _ value: StaticString) {
        headerLines.append(name)
        headerLines.append(": ")
        headerLines.append(value)
        headerLines.append("\r\n")
    }

    /// Adds a header line; control characters in the value become spaces, so that it stays one line.
    mutating func addHeader(_ name: StaticString, _ value: String) {
        headerLines.append(name)
        headerLines.append(": ")
        for byte in value.utf8 { headerLines.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
        headerLines.append("\r\n")
    }

    /// Adds a header line with an integer.
    mutating func addHeader(_ name: StaticString, _ value: Int) {
        headerLines.append(name)
        headerLines.append(": ")
        headerLines.append(decimal: value)
        headerLines.append("\r\n")
    }
}
