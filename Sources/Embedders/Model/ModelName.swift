import Crypto

/// The name under which a model's vectors are kept apart from all others'.
enum ModelName {
    /// `name-digest-pooling-tokens`.
    ///
    /// The digest is the first 16 hexadecimal digits of SHA-256 over whatever shapes a vector: weights, vocabulary and
    /// the settings that config.json and the tokenizer's file give.
    static func id(_ name: String, weights: [UInt8], vocabulary: [UInt8], _ shape: ModelConfiguration) -> String {
        var hasher = SHA256()
        for file in [weights, vocabulary] {
            withUnsafeBytes(of: UInt64(file.count).littleEndian) { hasher.update(bufferPointer: $0) }
            file.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        }
        let settings = """
            \(shape.heads) \(shape.epsilon) \(shape.splitter.lowercases) \(shape.splitter.stripsAccents) \
            \(shape.splitter.separatesIdeographs)
            """
        Array(settings.utf8).withUnsafeBytes { hasher.update(bufferPointer: $0) }
        let digits = Array("0123456789abcdef".utf8)
        let digest = hasher.finalize().prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\(name)-\(String(decoding: digest, as: UTF8.self))-\(shape.pooling.rawValue)-\(shape.maximumTokens)"
    }

    /// The last component of a folder's path.
    static func last(of folder: String) -> String {
        String(folder.split(separator: "/").last(where: { $0 != "." && $0 != ".." }) ?? "model")
    }
}
