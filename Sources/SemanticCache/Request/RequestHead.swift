import JSONScanning

/// The members of a request that are looked at one by one: where they are, checked for their kinds.
struct RequestHead {
    private(set) var required = 0
    private(set) var model: Int?
    private(set) var wantsStream = false
    private(set) var wantsStreamUsage = false
    private(set) var isDeterministic = false

    /// Reads the request at `root`.
    ///
    /// - Throws: ``RequestError`` when it is no object, misses what the endpoint needs, or has it of a wrong kind.
    init(_ source: RequestSource, root: Int, _ shapes: RequestShapes, _ endpoint: Endpoint) throws(RequestError) {
        guard source.nodes[root].kind == .object else {
            throw RequestError(path: "$", message: "The request must be an object.")
        }
        var key = root + 1
        for _ in 0..<source.nodes[root].count {
            let value = key + 1
            if source.nodes[value].kind != .null {
                try read(value, RequestHead.role(of: key, source, shapes), source, shapes, endpoint)
            }
            key = Int(source.nodes[value].end)
        }
        if required == 0 {
            let rules = EndpointRules.rules(for: endpoint)
            throw RequestError(
                path: "$",
                message: "A request to \(endpoint.rawValue) needs the member `\(rules.required)`."
            )
        }
    }

    private static func role(of key: Int, _ source: RequestSource, _ shapes: RequestShapes) -> RequestShapes.Role {
        let place = source.rule(of: key, RequestShapes.root, shapes)
        return place < 0 ? .ordinary : shapes.members[place].role
    }

    private mutating func read(
        _ value: Int,
        _ role: RequestShapes.Role,
        _ source: RequestSource,
        _ shapes: RequestShapes,
        _ endpoint: Endpoint
    ) throws(RequestError) {
        let kind = source.nodes[value].kind
        switch role {
        case .ordinary: break
        case .required:
            if shapes.requiredKinds >> kind.rawValue & 1 == 0 {
                let rules = EndpointRules.rules(for: endpoint)
                throw RequestHead.mistaken(rules.required, rules.requiredKinds)
            }
            required = value
        case .model:
            if kind != .string { throw RequestHead.mistaken("model", [.string]) }
            model = value
        case .stream:
            if kind != .true, kind != .false { throw RequestHead.mistaken("stream", [.bool]) }
            wantsStream = kind == .true
        case .streamOptions:
            if kind != .object { throw RequestHead.mistaken("stream_options", [.object]) }
            if let usage = source.value(of: "include_usage", in: value) {
                let kind = source.nodes[usage].kind
                if kind != .true, kind != .false {
                    throw RequestHead.mistaken("stream_options.include_usage", [.bool])
                }
                wantsStreamUsage = kind == .true
            }
        case .temperature:
            guard kind == .number else { throw RequestHead.mistaken("temperature", [.number]) }
            if JSONNumbers.isZero(source.bytes(of: value)) { isDeterministic = true }
        case .seed: isDeterministic = true
        }
    }

    private static func mistaken(_ name: String, _ kinds: [EndpointRules.Kind]) -> RequestError {
        let expected = kinds.map(\.rawValue).joined(separator: " or ")
        return RequestError(path: "$.\(name)", message: "`\(name)` must be \(expected).")
    }
}

extension EndpointRules.Kind {
    /// A bit for the raw value of each kind of node that is of this kind.
    var nodeKinds: UInt8 {
        switch self {
        case .bool: 1 << JSONNode.Kind.true.rawValue | 1 << JSONNode.Kind.false.rawValue
        case .number: 1 << JSONNode.Kind.number.rawValue
        case .string: 1 << JSONNode.Kind.string.rawValue
        case .array: 1 << JSONNode.Kind.array.rawValue
        case .object: 1 << JSONNode.Kind.object.rawValue
        }
    }
}
