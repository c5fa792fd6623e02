import CacheAPI

/// `GET /openapi.json`.
enum OpenAPIRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        exchange.respond(HTTPAnswer(status: 200, contentType: "application/json", body: OpenAPIDocument.json))
    }
}
