import ArgumentParser

/// `semcachectl keys new`.
struct KeysNew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a key, and print it and its entry for the keys file.",
        usage: "semcachectl keys new --id <name> [--scope <scope> ...] [--namespace <pattern> ...]",
        discussion: """
            EXAMPLES
              semcachectl keys new --id gateway-a --namespace 'support-*'
              semcachectl keys new --id operator --scope admin --scope read
            """
    )

    /// What a key may be used for.
    enum Scope: String, ExpressibleByArgument, CaseIterable {
        case read
        case write
        case admin
    }

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Option(help: ArgumentHelp("The name of the key, for logs.", valueName: "name"))
    var id: String

    @Option(help: "What it may be used for; repeat it for more. (default: read and write)")
    var scope: [Scope] = []

    @Option(help: ArgumentHelp("Where it may be used; * stands for anything. (default: *)", valueName: "pattern"))
    var namespace: [String] = []

    func validate() throws {
        guard Self.isWord(id, maximum: 64, extra: "") else {
            throw ValidationError("--id must be 1 to 64 letters, digits, '.', '_' and '-'")
        }
        for pattern in namespace where !Self.isWord(pattern, maximum: 128, extra: "*") {
            throw ValidationError("--namespace must be 1 to 128 letters, digits, '.', '_', '-' and '*'")
        }
    }

    func run() throws {
        let scopes = scope.isEmpty ? [.read, .write] : Scope.allCases.filter(scope.contains)
        let key = KeyText(
            key: KeyText.random(),
            id: id,
            scopes: scopes.map(\.rawValue),
            namespaces: namespace.isEmpty ? ["*"] : namespace
        )
        try global.output.write(json: key.json, table: key.table)
    }

    private static func isWord(_ text: String, maximum: Int, extra: String) -> Bool {
        1...maximum ~= text.utf8.count
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "._-\(extra)".unicodeScalars.contains(scalar))
            }
    }
}
