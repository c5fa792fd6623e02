import Glibc
import JSONScanning

/// Reading the files of a model folder.
///
/// Blocks; done at the start only.
enum ModelFile {
    /// Most bytes of a file that is read: the largest BERT models have 1.4 GB.
    private static let limit = 4 << 30

    /// The bytes of a file, nil when there is none.
    static func bytes(at path: String) throws(ModelFolderError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        let size = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG, size <= limit else {
            throw ModelFolderError(
                .unreadable,
                path,
                "is not a file of at most \(limit) bytes",
                "put the model's own file there"
            )
        }
        var isRead = true
        // `count` is set to the bytes that `read` has initialized.
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { room, count in
            while count < size, let start = room.baseAddress {
                let got = read(descriptor, start + count, size - count)
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    isRead = got == 0
                    return
                }
                count += got
            }
        }
        guard isRead else { throw unreadable(path) }
        return bytes
    }

    /// The bytes of a file that must be there.
    static func requiredBytes(at path: String) throws(ModelFolderError) -> [UInt8] {
        guard let bytes = try bytes(at: path) else {
            throw ModelFolderError(
                .missing,
                path,
                "is missing",
                "point the setting to a sentence-transformers folder with config.json, model.safetensors and vocab.txt"
            )
        }
        return bytes
    }

    /// The JSON object in a file, nil when there is no file.
    static func object(at path: String) throws(ModelFolderError) -> JSONValue? {
        guard let bytes = try bytes(at: path) else { return nil }
        return try object(bytes, path)
    }

    /// The JSON object in a file that must be there.
    static func requiredObject(at path: String) throws(ModelFolderError) -> JSONValue {
        try object(requiredBytes(at: path), path)
    }

    private static func object(_ bytes: [UInt8], _ path: String) throws(ModelFolderError) -> JSONValue {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(bytes).root
        } catch {
            throw ModelFolderError(.malformed, path, "is not JSON (\(error))", "fetch the model again")
        }
        guard root.kind == .object || root.kind == .array else {
            throw ModelFolderError(.malformed, path, "is not a JSON object", "fetch the model again")
        }
        return root
    }

    private static func unreadable(_ path: String) -> ModelFolderError {
        ModelFolderError(
            .unreadable,
            path,
            "cannot be read (\(String(cString: strerror(errno))))",
            "let the service's user read it"
        )
    }
}
