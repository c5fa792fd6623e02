import SemanticCache

/// Writes the two keys of a fetch into a buffer that is used again and again.
final class LookupKeys {
    /// Both keys' common beginning, `P{v00}:e:`, then room for a fingerprint; `P{v00}:v:`, then room for a namespace.
    ///
    /// Never handed out beyond ``withKeys(of:_:)``, freed once in deinit.
    private let buffer: UnsafeMutableRawBufferPointer
    private let headCount: Int
    private let validityStart: Int

    init(_ keys: KeySpace) {
        let bucket = Array("{v00}:".utf8)
        headCount = keys.prefix.count + bucket.count + 2
        validityStart = headCount + 32
        buffer = .allocate(byteCount: validityStart + headCount + 128, alignment: 8)
        for (start, kind) in [(0, UInt8(ascii: "e")), (validityStart, UInt8(ascii: "v"))] {
            let head = keys.prefix + bucket + [kind, UInt8(ascii: ":")]
            UnsafeMutableRawBufferPointer(rebasing: buffer[start...]).copyBytes(from: head)
        }
    }

    deinit { buffer.deallocate() }

    /// Calls `body` with the entry's key and its validity's; both are gone afterwards.
    func withKeys(of key: EntryKey, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
        let tag = Bucket(of: key.fingerprint).tag
        write(tag, endingAt: headCount - 4)
        write(tag, endingAt: validityStart + headCount - 4)
        key.fingerprint.write(to: UnsafeMutableRawBufferPointer(rebasing: buffer[headCount..<validityStart]))
        var end = validityStart + headCount
        for byte in key.namespace.name.utf8 {
            buffer[end] = byte
            end += 1
        }
        body(
            UnsafeRawBufferPointer(rebasing: buffer[..<validityStart]),
            UnsafeRawBufferPointer(rebasing: buffer[validityStart..<end])
        )
    }

    private func write(_ tag: (UInt8, UInt8, UInt8), endingAt end: Int) {
        buffer[end - 3] = tag.0
        buffer[end - 2] = tag.1
        buffer[end - 1] = tag.2
    }
}
