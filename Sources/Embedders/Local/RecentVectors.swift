/// The vectors of the texts that were asked for last, bounded by their memory.
///
/// A dictionary over a doubly linked list in an array; every operation is O(1).
struct RecentVectors {
    private struct Node {
        var text: String
        var vector: [Float]
        var newer: Int?
        var older: Int?
    }

    /// What a text costs beyond its bytes and its vector's.
    private static let overhead = 160

    private let limit: Int
    private(set) var bytes = 0
    private var places: [String: Int] = [:]
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var newest: Int?
    private var oldest: Int?

    /// Creates an empty one that keeps at most `limit` bytes; 0 keeps nothing.
    init(limit: Int) { self.limit = limit }

    /// How many texts there are.
    var count: Int { places.count }

    /// The vector of a text, which becomes the newest.
    mutating func vector(of text: String) -> [Float]? {
        guard let place = places[text] else { return nil }
        unlink(place)
        link(place)
        return nodes[place].vector
    }

    /// Keeps a vector and drops the oldest ones that no longer fit.
    mutating func insert(_ vector: [Float], of text: String) {
        guard places[text] == nil, cost(text, vector) <= limit else { return }
        let node = Node(text: text, vector: vector)
        let place = free.popLast() ?? nodes.count
        if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
        places[text] = place
        link(place)
        bytes += cost(text, vector)
        while bytes > limit, let last = oldest { drop(last) }
    }

    private func cost(_ text: String, _ vector: [Float]) -> Int { text.utf8.count + vector.count * 4 + Self.overhead }

    private mutating func drop(_ place: Int) {
        unlink(place)
        bytes -= cost(nodes[place].text, nodes[place].vector)
        places[nodes[place].text] = nil
        nodes[place] = Node(text: "", vector: [])
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        nodes[place].older = newest
        nodes[place].newer = nil
        if let newest { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if let newer { nodes[newer].older = older } else { newest = older }
        if let older { nodes[older].newer = newer } else { oldest = newer }
    }
}
