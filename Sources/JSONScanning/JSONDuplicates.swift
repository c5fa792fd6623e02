/// Finding a member name that an object has twice.
enum JSONDuplicates {
    /// Objects up to this many members are compared pair by pair, larger ones by a set.
    private static let pairwiseLimit = 16

    /// The node of the first member name in `object` that an earlier member has too.
    static func firstDuplicate(in object: Int, _ nodes: [JSONNode], _ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let count = Int(nodes[object].count)
        var hasEscapes = false
        var key = object + 1
        for _ in 0..<count {
            hasEscapes = hasEscapes || nodes[key].hasEscapes
            key = Int(nodes[key + 1].end)
        }
        if hasEscapes || count > pairwiseLimit { return firstDuplicateBySet(in: object, nodes, text) }
        var later = Int(nodes[object + 2].end)
        for place in 1..<count {
            var earlier = object + 1
            for _ in 0..<place {
                if sameText(nodes[earlier], nodes[later], text) { return later }
                earlier = Int(nodes[earlier + 1].end)
            }
            later = Int(nodes[later + 1].end)
        }
        return nil
    }

    private static func firstDuplicateBySet(
        in object: Int,
        _ nodes: [JSONNode],
        _ text: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        var seen: Set<[UInt8]> = []
        var key = object + 1
        for _ in 0..<nodes[object].count {
            let range = text[Int(nodes[key].lowerBound)..<Int(nodes[key].upperBound)]
            let name = nodes[key].hasEscapes ? JSONEscapes.resolved(range) : Array(range)
            if !seen.insert(name).inserted { return key }
            key = Int(nodes[key + 1].end)
        }
        return nil
    }

    @inline(__always)
    private static func sameText(_ left: JSONNode, _ right: JSONNode, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = left.upperBound - left.lowerBound
        guard count == right.upperBound - right.lowerBound else { return false }
        for offset in 0..<Int(count) where text[Int(left.lowerBound) + offset] != text[Int(right.lowerBound) + offset] {
            return false
        }
        return true
    }
}
