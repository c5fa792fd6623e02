import CZstd

/// Compresses requests and answers with zstd and a dictionary of what such JSON is made of.
///
/// Not `Sendable`: its contexts serve one call at a time.
final class BodyCompressor {
    /// Fewer bytes are kept as they are.
    static let leastCount = 128
    /// More bytes are compressed in haste and without the dictionary: an event loop waits for it.
    ///
    /// Part of the entry's format.
    static let largeCount = 32 * 1024

    private let compression: OpaquePointer?
    private let decompression: OpaquePointer?

    init() {
        compression = ZSTD_createCCtx()
        decompression = ZSTD_createDCtx()
        ZSTD_CCtx_setParameter(compression, ZSTD_c_checksumFlag, 1)
        // There is one dictionary in a format: frames need not name it.
        ZSTD_CCtx_setParameter(compression, ZSTD_c_dictIDFlag, 0)
        ZSTD_CCtx_setParameter(compression, ZSTD_c_compressionLevel, 1)
    }

    deinit {
        ZSTD_freeCCtx(compression)
        ZSTD_freeDCtx(decompression)
    }

    /// The body as one zstd frame with a checksum; nil when that does not save a tenth.
    func compress(_ body: [UInt8]) -> [UInt8]? {
        guard body.count >= Self.leastCount else { return nil }
        // Its own level goes with the dictionary.
        ZSTD_CCtx_refCDict(compression, body.count > Self.largeCount ? nil : Self.forCompression)
        // A frame that saves less than a tenth does not fit, and zstd gives up.
        let room = body.count - body.count / 10
        var failed = false
        let frame = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            let written = body.withUnsafeBytes {
                ZSTD_compress2(compression, buffer.baseAddress, room, $0.baseAddress, $0.count)
            }
            failed = ZSTD_isError(written) != 0
            count = failed ? 0 : written
        }
        return failed ? nil : frame
    }

    /// The bytes at `wanted` of the `count` that the frame in `range` stands for; nil when it is damaged or stands for
    /// another count.
    func decompress(_ value: [UInt8], _ range: Range<Int>, count: Int, wanted: Range<Int>) -> [UInt8]? {
        value.withUnsafeBytes { value in
            let frame = UnsafeRawBufferPointer(rebasing: value[range])
            // What the frame says of itself is checked before anything is allocated for it.
            guard ZSTD_getFrameContentSize(frame.baseAddress, frame.count) == UInt64(count) else { return nil }
            if wanted != 0..<count {
                return withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { body in
                    decompress(frame, into: body) ? Array(UnsafeRawBufferPointer(rebasing: body[wanted])) : nil
                }
            }
            var succeeded = false
            let body = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                succeeded = decompress(frame, into: UnsafeMutableRawBufferPointer(buffer))
                initializedCount = succeeded ? count : 0
            }
            return succeeded ? body : nil
        }
    }

    /// Fills `body`; tells whether the frame stands for exactly that many bytes.
    private func decompress(_ frame: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer) -> Bool {
        ZSTD_decompress_usingDDict(
            decompression,
            body.baseAddress,
            body.count,
            frame.baseAddress,
            frame.count,
            body.count > Self.largeCount ? nil : Self.forDecompression
        ) == body.count
    }
}

extension BodyCompressor {
    // Safe: made once, never freed, and zstd only reads a dictionary that is made (zstd.h: "can be shared").
    nonisolated(unsafe) private static let forCompression: OpaquePointer? = dictionary.withUnsafeBytes {
        ZSTD_createCDict($0.baseAddress, $0.count, 5)
    }

    // Safe: as above.
    nonisolated(unsafe) private static let forDecompression: OpaquePointer? = dictionary.withUnsafeBytes {
        ZSTD_createDDict($0.baseAddress, $0.count)
    }

    private static let dictionary = CompressionDictionary.bytes
}
