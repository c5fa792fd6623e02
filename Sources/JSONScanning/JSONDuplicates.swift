/// Finding a member name that an object has twice.
enum JSONDuplicates {
    /// Objects up to this many members are compared pair by pair, larger ones by a set.
    private static let pairwiseLimit = 16

    /// The node of the first member name in `object` that an earlier member has too.
    static func firstDuplicate(
        in object: Int,
        _ nodes: UnsafeBufferPointer<JSONNode>,
        _ text: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        let count = Int(nodes[object].count)
        guard count <= pairwiseLimit else { return firstDuplicateBySet(in: object, nodes, text) }
        var summaries = InlineArray<16, UInt64>(repeating: 0)
        var name = object + 1
        for place in 0..<count {
            if nodes[name].hasEscapes { return firstDuplicateBySet(in: object, nodes, text) }
            let summary = summary(of: nodes[name], text)
            for earlier in 0..<place where summaries[earlier] == summary {
                if sameText(nodes[self.name(earlier, of: object, nodes)], nodes[name], text) { return name }
            }
            summaries[place] = summary
            name = Int(nodes[name + 1].end)
        }
        return nil
    }

    /// The node of the name of the member at `place`.
    private static func name(_ place: Int, of object: Int, _ nodes: UnsafeBufferPointer<JSONNode>) -> Int {
        var name = object + 1
        for _ in 0..<place { name = Int(nodes[name + 1].end) }
        return name
    }

    /// The length and the first bytes of a name: equal for equal names.
    @inline(__always)
    private static func summary(of node: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let lower = Int(node.lowerBound)
        let count = Int(node.upperBound) - lower
        var word: UInt64 = 0
        if lower + 8 <= text.count {
            // The eight bytes are inside `text`.
            word = UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: lower, as: UInt64.self).littleEndian
            word &= count < 8 ? (1 << UInt64(truncatingIfNeeded: count &* 8)) &- 1 : .max
        } else {
            for offset in 0..<min(count, 8) { word |= UInt64(text[lower + offset]) << UInt64(offset * 8) }
        }
        return word &* 31 &+ UInt64(truncatingIfNeeded: count)
    }

    private static func firstDuplicateBySet(
        in object: Int,
        _ nodes: UnsafeBufferPointer<JSONNode>,
        _ text: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(Int(nodes[object].count))
        var key = object + 1
        for _ in 0..<nodes[object].count {
            let range = UnsafeBufferPointer(
                rebasing: text[Int(nodes[key].lowerBound)..<Int(nodes[key].upperBound)]
            )
            let name = nodes[key].hasEscapes ? JSONEscapes.resolved(range) : Array(range)
            if !seen.insert(name).inserted { return key }
            key = Int(nodes[key + 1].end)
        }
        return nil
    }

    private static func sameText(_ left: JSONNode, _ right: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text[Int(left.lowerBound)..<Int(left.upperBound)]
            .elementsEqual(text[Int(right.lowerBound)..<Int(right.upperBound)])
    }
}
