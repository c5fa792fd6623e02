import JSONScanning

/// Reads the members of one object of a body; a member that nobody reads is an error.
struct EnvelopeReader {
    /// JSON path of the object.
    let path: String
    private let object: JSONValue

    /// Begins to read `value`, which must be an object.
    init(_ value: JSONValue, path: String) throws(EnvelopeError) {
        guard value.kind == .object else {
            throw EnvelopeError(path: path, message: "must be an object, not \(value.kind.article)")
        }
        object = value
        self.path = path
    }

    /// Calls `read` for each member, null or not; `read` says whether it knows the name.
    func forEachMember(
        _ known: [String],
        _ read: (_ name: JSONValue, _ value: JSONValue) throws(EnvelopeError) -> Bool
    ) throws(EnvelopeError) {
        var next = object.index + 1
        for _ in 0..<object.node.count {
            let name = JSONValue(document: object.document, index: next)
            let value = JSONValue(document: object.document, index: next + 1)
            if try !read(name, value) {
                let text = name.string ?? ""
                throw EnvelopeError(
                    path: "\(path).\(text.prefix(64))",
                    message: "unknown member; known are \(known.joined(separator: ", "))"
                )
            }
            next = Int(value.node.end)
        }
    }

    /// The string `value`, or an error that names `member`.
    func string(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> String {
        guard let string = value.string else { throw wrongKind(value, member, "a string") }
        return string
    }

    /// The Boolean `value`, or an error that names `member`.
    func bool(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> Bool {
        guard let bool = value.bool else { throw wrongKind(value, member, "true or false") }
        return bool
    }

    /// The integer `value` within `range`, or an error that names `member`.
    func integer(_ value: JSONValue, _ member: String, in range: ClosedRange<Int>) throws(EnvelopeError) -> Int {
        guard let integer = value.int, range ~= integer else {
            let most =
                range.upperBound == .max
                ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw EnvelopeError(path: "\(path).\(member)", message: "must be an integer \(most)")
        }
        return integer
    }

    /// The number `value` within `range`, or an error that names `member`.
    func number(_ value: JSONValue, _ member: String, in range: ClosedRange<Double>) throws(EnvelopeError) -> Double {
        guard let number = value.double, range ~= number else {
            throw EnvelopeError(
                path: "\(path).\(member)",
                message: "must be a number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// The tags in the array `value`, each once: at most 64 of 1 to 256 Unicode scalars without control characters.
    func tags(_ value: JSONValue, _ member: String) throws(EnvelopeError) -> [String] {
        guard value.kind == .array else { throw wrongKind(value, member, "an array of strings") }
        var tags: [String] = []
        for (place, element) in value.elements.enumerated() {
            let path = "\(self.path).\(member)[\(place)]"
            guard let tag = element.string else {
                throw EnvelopeError(path: path, message: "must be a string, not \(element.kind.article)")
            }
            guard 1...256 ~= tag.unicodeScalars.count, !tag.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw EnvelopeError(path: path, message: "must have 1 to 256 characters and no control characters")
            }
            guard !tags.contains(tag) else { continue }
            guard tags.count < 64 else {
                throw EnvelopeError(path: "\(self.path).\(member)", message: "may have at most 64 tags")
            }
            tags.append(tag)
        }
        return tags
    }

    /// The error for a member of the wrong kind.
    func wrongKind(_ value: JSONValue, _ member: String, _ wanted: String) -> EnvelopeError {
        EnvelopeError(path: "\(path).\(member)", message: "must be \(wanted), not \(value.kind.article)")
    }

    /// The error for a member that must be there.
    func missing(_ member: String) -> EnvelopeError {
        EnvelopeError(path: "\(path).\(member)", message: "is required")
    }
}

extension JSONNode.Kind {
    /// The kind's name as a phrase.
    var article: String {
        switch self {
        case .null: "null"
        case .true, .false: "a Boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
