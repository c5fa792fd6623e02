import CacheServer

/// The keys of a file while it is read.
struct KeysDraft {
    let path: String
    private(set) var keys: [AccessKey] = []
    private(set) var problems: [ConfigurationError.Problem] = []
    private var linesByID: [String: Int] = [:]
    private var idsByDigest: [KeyDigest: String] = [:]

    init(path: String) { self.path = path }

    /// Notes a problem.
    mutating func report(_ reason: String, key: String? = nil, line: Int) {
        problems.append(
            ConfigurationError.Problem(key: key, origin: .file(path: path, line: line), reason: reason)
        )
    }

    /// Takes over a document.
    mutating func read(_ document: YAMLNode) {
        guard case .map(let members) = document.content else {
            report("must be a map with the list 'keys', but is \(document.kind)", line: document.line)
            return
        }
        for member in members where member.key != "keys" {
            report("is unknown; known is keys", key: member.key, line: member.line)
        }
        guard let member = members.first(where: { $0.key == "keys" }) else {
            report("the list 'keys' is missing", line: document.line)
            return
        }
        guard case .list(let entries) = member.value.content else {
            report("must be a list, but is \(member.value.kind)", key: "keys", line: member.line)
            return
        }
        if entries.isEmpty { report("must not be empty: nobody could call", key: "keys", line: member.line) }
        for (index, entry) in entries.enumerated() { read(entry, as: "keys[\(index)]") }
    }

    private mutating func read(_ entry: YAMLNode, as name: String) {
        guard case .map(let members) = entry.content else {
            report("must be a map, but is \(entry.kind)", key: name, line: entry.line)
            return
        }
        let known = ["id", "sha256", "scopes", "namespaces"]
        for member in members where !known.contains(member.key) {
            let hint = NearestName.to(member.key, among: known).map { "did you mean \($0)?" }
            report(
                "is unknown; \(hint ?? "known are " + known.joined(separator: ", "))",
                key: "\(name).\(member.key)",
                line: member.line
            )
        }
        var values: [String: YAMLNode.Member] = [:]
        for member in members { values[member.key] = member }
        for part in known where values[part] == nil { report("is missing", key: "\(name).\(part)", line: entry.line) }
        let id = values["id"].flatMap { readID($0, of: name) }
        let digest = values["sha256"].flatMap { readDigest($0, of: name, id: id) }
        let scopes = values["scopes"].flatMap { readScopes($0, of: name) }
        let namespaces = values["namespaces"].flatMap { readNamespaces($0, of: name) }
        guard let id, let digest, let scopes, let namespaces else { return }
        keys.append(AccessKey(id: id, digest: digest, scopes: scopes, namespaces: namespaces))
    }

    private mutating func readID(_ member: YAMLNode.Member, of name: String) -> String? {
        let key = "\(name).id"
        guard case .text(let id) = member.value.content, 1...128 ~= id.utf8.count,
            id.unicodeScalars.allSatisfy({ 0x21...0x7E ~= $0.value })
        else {
            report("must be 1 to 128 printable ASCII characters without space", key: key, line: member.line)
            return nil
        }
        if let line = linesByID.updateValue(member.line, forKey: id) {
            report("'\(id)' is the id of the key in line \(line) too", key: key, line: member.line)
            return nil
        }
        return id
    }

    private mutating func readDigest(_ member: YAMLNode.Member, of name: String, id: String?) -> KeyDigest? {
        let key = "\(name).sha256"
        guard case .text(let text) = member.value.content, let digest = KeyDigest(hexadecimal: text) else {
            report(
                "must be the SHA-256 of the key as 64 hexadecimal digits (semcachectl keys hash prints it)",
                key: key,
                line: member.line
            )
            return nil
        }
        if let other = idsByDigest.updateValue(id ?? name, forKey: digest) {
            report("is the digest of the key '\(other)' too", key: key, line: member.line)
            return nil
        }
        return digest
    }

    private mutating func readScopes(_ member: YAMLNode.Member, of name: String) -> Set<Scope>? {
        let allowed = "must be a list of read, write and admin"
        guard let texts = texts(member, key: "\(name).scopes", allowed: allowed) else { return nil }
        var scopes: Set<Scope> = []
        for text in texts {
            if let scope = Scope(rawValue: text) {
                scopes.insert(scope)
            } else {
                report("'\(text)' is no scope; \(allowed)", key: "\(name).scopes", line: member.line)
            }
        }
        return scopes.count == texts.count ? scopes : nil
    }

    private mutating func readNamespaces(_ member: YAMLNode.Member, of name: String) -> [NamespacePattern]? {
        let key = "\(name).namespaces"
        guard let texts = texts(member, key: key, allowed: "must be a list of names of namespaces, * for any letters")
        else { return nil }
        var patterns: [NamespacePattern] = []
        for text in texts {
            if let pattern = NamespacePattern(text) {
                patterns.append(pattern)
            } else {
                report(
                    "'\(text)' is no pattern; only letters, digits, '.', '_', '-' and '*' are allowed",
                    key: key,
                    line: member.line
                )
            }
        }
        return patterns.count == texts.count ? patterns : nil
    }

    /// The texts of a list that is not empty and names nothing twice.
    private mutating func texts(_ member: YAMLNode.Member, key: String, allowed: String) -> [String]? {
        guard case .list(let elements) = member.value.content else {
            report("\(allowed), but is \(member.value.kind)", key: key, line: member.line)
            return nil
        }
        var texts: [String] = []
        for element in elements {
            guard case .text(let text) = element.content else {
                report("\(allowed), but holds \(element.kind)", key: key, line: element.line)
                return nil
            }
            texts.append(text)
        }
        guard !texts.isEmpty else {
            report("\(allowed), but is empty", key: key, line: member.line)
            return nil
        }
        guard Set(texts).count == texts.count else {
            report("names something twice", key: key, line: member.line)
            return nil
        }
        return texts
    }
}
