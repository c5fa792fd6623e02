import ArgumentParser
import CacheAPI
import JSONScanning

/// Where a lookup's body comes from.
struct RequestInput: ParsableArguments {
    @Argument(
        help: ArgumentHelp("A file, or - for standard input: the body of a lookup, or an upstream request by itself."),
        completion: .file()
    )
    var file: String

    @Option(help: ArgumentHelp("The namespace of an upstream request by itself.", valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("The endpoint of an upstream request by itself.", valueName: "name"))
    var endpoint: String?

    /// The body to send: a document with a member `request` as it is, any other as the request of `options`.
    func body(_ options: CacheOptions?) throws -> JSONText {
        let bytes = try FileBytes.read(file, limit: 64 << 20)
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(bytes)
        } catch {
            throw CommandFailure("\(FileBytes.name(file)) is not JSON: \(TextPlace.sentence(error, in: bytes))")
        }
        guard document.root.kind == .object else {
            throw CommandFailure("\(FileBytes.name(file)) must hold a JSON object: a lookup or an upstream request")
        }
        if document.root["request"] != nil {
            guard namespace == nil, endpoint == nil else {
                let detail =
                    "holds the body of a lookup, so --namespace and --endpoint have no meaning; change the file"
                throw CommandFailure("\(FileBytes.name(file)) \(detail)", status: .usage)
            }
            return JSONText(document.root)
        }
        let body = LookupBody(
            namespace: namespace,
            endpoint: endpoint,
            request: JSONText(document.root),
            cache: options
        )
        return JSONText(valid: try BodyEncoder.encode(body))
    }
}
