/// `GET /openapi.json`.
enum OpenAPIRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
    }
}
