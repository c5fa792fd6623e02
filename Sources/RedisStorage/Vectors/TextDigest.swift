import Crypto

/// Names a text and the model that reads it, without telling either.
///
/// It is the SHA-256 of the length of the model's id, the id and the text.
struct TextDigest: Sendable, Hashable {
    /// The 32 bytes.
    let bytes: [UInt8]

    init(of text: String, _ modelID: String) {
        var length: [UInt8] = []
        length.append(word: UInt64(modelID.utf8.count))
        var hash = SHA256()
        hash.update(data: length)
        hash.update(data: Array(modelID.utf8))
        hash.update(data: Array(text.utf8))
        bytes = Array(hash.finalize())
    }

    /// The bucket of the vector's key.
    var bucket: Bucket { Bucket(index: Int(bytes[0] & 63)) }
}
