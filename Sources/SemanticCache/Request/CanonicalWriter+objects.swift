import JSONScanning

extension CanonicalWriter {
    /// Objects up to this many members are sorted by insertion.
    private static let insertionLimit = 24

    /// Writes the object at `index`: members in the order of their names' bytes, those that count as absent left out.
    mutating func writeObject(_ index: Int, _ shape: Int) {
        let first = members.count
        let firstName = names.count
        collectMembers(of: index, shape)
        sortMembers(from: first)
        let renumbers = shapes.shapes[shape].identifiesByType ? isIdentified(index) : true
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        for place in first..<members.count {
            let member = members.base[place]
            let start = output.count
            if !isFirst { output.append(UInt8(ascii: ",")) }
            writeName(member)
            output.append(UInt8(ascii: ":"))
            if member.rule < 0 {
                writeValue(member.value, 0)
                isFirst = false
            } else if writeKnown(member.value, shapes.members[member.rule], renumbers) {
                if shapes.members[member.rule].isExactOnly, exactOnlyMember == nil { exactOnlyMember = member.rule }
                if shapes.members[member.rule].isStateful { isStateful = true }
                isFirst = false
            } else {
                output.truncate(to: start)
            }
        }
        output.append(UInt8(ascii: "}"))
        members.truncate(to: first)
        names.truncate(to: firstName)
    }

    /// Writes the value of a member that rules speak of; false when what was written counts as absent.
    private mutating func writeKnown(_ value: Int, _ rule: RequestShapes.Member, _ renumbers: Bool) -> Bool {
        let start = output.count
        writeValue(value, !renumbers && shapes.shapes[rule.shape].isIdentifier ? 0 : rule.shape)
        let count = output.count - start
        if rule.isAbsentWhenEmpty, count == 2, source.nodes[value].kind.rawValue >= JSONNode.Kind.string.rawValue {
            return false
        }
        guard count == rule.absence.count else { return true }
        return !UnsafeBufferPointer(start: output.base + start, count: count).elementsEqual(rule.absence)
    }

    private mutating func collectMembers(of index: Int, _ shape: Int) {
        let dropsNull = shapes.shapes[shape].dropsNull
        var key = index + 1
        for _ in 0..<source.nodes[index].count {
            let value = key + 1
            let next = Int(source.nodes[value].end)
            if !(dropsNull && source.nodes[value].kind == .null) {
                let hasEscapes = source.nodes[key].hasEscapes
                let name = hasEscapes ? resolvedName(key) : source.plainName(at: key)
                let rule = shapes.member(of: shape, named: name)
                if !(rule >= 0 && shapes.members[rule].isIgnored), !isIgnored(name, rule, shape) {
                    members.append(Member(name: name, nameHasEscapes: hasEscapes, value: value, rule: rule))
                }
            }
            key = next
        }
    }

    /// Whether the caller asked to leave out the member; the one that makes the request cannot be.
    @inline(__always)
    private func isIgnored(_ name: MemberName, _ rule: Int, _ shape: Int) -> Bool {
        guard !ignored.isEmpty, shape == RequestShapes.root else { return false }
        if rule >= 0, shapes.members[rule].role == .required { return false }
        return ignored.contains(String(decoding: name.bytes, as: UTF8.self))
    }

    private mutating func resolvedName(_ key: Int) -> MemberName {
        // Names of open objects stand apart in the text, so that all of them fit: `names` does not move later.
        if names.count == 0 { names.reserve(source.text.count) }
        let start = names.end
        let count = JSONEscapes.resolve(source.bytes(of: key), into: start)
        names.advance(count)
        return MemberName(UnsafeBufferPointer(start: start, count: count))
    }

    private mutating func sortMembers(from first: Int) {
        let count = members.count - first
        var sorted = UnsafeMutableBufferPointer(start: members.base + first, count: count)
        guard count <= Self.insertionLimit else { return sorted.sort { $0.name < $1.name } }
        for place in 1..<max(count, 1) {
            let member = sorted[place]
            var target = place
            while target > 0, member.name < sorted[target - 1].name {
                sorted[target] = sorted[target - 1]
                target -= 1
            }
            sorted[target] = member
        }
    }

    /// Whether the object's `type` is one of those whose identifiers are renumbered.
    private func isIdentified(_ index: Int) -> Bool {
        guard let type = source.value(of: "type", in: index) else { return false }
        return shapes.identifiedTypes.contains { source.isString(type, $0) }
    }

    @inline(__always)
    private mutating func writeName(_ member: Member) {
        if member.nameHasEscapes {
            writeEscaped(member.name.bytes)
        } else {
            writeQuoted(member.name.bytes)
        }
    }
}
