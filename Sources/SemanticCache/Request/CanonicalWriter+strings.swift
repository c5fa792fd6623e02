import JSONScanning

extension CanonicalWriter {
    /// Escaping is done in pieces of so many bytes, so that the room for the worst case stays small.
    private static let escapedPiece = 4096

    /// Writes a string as it is, with as few escapes as JSON allows.
    mutating func writeString(_ index: Int) {
        if source.nodes[index].hasRareEscapes {
            writeEscaped(resolve(source.bytes(of: index)))
        } else {
            writeQuoted(source.bytes(of: index))
        }
    }

    /// Writes a message text in its normal form, white space at `ends` trimmed.
    mutating func writeText(_ index: Int, trimming ends: MessageText.Ends) {
        let start = output.count
        let node = source.nodes[index]
        var text = source.bytes(of: index)
        if !node.hasRareEscapes, node.isASCII || MessageText.isSurelyComposed(text) {
            text = node.hasEscapes ? MessageText.trimmedEscaped(text, ends) : MessageText.trimmed(text, ends)
            writeQuoted(text)
            if index == target, node.hasEscapes { text = resolve(text) }
        } else {
            text = normalized(index, trimming: ends)
            writeEscaped(text)
        }
        if index == target { noteTarget(from: start, text: text) }
    }

    /// Writes an identifier as the number of its first appearance.
    mutating func writeIdentifier(_ index: Int) {
        let number =
            source.nodes[index].hasEscapes
            ? identifiers.number(of: JSONEscapes.resolved(source.bytes(of: index)))
            : identifiers.number(of: source.plainName(at: index))
        output.append(UInt8(ascii: "\""))
        for digit in String(number).utf8 { output.append(digit) }
        output.append(UInt8(ascii: "\""))
    }

    /// Writes an array of content parts; one that is a single part of nothing but text as that text.
    mutating func writeParts(_ index: Int, _ shape: Int) {
        let count = Int(source.nodes[index].count)
        if count == 1, let text = onlyText(of: index + 1, shape) { return writeText(text, trimming: .both) }
        let outer = ends
        defer { ends = outer }
        output.append(UInt8(ascii: "["))
        var part = index + 1
        for place in 0..<count {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            ends = place == 0 ? .leading : []
            if place == count - 1 { ends.insert(.trailing) }
            writeValue(part, shape)
            part = Int(source.nodes[part].end)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// The text of a content part that has no member that counts but its type and its text.
    private func onlyText(of part: Int, _ shape: Int) -> Int? {
        guard source.nodes[part].kind == .object, let text = source.value(of: "text", in: part),
            source.nodes[text].kind == .string, let type = source.value(of: "type", in: part),
            shapes.textParts.contains(where: { source.isString(type, $0) })
        else { return nil }
        var key = part + 1
        for _ in 0..<source.nodes[part].count {
            let value = key + 1
            if value != text, value != type, !countsAsAbsent(key, shape) { return nil }
            key = Int(source.nodes[value].end)
        }
        return text
    }

    private func countsAsAbsent(_ key: Int, _ shape: Int) -> Bool {
        let value = source.nodes[key + 1]
        if value.kind == .null { return shapes.shapes[shape].dropsNull }
        let rule = source.rule(of: key, shape, shapes)
        guard rule >= 0 else { return false }
        let isEmpty = value.kind.rawValue >= JSONNode.Kind.array.rawValue && value.count == 0
        return shapes.members[rule].isIgnored || isEmpty && shapes.members[rule].isAbsentWhenEmpty
    }

    /// The text of a string without escapes; valid until the next string is.
    private mutating func resolve(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        scratch.truncate(to: 0)
        scratch.reserve(bytes.count)
        scratch.advance(JSONEscapes.resolve(bytes, into: scratch.end))
        return scratch.elements
    }

    /// The message text at `index` in its normal form; valid until the next string is.
    private mutating func normalized(_ index: Int, trimming ends: MessageText.Ends) -> UnsafeBufferPointer<UInt8> {
        var text = source.nodes[index].hasEscapes ? resolve(source.bytes(of: index)) : source.bytes(of: index)
        if !MessageText.isSurelyComposed(text) {
            let composed = MessageText.composed(text)
            scratch.truncate(to: 0)
            composed.withUnsafeBufferPointer { scratch.append($0) }
            text = scratch.elements
        }
        // A carriage return can come from an escape only, so that the text is in `scratch` then.
        if source.nodes[index].hasEscapes, MessageText.hasCarriageReturn(text) {
            scratch.truncate(to: MessageText.unifyLineEnds(scratch.base, scratch.count))
            text = scratch.elements
        }
        return MessageText.trimmed(text, ends)
    }

    /// Writes a string that has the escapes it needs and no others.
    @inline(__always)
    mutating func writeQuoted(_ bytes: UnsafeBufferPointer<UInt8>) {
        output.reserve(bytes.count + 2)
        output.append(UInt8(ascii: "\""))
        output.append(bytes)
        output.append(UInt8(ascii: "\""))
    }

    /// Writes a string with the escapes that it needs.
    mutating func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        output.append(UInt8(ascii: "\""))
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeBufferPointer(rebasing: rest.prefix(Self.escapedPiece))
            output.reserve(JSONEscapes.escapedCapacity(for: piece.count))
            output.advance(JSONEscapes.escape(piece, into: output.end))
            rest = rest.dropFirst(piece.count)
        }
        output.append(UInt8(ascii: "\""))
    }
}
