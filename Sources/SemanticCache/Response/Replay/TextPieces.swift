/// A text cut into the pieces that a replayed stream delivers.
enum TextPieces {
    /// The most pieces that one text is cut into.
    static let maximumCount = 20
    /// The fewest bytes of a piece but the last.
    static let minimumBytes = 48

    /// Cuts well-formed UTF-8: before a space or after a line break, else between scalars.
    ///
    /// The pieces joined are the text. None is empty, so an empty text has none.
    static func cut(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        let least = max(minimumBytes, (text.count + maximumCount - 1) / maximumCount)
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while text.count - start > least {
            let end = end(ofPieceFrom: start, in: text, least: least)
            pieces.append(text[start..<end])
            start = end
        }
        if start < text.count { pieces.append(text[start...]) }
        return pieces
    }

    private static func end(ofPieceFrom start: Int, in text: [UInt8], least: Int) -> Int {
        let candidates = start + least..<min(start + 2 * least, text.count)
        for end in candidates where text[end] == 0x20 || text[end - 1] == 0x0A { return end }
        if candidates.upperBound == text.count { return text.count }
        // A continuation byte is 10xxxxxx.
        for end in candidates where text[end] & 0xC0 != 0x80 { return end }
        return text.count
    }
}
