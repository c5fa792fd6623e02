/// The pieces of a vocabulary by their bytes: finds the longest that begins at a place in one pass over it.
///
/// A trie whose edges stand in one open-addressing hash table keyed by (node, byte). Pieces are whole UTF-8 scalars, so
/// that a match in valid UTF-8 ends between two.
struct VocabularyTrie: Sendable {
    /// The node at which pieces begin that begin a word.
    static let start: UInt32 = 1
    /// The node at which pieces begin that continue a word.
    static let inside: UInt32 = 2

    /// Each node's piece, -1 when none ends there.
    private var pieces: [Int32] = [-1, -1, -1]
    /// Node and byte of an edge; 0 is an empty place, as no edge leaves node 0.
    private var keys: [UInt32]
    private var targets: [UInt32]
    private let shift: UInt32

    /// Creates a trie for pieces of at most `capacity` bytes in all, fewer than 2^24.
    init(capacity: Int) {
        var bits: UInt32 = 4
        while bits < 25, 1 << bits < capacity * 2 { bits += 1 }
        keys = Array(repeating: 0, count: 1 << Int(bits))
        targets = keys
        shift = 32 - bits
    }

    /// Adds a piece; an empty one is left out, and of two equal ones the later counts.
    mutating func insert(_ piece: some Sequence<UInt8>, at root: UInt32, id: Int32) {
        var node = root
        for byte in piece { node = child(of: node, byte) }
        if node != root { pieces[Int(node)] = id }
    }

    private mutating func child(of node: UInt32, _ byte: UInt8) -> UInt32 {
        let key = node << 8 | UInt32(byte)
        let place = place(of: key)
        if keys[place] == 0 {
            keys[place] = key
            targets[place] = UInt32(pieces.count)
            pieces.append(-1)
        }
        return targets[place]
    }

    /// The longest piece that begins at `from`, and where it ends; nil when there is none.
    func longestMatch(in word: [UInt8], from: Int) -> (id: Int32, end: Int)? {
        var node = from == 0 ? Self.start : Self.inside
        var longest: (id: Int32, end: Int)?
        for at in from..<word.count {
            let place = place(of: node << 8 | UInt32(word[at]))
            guard keys[place] != 0 else { break }
            node = targets[place]
            if pieces[Int(node)] >= 0 { longest = (pieces[Int(node)], at + 1) }
        }
        return longest
    }

    /// Where a key stands or would stand: at most half of the places are taken.
    private func place(of key: UInt32) -> Int {
        var place = Int((key &* 0x9E37_79B1) >> shift)
        while keys[place] != 0, keys[place] != key { place = (place + 1) & (keys.count - 1) }
        return place
    }
}
