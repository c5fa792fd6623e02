import Yams

/// A part of a YAML document, with the line it begins on.
struct YAMLNode: Sendable {
    /// What stands there.
    enum Content: Sendable {
        case empty
        case text(String)
        case list([YAMLNode])
        case map([Member])
    }

    /// A key and its value.
    struct Member: Sendable {
        let key: String
        /// The line of the key.
        let line: Int
        let value: YAMLNode
    }

    let line: Int
    let content: Content

    /// What kind of thing it is, for people.
    var kind: String {
        switch content {
        case .empty: "nothing"
        case .text: "a single value"
        case .list: "a list"
        case .map: "a map"
        }
    }
}

extension YAMLNode {
    /// Most parts of a document; aliases can make a small document a huge one.
    private static let mostParts = 100_000

    /// Reads a document; an empty one is ``Content/empty``.
    init(yaml: String) throws(YAMLFailure) {
        let root: Node?
        do {
            root = try Parser(yaml: yaml, resolver: .basic, constructor: .default, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw YAMLFailure(error, in: yaml)
        } catch {
            throw YAMLFailure(line: 1, column: 1, problem: "it cannot be read")
        }
        guard let root else {
            self.init(line: 1, content: .empty)
            return
        }
        var parts = 0
        self = try YAMLNode(root, parts: &parts)
    }

    private init(_ node: Node, parts: inout Int) throws(YAMLFailure) {
        let line = node.mark?.line ?? 1
        parts += 1
        guard parts <= YAMLNode.mostParts else {
            throw YAMLFailure(line: line, column: 1, problem: "it has more than \(YAMLNode.mostParts) parts")
        }
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            self.init(line: line, content: isNull ? .empty : .text(scalar.string))
        case .sequence(let sequence):
            var list: [YAMLNode] = []
            for element in sequence { list.append(try YAMLNode(element, parts: &parts)) }
            self.init(line: line, content: .list(list))
        case .mapping(let mapping):
            var members: [Member] = []
            for (key, value) in mapping {
                let keyLine = key.mark?.line ?? line
                guard case .scalar(let name) = key else {
                    throw YAMLFailure(line: keyLine, column: key.mark?.column ?? 1, problem: "a key is not a text")
                }
                members.append(Member(key: name.string, line: keyLine, value: try YAMLNode(value, parts: &parts)))
            }
            self.init(line: line, content: .map(members))
        case .alias:
            throw YAMLFailure(line: line, column: 1, problem: "an alias has no anchor")
        }
    }
}
