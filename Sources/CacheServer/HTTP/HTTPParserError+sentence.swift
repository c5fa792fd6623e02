import NIOHTTP1

extension HTTPParserError {
    /// What was wrong with the bytes of a request, for the one who sent them.
    var sentence: String {
        let problem =
            switch self {
            case .invalidEOFState, .closedConnection: "the connection ended in the middle of it"
            case .invalidVersion: "its version is not HTTP/1.0 or HTTP/1.1, or the line does not end in CRLF"
            case .invalidMethod: "its method is not known; an https:// client on a plain port looks like this too"
            case .invalidURL, .invalidHost, .invalidPort, .invalidPath, .invalidQueryString, .invalidFragment:
                "its target has characters that must be percent-encoded"
            case .lfExpected: "its lines do not end in CRLF"
            case .invalidHeaderToken: "a header has characters that it may not have, or its line does not end in CRLF"
            case .invalidContentLength: "its Content-Length is not a number, or stands beside Transfer-Encoding"
            case .unexpectedContentLength: "it has Content-Length twice, or beside Transfer-Encoding"
            case .invalidChunkSize: "a chunk of its body has no good size"
            default: "the request line, the headers or the chunks of the body break the grammar"
            }
        return "what was sent is not an HTTP/1.1 request: \(problem)"
    }
}
