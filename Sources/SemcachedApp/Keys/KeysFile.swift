import CacheServer

/// Reads the file of the keys that callers may present:
/// `keys: [ { id: gateway-a, sha256: "…", scopes: [read, write], namespaces: ["support-*"] } ]`.
enum KeysFile {
    /// The keys in `yaml`, the text of the file at `path`.
    ///
    /// - Throws: every problem there is; none of them holds a digest.
    static func keys(in yaml: String, path: String) throws(ConfigurationError) -> AccessKeys {
        var draft = KeysDraft(path: path)
        do throws(YAMLFailure) {
            draft.read(try YAMLNode(yaml: yaml))
        } catch {
            draft.report("column \(error.column): \(error.problem)", line: error.line)
        }
        guard draft.problems.isEmpty else { throw ConfigurationError(problems: draft.problems) }
        return AccessKeys(draft.keys)
    }
}
