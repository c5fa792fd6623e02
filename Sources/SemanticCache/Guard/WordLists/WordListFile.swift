/// A file of word lists: `[section]` lines, `#` comments, the section's lines below it.
struct WordListFile: Sendable {
    /// The file that comes with the product.
    static let english = WordListFile(String(decoding: PackageResources.english_txt, as: UTF8.self))

    /// The antonyms of WordNet.
    static let wordNet = WordListFile(String(decoding: PackageResources.wordnet_antonyms_txt, as: UTF8.self))

    private var lines: [String: [Substring]] = [:]

    /// Reads a file's text; what stands before the first section is ignored.
    init(_ text: String) {
        var section = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.prefix { $0 != "#" }.trimmed
            if line.isEmpty { continue }
            if line.first == "[", line.last == "]" {
                section = String(line.dropFirst().dropLast())
            } else {
                lines[section, default: []].append(line)
            }
        }
    }

    /// The words of a section, in the order of the file; none when there is no such section.
    func words(_ section: String) -> [String] {
        lines[section, default: []].flatMap { $0.split(separator: " ").map(String.init) }
    }

    /// The `name = value` lines of a section.
    func pairs(_ section: String) -> [(name: String, value: String)] {
        lines[section, default: []].compactMap { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            return (String(parts[0].trimmed), String(parts[1].trimmed))
        }
    }

    /// The lines of a section, each as its sides (between `/`) of items (between `,`).
    func groups(_ section: String) -> [[[String]]] {
        lines[section, default: []].map { line in
            line.split(separator: "/").map { side in
                side.split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }
            }
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
