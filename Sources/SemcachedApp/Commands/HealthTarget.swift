/// A server that is asked whether it lives.
struct HealthTarget: Sendable, Hashable, CustomStringConvertible {
    let host: String
    let port: Int
    let usesTLS: Bool

    var description: String {
        "\(usesTLS ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    init(host: String, port: Int, usesTLS: Bool) {
        self.host = host
        self.port = port
        self.usesTLS = usesTLS
    }

    /// Reads `http://host[:port][/]`, the same with `https://`, IPv6 addresses in brackets; nil for anything else.
    init?(url: String) {
        guard let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) else { return nil }
        usesTLS = scheme == "https://"
        var rest = url.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let portText: Substring
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = String(rest[..<end].dropFirst())
            portText = rest[end...].dropFirst()
        } else {
            let name = rest.prefix { $0 != ":" }
            host = String(name)
            portText = rest[name.endIndex...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && !"/?#@".utf8.contains($0) }) else { return nil }
        if portText.isEmpty {
            port = usesTLS ? 443 : 80
        } else {
            guard portText.hasPrefix(":"), let number = UInt16(portText.dropFirst()), number > 0 else { return nil }
            port = Int(number)
        }
    }
}
