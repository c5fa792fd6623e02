extension CacheClientConfiguration {
    /// What is wrong with `text` as the URL of a server, as the rest of a sentence; nil when nothing is.
    ///
    /// Never quotes what could be a password.
    package static func fault(inURL text: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            return "must begin with http:// or https://"
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") { return "must not hold credentials; give a key with --api-key-file" }
        if rest.contains("?") || rest.contains("#") { return "must not have a query or fragment" }
        let isPlain = text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        if authority.isEmpty || !isPlain { return "must name a host, as in http://127.0.0.1:9470" }
        let afterHost =
            authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
        if afterHost.isEmpty { return nil }
        guard afterHost.first == ":", let port = Int(afterHost.dropFirst()), 1...65_535 ~= port else {
            return "must have a port from 1 to 65535, as in http://127.0.0.1:9470"
        }
        return nil
    }
}
