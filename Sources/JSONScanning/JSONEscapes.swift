/// Resolving and writing the backslash escapes of JSON strings.
public enum JSONEscapes {
    /// The text with its escapes resolved, as UTF-8.
    ///
    /// `text` is what stands between the quotation marks of a string that the scanner accepted.
    public static func resolved(_ text: some Collection<UInt8>) -> [UInt8] {
        let result = text.withContiguousStorageIfAvailable { text in
            // `resolve` writes at most as many bytes as it reads and returns how many it initialized.
            [UInt8](unsafeUninitializedCapacity: text.count) { room, count in
                count = room.baseAddress.map { resolve(text, into: $0) } ?? 0
            }
        }
        return result ?? resolved(Array(text))
    }

    /// Writes the text with its escapes resolved to `target`, which has room for `text.count` bytes.
    ///
    /// `text` is what stands between the quotation marks of a string that the scanner accepted.
    ///
    /// - Returns: How many bytes were written, never more than were read.
    public static func resolve(_ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) -> Int {
        var at = 0
        var written = 0
        while at < text.count {
            while at + 8 <= text.count {
                // There is room: no more has been written than read, and eight more bytes can be read.
                let word = ByteWord.load(text, at)
                word.store(to: target + written)
                let hits = word.backslashes
                let plain = hits == 0 ? 8 : hits.trailingZeroBitCount >> 3
                at += plain
                written += plain
                if hits != 0 { break }
            }
            guard at < text.count else { break }
            guard text[at] == UInt8(ascii: "\\"), at + 1 < text.count else {
                target[written] = text[at]
                at += 1
                written += 1
                continue
            }
            written += resolveOne(text, &at, into: target + written)
        }
        return written
    }

    /// Resolves the escape at `at`, advances past it and returns how many bytes it stands for.
    @inline(__always)
    private static func resolveOne(
        _ text: UnsafeBufferPointer<UInt8>,
        _ at: inout Int,
        into target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let escape = text[at + 1]
        switch escape {
        case UInt8(ascii: "n"): target.pointee = 0x0A
        case UInt8(ascii: "r"): target.pointee = 0x0D
        case UInt8(ascii: "t"): target.pointee = 0x09
        case UInt8(ascii: "b"): target.pointee = 0x08
        case UInt8(ascii: "f"): target.pointee = 0x0C
        case UInt8(ascii: "u"): return resolveUnits(text, &at, into: target)
        default: target.pointee = escape
        }
        at += 2
        return 1
    }

    private static func resolveUnits(
        _ text: UnsafeBufferPointer<UInt8>,
        _ at: inout Int,
        into target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var scalar = unit(text, &at)
        if scalar & 0xFC00 == 0xD800 {
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + (unit(text, &at) & 0x3FF)
        }
        guard let bytes = Unicode.Scalar(scalar).flatMap({ UTF8.encode($0) }) else { return 0 }
        var count = 0
        for byte in bytes {
            target[count] = byte
            count += 1
        }
        return count
    }

    private static func unit(_ text: UnsafeBufferPointer<UInt8>, _ at: inout Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in at + 2..<at + 6 where offset < text.count { unit = unit << 4 | hexadecimal(text[offset]) }
        at += 6
        return unit
    }

    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt32 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x37
        default: 0
        }
    }
}
