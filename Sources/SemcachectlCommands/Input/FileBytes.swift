import Glibc

/// Reading whole small files.
enum FileBytes {
    /// The bytes of the file at `path`, or of standard input for `-`.
    static func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = try opened(path)
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        while true {
            let part = try next(descriptor, path)
            if part.isEmpty { return bytes }
            bytes += part
            guard bytes.count <= limit else {
                throw CommandFailure("\(name(path)) is larger than \(limit >> 20) MiB, which is more than is taken")
            }
        }
    }

    /// A descriptor to read `path`, or standard input for `-`.
    static func opened(_ path: String) throws(CommandFailure) -> Int32 {
        if path == "-" { return Console.current.inputDescriptor }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// The next bytes of a descriptor, empty at its end.
    static func next(_ descriptor: Int32, _ path: String) throws(CommandFailure) -> [UInt8] {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, initialized in
                // The system has written exactly `count` bytes, which is what is declared initialized.
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                initialized = max(0, count)
            }
            if count >= 0 { return bytes }
            if errno != EINTR {
                throw CommandFailure("\(name(path)) cannot be read: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// How a message names `path`.
    static func name(_ path: String) -> String { path == "-" ? "standard input" : path }
}
