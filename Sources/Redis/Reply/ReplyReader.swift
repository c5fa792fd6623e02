import CHiredis

/// Turns received bytes into values, by the reader of hiredis.
///
/// hiredis hands out pointers into its own buffer that hold only inside its callbacks, so values are copied there.
/// Replies are returned, not delivered inside a callback: whoever gets one may free this reader.
final class ReplyReader {
    enum Outcome {
        case value(RedisValue)
        case incomplete
        case violation(String)
    }

    private struct OpenArray {
        let count: Int
        var elements: [RedisValue]
    }

    private let reader: UnsafeMutablePointer<redisReader>
    private var openArrays: [OpenArray] = []
    private var finished: RedisValue?

    init() {
        guard let reader = redisReaderCreateWithFunctions(Self.functions) else { fatalError("out of memory") }
        self.reader = reader
        reader.pointee.maxbuf = 65_536
        // Unretained: hiredis uses it only inside next(), during which self is alive.
        reader.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit { redisReaderFree(reader) }

    /// Takes up received bytes; feed 4 KB at most and read all replies before the next.
    ///
    /// hiredis moves the rest of its buffer after each reply of 1 KB or more, which is quadratic in what is fed.
    func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        redisReaderFeed(reader, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count) == REDIS_OK
    }

    /// The next reply among the bytes so far; after a violation nothing can be read any more.
    func next() -> Outcome {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else {
            return .violation(
                withUnsafeBytes(of: reader.pointee.errstr) { text in
                    String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        guard let value = finished.take() else { return .incomplete }
        return .value(value)
    }

    /// Whether some bytes of a reply have come, but not all.
    var isInsideReply: Bool {
        !openArrays.isEmpty || reader.pointee.pos < reader.pointee.len
    }

    private func complete(_ value: RedisValue) {
        var value = value
        while let last = openArrays.indices.last {
            openArrays[last].elements.append(value)
            guard openArrays[last].elements.count == openArrays[last].count else { return }
            value = .array(openArrays.removeLast().elements)
        }
        finished = value
    }

    private func beginArray(count: Int) {
        guard count > 0 else { return complete(.array([])) }
        var elements: [RedisValue] = []
        // The count is what the other side claims: reserve no more than it can cheaply be wrong about.
        elements.reserveCapacity(min(count, 1024))
        openArrays.append(OpenArray(count: count, elements: elements))
    }
}

extension ReplyReader {
    // Safe: written once here, then only read. hiredis keeps the pointer, so it is never deallocated.
    nonisolated(unsafe) private static let functions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, bytes, count in
                    guard let task else { return nil }
                    let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
                    let value: RedisValue =
                        switch task.pointee.type {
                        case REDIS_REPLY_STRING: .bulk(Array(bytes))
                        case REDIS_REPLY_STATUS: .status(String(decoding: bytes, as: UTF8.self))
                        default: .error(RedisServerError(reply: String(decoding: bytes, as: UTF8.self)))
                        }
                    return ReplyReader.finish(task, value)
                },
                createArray: { task, count in
                    guard let task else { return nil }
                    ReplyReader.of(task)?.beginArray(count: Int(count))
                    return ReplyReader.made
                },
                createInteger: { task, value in ReplyReader.finish(task, .integer(value)) },
                createNil: { task in ReplyReader.finish(task, .null) },
                freeObject: { _ in }
            )
        )
        return functions
    }()

    /// What hiredis takes for the object made; never dereferenced, only compared with null, which means failure.
    private static var made: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: 1) }

    private static func of(_ task: UnsafePointer<redisReadTask>) -> ReplyReader? {
        task.pointee.privdata.map { Unmanaged<ReplyReader>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func finish(
        _ task: UnsafePointer<redisReadTask>?,
        _ value: RedisValue
    ) -> UnsafeMutableRawPointer? {
        guard let task else { return nil }
        of(task)?.complete(value)
        return made
    }
}
