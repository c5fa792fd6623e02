import SemanticCacheTesting
import Testing

@testable import Redis

@Suite struct ReplyReaderTests {
    private static let long = [UInt8](repeating: 120, count: 3000)

    static let replies: [(bytes: [UInt8], value: RedisValue)] = [
        (Array("+OK\r\n".utf8), .status("OK")),
        (Array("+\r\n".utf8), .status("")),
        (Array(":42\r\n".utf8), .integer(42)),
        (Array(":-9223372036854775808\r\n".utf8), .integer(.min)),
        (Array("$-1\r\n".utf8), .null),
        (Array("*-1\r\n".utf8), .null),
        (Array("*0\r\n".utf8), .array([])),
        (Array("$0\r\n\r\n".utf8), .bulk([])),
        (Array("$4\r\n\r\n\0\u{7f}\r\n".utf8), .bulk([13, 10, 0, 127])),
        (Array("$3000\r\n".utf8) + long + [13, 10], .bulk(long)),
        (
            Array("-OOM command not allowed\r\n".utf8),
            .error(RedisServerError(code: "OOM", message: "command not allowed"))
        ),
        (
            Array("*3\r\n*2\r\n:1\r\n*0\r\n$-1\r\n*1\r\n*1\r\n-ERR no\r\n".utf8),
            .array([
                .array([.integer(1), .array([])]), .null,
                .array([.array([.error(RedisServerError(code: "ERR", message: "no"))])]),
            ])
        ),
        (nested(depth: 8), (0..<8).reduce(RedisValue.integer(1)) { value, _ in .array([value]) }),
    ]

    static func nested(depth: Int) -> [UInt8] {
        Array((String(repeating: "*1\r\n", count: depth) + ":1\r\n").utf8)
    }

    /// Feeds pieces of bytes and returns what came out of them, and the violation if there was one.
    private func read(_ pieces: [ArraySlice<UInt8>]) -> (values: [RedisValue], violation: String?) {
        let reader = ReplyReader()
        var values: [RedisValue] = []
        for piece in pieces {
            guard piece.withUnsafeBytes({ reader.feed($0) }) else { return (values, "not fed") }
            reading: while true {
                switch reader.next() {
                case .value(let value): values.append(value)
                case .incomplete: break reading
                case .violation(let text): return (values, text)
                }
            }
        }
        return (values, nil)
    }

    @Test func everyReplyIsReadWholeInOnePiece() {
        for (bytes, value) in Self.replies {
            let result = read([bytes[...]])
            #expect(result.values == [value])
            #expect(result.violation == nil)
        }
    }

    @Test func everyReplyIsReadByteByByte() {
        let stream = Self.replies.flatMap(\.bytes)
        let result = read(stream.indices.map { stream[$0...$0] })
        #expect(result.values == Self.replies.map(\.value))
    }

    @Test func streamMayBeSplitAtAnyByte() {
        let stream = Self.replies.flatMap(\.bytes)
        let values = Self.replies.map(\.value)
        for split in stream.indices {
            #expect(read([stream[..<split], stream[split...]]).values == values, "split at \(split)")
        }
    }

    @Test func bulkOfThreeMebibytesIsReadInSmallPieces() {
        let body = (0..<3 * 1024 * 1024).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let stream = Array("$\(body.count)\r\n".utf8) + body + Array("\r\n+OK\r\n".utf8)
        let pieces = stride(from: 0, to: stream.count, by: 4096).map { stream[$0..<min($0 + 4096, stream.count)] }
        #expect(read(pieces).values == [.bulk(body), .status("OK")])
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n", "\0\0\0\0\r\n", "%1\r\n+a\r\n+b\r\n", "$x\r\n", "$-2\r\n", "*-2\r\n",
        "*99999999999\r\n", "_\r\n",
    ])
    func otherBytesAreAViolation(_ text: String) {
        let result = read([Array(text.utf8)[...]])
        #expect(result.values.isEmpty)
        #expect(result.violation != nil)
    }

    @Test(arguments: [9, 10, 50, 10_000])
    func tooDeepNestingIsAViolation(_ depth: Int) {
        #expect(read([Self.nested(depth: depth)[...]]).violation != nil)
    }

    @Test func hugeClaimedCountReservesLittle() {
        let result = read([Array("*2147483647\r\n:1\r\n".utf8)[...]])
        #expect(result.values.isEmpty)
        #expect(result.violation == nil)
    }

    @Test func randomBytesNeverCrash() {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("+-:$*0123456789\r\n\r\n\r\nOK".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            _ = read([bytes[...]])
        }
    }

    @Test(arguments: [
        ("NOSCRIPT No matching script.", "NOSCRIPT", "No matching script."),
        ("ERR", "ERR", ""),
        ("value is bad", "", "value is bad"),
        ("Err mixed", "", "Err mixed"),
        ("", "", ""),
    ])
    func errorReplyIsSplitIntoCodeAndMessage(_ reply: String, _ code: String, _ message: String) {
        let error = RedisServerError(reply: reply)
        #expect(error.code == code)
        #expect(error.message == message)
        #expect(error.description == reply)
    }
}
