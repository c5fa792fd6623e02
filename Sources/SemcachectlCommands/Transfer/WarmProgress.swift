import Glibc

/// How many lines of a file are done, kept in a file beside it, so that a run goes on where an earlier one ended.
struct WarmProgress {
    /// The file.
    let path: String
    private var saved = 0
    private var savedAt: ContinuousClock.Instant?

    /// Names the file; reads nothing.
    init(path: String) { self.path = path }

    /// The lines that an earlier run has done; 0 when there was none.
    mutating func load() throws(CommandFailure) -> Int {
        guard access(path, F_OK) == 0 else { return 0 }
        let text = String(decoding: try FileBytes.read(path, limit: 1 << 20), as: UTF8.self)
        guard let lines = Int(text.filter { !$0.isWhitespace }), lines >= 0 else {
            throw CommandFailure("\(path) does not hold a number of lines; delete it to start from the first line")
        }
        saved = lines
        return lines
    }

    /// Notes that `lines` lines are done; writes at most once a second, unless `isLast`.
    mutating func note(_ lines: Int, isLast: Bool = false) throws(CommandFailure) {
        let now = ContinuousClock.now
        if !isLast, let savedAt, now - savedAt < .seconds(1) { return }
        guard lines != saved else { return }
        // Renamed into place, so that an interrupted run leaves the old file or the new one.
        let next = path + ".new"
        let descriptor = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw fault(next) }
        let bytes = Array("\(lines)\n".utf8)
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count
        guard close(descriptor) == 0, isWritten, rename(next, path) == 0 else { throw fault(path) }
        saved = lines
        savedAt = now
    }

    /// Everything is done: removes the file.
    func remove() { unlink(path) }

    private func fault(_ path: String) -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno))); --progress-file names another")
    }
}
