/// The rules of an endpoint, laid out along the shape of its requests for one walk from the root.
///
/// Shapes are numbered: 0 is everything that no rule speaks of, 1 the request. The tables are allocated once for each
/// endpoint, never changed after `init` and never freed, so that they can be read from everywhere without counting.
struct RequestShapes: @unchecked Sendable {
    /// What the rules say about a value at one path.
    struct Shape: BitwiseCopyable {
        /// Whether a string here is message text.
        var isText = false
        /// Whether an array here holds the content parts of a message text.
        var holdsParts = false
        /// Whether a string here is the text of a content part: what stands around it is for its neighbors to say.
        var isPartText = false
        /// Whether a string here is a call's identifier.
        var isIdentifier = false
        /// Whether it depends on the `type` of an object here if its identifiers are renumbered.
        var identifiesByType = false
        /// Whether `null` members of an object here count as absent.
        var dropsNull = false
        /// Whether the rules name any member of an object here.
        var hasMembers = false
        /// The shape of an array's elements.
        var element = 0
        /// Where the slots of the table of member names start.
        var slots = 0
    }

    /// What the rules say about one named member.
    struct Member: BitwiseCopyable {
        var name = MemberName()
        var isIgnored = false
        var isAbsentWhenEmpty = false
        var isExactOnly = false
        var isStateful = false
        /// The canonical JSON that counts as absence; empty for none.
        var absence = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        var shape = 0
        var role = Role.ordinary
        /// The next member of the same slot, or -1.
        var next = -1
    }

    /// Members of the request itself that are looked at one by one.
    enum Role: BitwiseCopyable {
        case ordinary, required, model, stream, streamOptions, temperature, seed
    }

    static let root = 1
    private static let slotCount = 64
    private static let chatCompletions = RequestShapes(.chatCompletions)
    private static let completions = RequestShapes(.completions)
    private static let responses = RequestShapes(.responses)
    private static let messages = RequestShapes(.messages)
    private static let embeddings = RequestShapes(.embeddings)
    private static let prompts = RequestShapes(.prompts)

    let shapes: UnsafeBufferPointer<Shape>
    let members: UnsafeBufferPointer<Member>
    private let slots: UnsafeBufferPointer<Int>
    /// The kinds that the required member may have: a bit for each raw value of a node's kind.
    let requiredKinds: UInt8
    /// Whether there is a last user text to compare.
    let hasLastUserText: Bool
    /// Whether the case of the last user text does not count for the exact tier.
    let ignoresCase: Bool
    /// Whether a member holds attributes.
    let hasAttributes: Bool
    /// The `type` of content parts that are nothing but text.
    let textParts: UnsafeBufferPointer<MemberName>
    /// The `type` of objects whose identifiers are renumbered.
    let identifiedTypes: UnsafeBufferPointer<MemberName>

    static func shapes(for endpoint: Endpoint) -> RequestShapes {
        switch endpoint {
        case .chatCompletions: chatCompletions
        case .completions: completions
        case .responses: responses
        case .messages: messages
        case .embeddings: embeddings
        case .prompts: prompts
        }
    }

    private init(_ rules: EndpointRules) {
        let outline = RequestOutline(rules)
        var shapes = outline.nodes.map { RequestShapes.shape(of: $0, in: outline, rules) }
        var members: [Member] = []
        for shape in shapes where shape.holdsParts {
            for part in outline.nodes[shape.element].members where part.name == "text" {
                shapes[part.shape].isPartText = true
            }
        }
        var slots: [Int] = []
        for index in shapes.indices {
            shapes[index].slots = slots.count
            slots += Array(repeating: -1, count: Self.slotCount)
            for named in outline.nodes[index].members {
                var member = Member()
                member.name = MemberName(Self.kept(named.name.utf8))
                member.isIgnored = named.isIgnored
                member.isAbsentWhenEmpty = named.isAbsentWhenEmpty
                member.isExactOnly = named.isExactOnly
                member.isStateful = named.isStateful
                member.absence = Self.kept((named.absence ?? "").utf8)
                member.shape = named.shape
                member.role = index == Self.root ? Self.role(of: named.name, rules) : .ordinary
                let slot = shapes[index].slots + Self.slot(of: member.name)
                member.next = slots[slot]
                slots[slot] = members.count
                members.append(member)
            }
        }
        requiredKinds = rules.requiredKinds.reduce(0) { $0 | $1.nodeKinds }
        if case .inLastMessage = rules.lastUserText { hasLastUserText = true } else { hasLastUserText = false }
        ignoresCase = rules.ignoresCase
        hasAttributes = rules.attributes != nil
        self.shapes = Self.kept(shapes)
        self.members = Self.kept(members)
        self.slots = Self.kept(slots)
        textParts = Self.kept(rules.textParts.map { MemberName(Self.kept($0.utf8)) })
        identifiedTypes = Self.kept(rules.identifiedTypes.map { MemberName(Self.kept($0.utf8)) })
    }

    /// What the rules of `shape` say about the member `name`: its place in ``members``, or -1.
    @inline(__always)
    func member(of shape: Int, named name: MemberName) -> Int {
        guard shapes[shape].hasMembers else { return -1 }
        var place = slots[shapes[shape].slots + Self.slot(of: name)]
        while place >= 0, members[place].name != name { place = members[place].next }
        return place
    }

    @inline(__always)
    private static func slot(of name: MemberName) -> Int {
        // Fibonacci hashing: the high six bits of a product with 2^64 / φ.
        let hash = (name.prefix &+ UInt64(truncatingIfNeeded: name.count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 58)
    }

    private static func shape(
        of node: RequestOutline.Node,
        in outline: RequestOutline,
        _ rules: EndpointRules
    ) -> Shape {
        var shape = Shape()
        shape.isText = node.isText
        shape.isIdentifier = node.isIdentifier
        shape.dropsNull = node.dropsNull
        shape.hasMembers = !node.members.isEmpty
        shape.element = node.element ?? 0
        shape.identifiesByType =
            !rules.identifiedTypes.isEmpty && node.members.contains { outline.nodes[$0.shape].isIdentifier }
        if let part = node.element, node.isText {
            shape.holdsParts = outline.nodes[part].members.contains {
                $0.name == "text" && outline.nodes[$0.shape].isText
            }
        }
        return shape
    }

    private static func role(of name: String, _ rules: EndpointRules) -> Role {
        switch name {
        case rules.required: .required
        case "model": .model
        case "stream": .stream
        case "stream_options": .streamOptions
        case "temperature": .temperature
        case "seed": .seed
        default: .ordinary
        }
    }

    /// A copy that is never freed.
    private static func kept<Element: BitwiseCopyable>(
        _ elements: some Collection<Element>
    ) -> UnsafeBufferPointer<Element> {
        let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = copy.initialize(from: elements)
        return UnsafeBufferPointer(copy)
    }
}
