/// `GET /`.
///
/// The page itself wants no key; what it asks for does.
enum DashboardRoute {
    static func serve(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        let page = DashboardPage.current
        let isKnown = exchange.call.ifNoneMatch.map { matches($0, page.entityTag) } ?? false
        var answer =
            isKnown
            ? HTTPAnswer(status: 304)
            : HTTPAnswer(status: 200, contentType: "text/html; charset=utf-8", body: page.document)
        answer.addHeader("etag", page.entityTag)
        answer.addHeader("cache-control", "no-cache")
        answer.addHeader("content-security-policy", page.contentSecurityPolicy)
        answer.addHeader("x-content-type-options", "nosniff")
        answer.addHeader("x-frame-options", "DENY")
        answer.addHeader("referrer-policy", "no-referrer")
        answer.addHeader("cross-origin-resource-policy", "same-origin")
        exchange.respond(answer)
    }

    /// Whether `If-None-Match` names the page; a weak tag names the same (RFC 9110, section 13.1.2).
    private static func matches(_ header: String, _ tag: String) -> Bool {
        header.split(separator: ",").contains { part in
            let listed = part.drop { $0 == " " }.prefix { $0 != " " }
            return listed == "*" || listed == tag || listed == "W/\(tag)"
        }
    }
}
