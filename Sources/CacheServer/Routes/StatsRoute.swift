/// `GET /v1/stats`.
enum StatsRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
    }
}
