import NIOCore

extension ByteBuffer {
    /// Writes the head of a command of `count` words: `*count\r\n`.
    mutating func writeRESPArrayHead(_ count: Int) {
        writeRESPHead(UInt8(ascii: "*"), count)
    }

    /// Writes one word: `$length\r\nbytes\r\n`.
    mutating func writeRESPBulk(_ bytes: UnsafeRawBufferPointer) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count + 26) { target in
            var end = target.writeRESPHead(UInt8(ascii: "$"), bytes.count)
            UnsafeMutableRawBufferPointer(rebasing: target[end...]).copyMemory(from: bytes)
            end += bytes.count
            target[end] = UInt8(ascii: "\r")
            target[end + 1] = UInt8(ascii: "\n")
            return end + 2
        }
    }

    /// Writes one word.
    mutating func writeRESPBulk(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { writeRESPBulk($0) }
    }

    /// Writes one word, its text in UTF-8.
    mutating func writeRESPBulk(_ text: String) {
        var text = text
        text.withUTF8 { writeRESPBulk(UnsafeRawBufferPointer($0)) }
    }

    /// Writes one word, a number in decimal.
    mutating func writeRESPBulk(_ number: Int64) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            let length = digits.writeDecimal(number, at: 0)
            writeRESPBulk(UnsafeRawBufferPointer(rebasing: digits[..<length]))
        }
    }

    private mutating func writeRESPHead(_ marker: UInt8, _ count: Int) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: 24) { $0.writeRESPHead(marker, count) }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes a marker, a count and a line end at the start; returns the number of bytes, at most 24.
    fileprivate func writeRESPHead(_ marker: UInt8, _ count: Int) -> Int {
        self[0] = marker
        let end = writeDecimal(Int64(count), at: 1)
        self[end] = UInt8(ascii: "\r")
        self[end + 1] = UInt8(ascii: "\n")
        return end + 2
    }

    /// Writes a number in decimal at `start` and returns the end, at most 20 bytes further.
    fileprivate func writeDecimal(_ number: Int64, at start: Int) -> Int {
        var start = start
        if number < 0 {
            self[start] = UInt8(ascii: "-")
            start += 1
        }
        var rest = number.magnitude
        var length = 1
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        rest = number.magnitude
        var position = start + length
        repeat {
            position -= 1
            self[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while position > start
        return start + length
    }
}
