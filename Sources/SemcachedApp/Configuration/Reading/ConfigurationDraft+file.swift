import SemanticCache

extension ConfigurationDraft {
    /// Takes over what a file says.
    mutating func read(_ document: YAMLNode, path: String) {
        switch document.content {
        case .empty: break
        case .map(let members): readSection(members, prefix: "", path: path)
        case .text, .list:
            report("must be a map of sections, but is \(document.kind)", origin: .file(path: path, line: document.line))
        }
    }

    private mutating func readSection(_ members: [YAMLNode.Member], prefix: String, path: String) {
        for member in members {
            let key = prefix + member.key
            let origin = SettingOrigin.file(path: path, line: member.line)
            if key == "prices" {
                readPrices(member.value, origin: origin, path: path)
            } else if key == "namespaces" {
                readNamespaces(member.value, origin: origin, path: path)
            } else if let setting = member.key.contains(".") ? nil : Settings.byKey[key] {
                if let raw = rawValue(of: member.value, key: key, origin: origin) {
                    apply(raw, to: setting, origin: origin)
                }
            } else if Settings.isSection(key), !member.key.contains(".") {
                if let members = section(member.value, key: key, origin: origin) {
                    readSection(members, prefix: key + ".", path: path)
                }
            } else {
                report("is no setting\(Settings.hint(for: key))", key: key, origin: origin)
            }
        }
    }

    private mutating func readNamespaces(_ node: YAMLNode, origin: SettingOrigin, path: String) {
        for member in section(node, key: "namespaces", origin: origin) ?? [] {
            let key = "namespaces.\(member.key)"
            let origin = SettingOrigin.file(path: path, line: member.line)
            guard Namespace(member.key) != nil else {
                report(
                    "'\(member.key)' is no name of a namespace; 1 to 128 letters, digits, '.', '_' and '-' are, "
                        + "beginning with a letter or digit",
                    key: "namespaces",
                    origin: origin
                )
                continue
            }
            namespaceValues[member.key, default: []] += []
            let members = section(member.value, key: key, origin: origin) ?? []
            readNamespace(members, named: member.key, prefix: "", path: path)
        }
    }

    private mutating func readNamespace(_ members: [YAMLNode.Member], named name: String, prefix: String, path: String)
    {
        for member in members {
            let key = prefix + member.key
            let fullKey = "namespaces.\(name).\(key)"
            let origin = SettingOrigin.file(path: path, line: member.line)
            let isNested = !member.key.contains(".")
            if isNested, let setting = Settings.byKey[key] {
                if setting.namespace == nil {
                    report("is set for the service as a whole, not per namespace", key: fullKey, origin: origin)
                } else if let raw = rawValue(of: member.value, key: fullKey, origin: origin) {
                    namespaceValues[name, default: []].append(
                        NamespaceValue(setting: setting, raw: raw, origin: origin)
                    )
                }
            } else if isNested, Settings.isSection(key) {
                if let members = section(member.value, key: fullKey, origin: origin) {
                    readNamespace(members, named: name, prefix: key + ".", path: path)
                }
            } else {
                report("is no setting\(Settings.hint(for: key))", key: fullKey, origin: origin)
            }
        }
    }

    /// The members of a section; an empty one has none, and anything else is a problem.
    mutating func section(_ node: YAMLNode, key: String, origin: SettingOrigin) -> [YAMLNode.Member]? {
        switch node.content {
        case .map(let members): return members
        case .empty: return []
        case .text, .list:
            report("must be a map, but is \(node.kind)", key: key, origin: origin)
            return nil
        }
    }

    private mutating func rawValue(of node: YAMLNode, key: String, origin: SettingOrigin) -> RawValue? {
        switch node.content {
        case .empty: return .empty
        case .text(let text): return .text(text)
        case .map:
            report("must be a value, but is a map", key: key, origin: origin)
            return nil
        case .list(let elements):
            var texts: [String] = []
            for element in elements {
                guard case .text(let text) = element.content else {
                    report("holds \(element.kind) where a text must be", key: key, origin: origin)
                    return nil
                }
                texts.append(text)
            }
            return .list(texts)
        }
    }
}
