import Crypto

extension LexicalVerifier {
    /// The version of the rules, and the first bytes of the SHA-256 of the word lists.
    static let rulesAndLists: String = {
        let digest = SHA256.hash(data: PackageResources.english_txt).prefix(8)
        return "lexical/2-" + digest.map { String($0, radix: 16) }.joined()
    }()
}
