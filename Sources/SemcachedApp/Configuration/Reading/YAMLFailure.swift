import Yams

/// Where and why a document is no YAML; quotes nothing of it but keys.
struct YAMLFailure: Error, Hashable, CustomStringConvertible {
    let line: Int
    let column: Int
    let problem: String

    var description: String { "line \(line), column \(column): \(problem)" }

    init(line: Int, column: Int, problem: String) {
        self.line = line
        self.column = column
        self.problem = problem
    }

    init(_ error: YamlError, in yaml: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self.init(
                line: mark.line,
                column: mark.column,
                problem: "this is not YAML: \(problem)\(context.map { " (\($0.text))" } ?? "")"
            )
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            self.init(
                line: context.mark.line,
                column: context.mark.column,
                problem: "\(names) \(keys.count == 1 ? "is" : "are") set twice in the same place"
            )
        case .reader(let problem, let offset, _, _):
            let before = yaml.prefix(offset ?? 0)
            let line = before.count { $0.isNewline } + 1
            let column = before.reversed().prefix { !$0.isNewline }.count + 1
            self.init(line: line, column: column, problem: "this is not YAML: \(problem)")
        default:
            self.init(line: 1, column: 1, problem: "it cannot be read as YAML")
        }
    }
}
