import JSONScanning

/// An array that is being put together.
///
/// Pieces with an integer `index` belong to the element of that index, as in `tool_calls` of a chat stream; all others
/// are elements of their own.
struct JSONArrayDraft: Sendable {
    private var elements: [JSONDraft] = []
    /// The `index` of each element, nil for those without one.
    private var indices: [Int?] = []
    private var places: [Int: Int] = [:]

    /// Adds the elements of `pieces`, the next piece of the member `name`.
    mutating func append(_ pieces: JSONValue, as name: String) throws(EventDefect) {
        // An answer that is not streamed has no `index` in its tool calls.
        let excluded = name == "tool_calls" ? "index" : nil
        for piece in pieces.elements {
            if let index = piece["index"]?.int {
                try add(piece, index: index, without: excluded)
            } else if excluded != nil, piece["index"]?.isNull == false {
                throw EventDefect("the index of a tool call must be an integer")
            } else {
                append(piece)
            }
        }
    }

    /// Adds an element that is whole.
    mutating func append(_ element: JSONValue) {
        elements.append(JSONDraft(whole: element))
        indices.append(nil)
    }

    /// Writes the elements, by `index` when all have one, else as they came.
    func write(to writer: inout JSONWriter) {
        let order =
            indices.contains(nil)
            ? Array(elements.indices)
            : elements.indices.sorted { (indices[$0] ?? 0, $0) < (indices[$1] ?? 0, $1) }
        writer.beginArray()
        for place in order { elements[place].write(to: &writer) }
        writer.endArray()
    }

    private mutating func add(_ piece: JSONValue, index: Int, without excluded: String?) throws(EventDefect) {
        if let place = places[index], case .object(var element) = elements[place], !startsAnother(piece, than: element)
        {
            elements[place] = .null
            try element.accumulate(piece, without: excluded)
            elements[place] = .object(element)
        } else {
            var element = JSONObjectDraft()
            try element.accumulate(piece, without: excluded)
            places[index] = elements.count
            elements.append(.object(element))
            indices.append(index)
        }
    }

    /// Whether a piece has another id or type than the element so far: some servers give every call the index 0.
    private func startsAnother(_ piece: JSONValue, than element: JSONObjectDraft) -> Bool {
        let labels = [(piece["id"], element["id"]), (piece["type"], element["type"])]
        return labels.contains { label, known in
            guard let label = label?.stringBytes, case .text(let known)? = known else { return false }
            return !label.isEmpty && !known.isEmpty && label != known
        }
    }
}
