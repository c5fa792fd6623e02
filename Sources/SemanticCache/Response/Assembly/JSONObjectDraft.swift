import JSONScanning

/// An object that is being put together; its members keep the order in which they first came.
struct JSONObjectDraft: Sendable {
    private var names: [String] = []
    private var values: [JSONDraft] = []
    private var places: [Name: Int] = [:]

    /// The member of a name; setting nil is ignored.
    subscript(name: String) -> JSONDraft? {
        get { places[Name(text: name)].map { values[$0] } }
        set {
            guard let newValue else { return }
            if let place = places[Name(text: name)] { values[place] = newValue } else { add(newValue, name) }
        }
    }

    /// Takes a later state of a member: null or an empty string does not replace what is there.
    mutating func update(_ name: String, with value: JSONValue) {
        guard let place = places[Name(text: name)] else { return add(JSONDraft(whole: value), name) }
        if value.isNull || value.matches("") { return }
        values[place] = JSONDraft(whole: value)
    }

    /// Adds the members of `pieces`, each as ``JSONDraft/accumulate(_:as:)`` does.
    mutating func accumulate(_ pieces: JSONValue, without excluded: String? = nil) throws(EventDefect) {
        for (name, piece) in pieces.members where name != excluded { try accumulate(piece, as: name) }
    }

    /// Adds a piece of one member.
    mutating func accumulate(_ piece: JSONValue, as name: String) throws(EventDefect) {
        if let place = places[Name(text: name)] {
            try values[place].accumulate(piece, as: name)
        } else {
            add(try JSONDraft(growing: piece, as: name), name)
        }
    }

    /// Adds one element to the member `name`, an array.
    mutating func append(_ element: JSONValue, toArray name: String) throws(EventDefect) {
        var array = JSONArrayDraft()
        if let known = self[name], !known.isNull {
            guard case .array(let draft) = known else { throw EventDefect.changesKind }
            array = draft
        }
        self[name] = .null
        array.append(element)
        self[name] = .array(array)
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    /// Writes the members into an object that is open already.
    func writeMembers(to writer: inout JSONWriter) {
        for (name, value) in zip(names, values) {
            writer.name(name)
            value.write(to: &writer)
        }
    }

    private mutating func add(_ value: JSONDraft, _ name: String) {
        places[Name(text: name)] = values.count
        names.append(name)
        values.append(value)
    }

    /// A member's name, equal only to the same UTF-8: JSON knows no canonical equivalence.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
