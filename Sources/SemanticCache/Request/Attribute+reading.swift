import JSONScanning

extension Attribute {
    /// Most attributes of a prompt: an entry is findable by each selection of them.
    public static let mostOfPrompt = 5
    /// Bytes of the longest name.
    static let longestName = 64
    /// Bytes of the longest value.
    static let longestValue = 64 * 1024

    /// Reads the object of strings at `object`, by name; `path` says where it is in the request.
    static func read(_ source: RequestSource, _ object: Int, at path: String) throws(RequestError) -> [Attribute] {
        guard source.nodes[object].kind == .object else {
            throw RequestError(path: path, message: "Attributes must be an object of strings.")
        }
        var attributes: [Attribute] = []
        var key = object + 1
        for _ in 0..<source.nodes[object].count {
            let name = source.string(at: key)
            guard source.nodes[key + 1].kind == .string else {
                throw RequestError(
                    path: "\(path).\(name.prefix(longestName))",
                    message: "An attribute must be a string."
                )
            }
            attributes.append(Attribute(name: name, value: source.string(at: key + 1)))
            key = Int(source.nodes[key + 1].end)
        }
        try check(attributes, at: path)
        return attributes.sorted { $0.name < $1.name }
    }

    /// Checks the attributes of a prompt, or of a selection of prompts: how many, their names, their lengths.
    ///
    /// - Throws: ``RequestError`` with a path that begins with `path`.
    public static func check(_ attributes: [Attribute], at path: String) throws(RequestError) {
        guard attributes.count <= mostOfPrompt else {
            throw RequestError(path: path, message: "A prompt may have at most \(mostOfPrompt) attributes.")
        }
        for attribute in attributes {
            guard isName(attribute.name) else {
                throw RequestError(
                    path: path,
                    message: "An attribute's name must be 1 to \(longestName) letters, digits, '_' or '-'."
                )
            }
            guard 1...longestValue ~= attribute.value.utf8.count else {
                throw RequestError(
                    path: "\(path).\(attribute.name)",
                    message: "An attribute must have 1 to \(longestValue) bytes."
                )
            }
        }
    }

    private static func isName(_ name: String) -> Bool {
        1...longestName ~= name.utf8.count
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
