extension JSONEscapes {
    /// The most bytes that ``escape(_:into:)`` writes for `count` bytes.
    public static func escapedCapacity(for count: Int) -> Int { 6 * count + 8 }

    /// Appends `text` to `output` as the inside of a JSON string: only what must be escaped is.
    public static func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
        let appended: Void? = text.withContiguousStorageIfAvailable { append($0, to: &output) }
        if appended == nil { Array(text).withUnsafeBufferPointer { append($0, to: &output) } }
    }

    private static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var plain = 0
        var at = 0
        while at < text.count {
            if at + 8 <= text.count {
                let hits = ByteWord.load(text, at).needingEscape(orNotASCII: false)
                guard hits != 0 else {
                    at += 8
                    continue
                }
                at += hits.trailingZeroBitCount >> 3
            }
            let byte = text[at]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                output.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain..<at]))
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 6) { room in
                    guard let start = room.baseAddress else { return }
                    // `escapeOne` initializes as many bytes as it returns, at most six.
                    let count = escapeOne(byte, into: start)
                    output.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
                }
                plain = at + 1
            }
            at += 1
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain...]))
    }

    /// Writes `text` to `target` as the inside of a JSON string: only what must be escaped is.
    ///
    /// `target` has room for ``escapedCapacity(for:)`` bytes.
    ///
    /// - Returns: How many bytes were written.
    public static func escape(_ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) -> Int {
        var at = 0
        var written = 0
        while at < text.count {
            if at + 8 <= text.count {
                // There is room: at most six bytes were written for each byte read, and eight are spare.
                let word = ByteWord.load(text, at)
                word.store(to: target + written)
                let hits = word.needingEscape(orNotASCII: false)
                let plain = hits == 0 ? 8 : hits.trailingZeroBitCount >> 3
                at += plain
                written += plain
                if hits == 0 { continue }
            }
            written += escapeOne(text[at], into: target + written)
            at += 1
        }
        return written
    }

    /// Writes one byte, escaped if it must be; returns how many bytes that took, at most six.
    @inline(__always)
    private static func escapeOne(_ byte: UInt8, into target: UnsafeMutablePointer<UInt8>) -> Int {
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0D: letter = UInt8(ascii: "r")
        case 0x09: letter = UInt8(ascii: "t")
        case 0..<0x20:
            (target[0], target[1]) = (UInt8(ascii: "\\"), UInt8(ascii: "u"))
            (target[2], target[3]) = (UInt8(ascii: "0"), UInt8(ascii: "0"))
            (target[4], target[5]) = (0x30 + byte >> 4, byte & 15 < 10 ? 0x30 + byte & 15 : 0x57 + byte & 15)
            return 6
        default:
            target[0] = byte
            return 1
        }
        (target[0], target[1]) = (UInt8(ascii: "\\"), letter)
        return 2
    }
}
