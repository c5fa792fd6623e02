import ArgumentParser
import JSONScanning

/// `semcachectl keys hash`.
struct KeysHash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        abstract: "Print the SHA-256 of a key, as the keys file holds it.",
        usage: "semcachectl keys hash [<key>]",
        discussion: """
            Reads the key from standard input when it is not given; other users of the machine can see arguments.

            EXAMPLES
              semcachectl keys hash < key.txt
            """
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    @Argument(help: "The key; else a line of standard input.")
    var key: String?

    func run() throws {
        let text: String
        if let key, key != "-" {
            text = key
        } else {
            let console = Console.current
            if console.isInputTerminal { console.note("Type the key and press return:") }
            var source = try LineSource("-", maximumBytes: 64 << 10)
            text = String(decoding: try source.next()?.bytes ?? [], as: UTF8.self)
        }
        let key = String(text.reversed().drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace))
        guard !key.isEmpty else { throw CommandFailure("there is no key: the line is empty") }
        guard key.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw CommandFailure("the key must be visible ASCII characters, as a header carries it")
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("sha256")
        writer.string(KeyText.digest(key))
        writer.endObject()
        try global.output.write(json: writer.bytes, table: KeyText.digest(key))
    }
}
