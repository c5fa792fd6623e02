/// The paths of an endpoint's rules as a tree: one node for each value that a rule speaks of or leads through.
struct RequestOutline {
    struct Node {
        var isText = false
        var isIdentifier = false
        var dropsNull = false
        var element: Int?
        var members: [Member] = []
    }

    struct Member {
        let name: String
        var isIgnored = false
        var isAbsentWhenEmpty = false
        var isExactOnly = false
        var isStateful = false
        var absence: String?
        let shape: Int
    }

    /// The nodes: 0 stands for values without rules, 1 for the request.
    private(set) var nodes = [Node(), Node()]

    init(_ rules: EndpointRules) {
        for name in ["model", "stream", "stream_options", "temperature", "seed", rules.required] { member(name) }
        for path in rules.texts { nodes[node(path)].isText = true }
        for path in rules.identifiers { nodes[node(path)].isIdentifier = true }
        for path in rules.absentWhenNull { nodes[node(path)].dropsNull = true }
        for path in rules.ignored { change(path) { $0.isIgnored = true } }
        for path in rules.absentWhenEmpty { change(path) { $0.isAbsentWhenEmpty = true } }
        for path in rules.exactOnly { change(path) { $0.isExactOnly = true } }
        for path in rules.stateful { change(path) { $0.isStateful = true } }
        for rule in rules.defaults { change(rule.path) { $0.absence = rule.json } }
    }

    private mutating func change(_ path: String, _ body: (inout Member) -> Void) {
        let (owner, place) = member(path)
        body(&nodes[owner].members[place])
    }

    /// The node at `path`, made if need be.
    private mutating func node(_ path: String) -> Int {
        guard path != "$" else { return RequestShapes.root }
        var stem = Substring(path)
        var elements = 0
        while stem.hasSuffix("[]") {
            stem.removeLast(2)
            elements += 1
        }
        let (owner, place) = member(String(stem))
        var node = nodes[owner].members[place].shape
        for _ in 0..<elements { node = element(of: node) }
        return node
    }

    private mutating func element(of node: Int) -> Int {
        if let element = nodes[node].element { return element }
        nodes.append(Node())
        nodes[node].element = nodes.count - 1
        return nodes.count - 1
    }

    /// The member at `path`, made if need be: the node that has it and its place there.
    @discardableResult
    private mutating func member(_ path: String) -> (owner: Int, place: Int) {
        var owner = RequestShapes.root
        var name = Substring(path)
        if let dot = path.lastIndex(of: ".") {
            owner = node(String(path[..<dot]))
            name = path[path.index(after: dot)...]
        }
        if let place = nodes[owner].members.firstIndex(where: { $0.name == name }) { return (owner, place) }
        nodes.append(Node())
        nodes[owner].members.append(Member(name: String(name), shape: nodes.count - 1))
        return (owner, nodes[owner].members.count - 1)
    }
}
