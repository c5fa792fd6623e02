import Glibc
import Synchronization

/// A program started by a test, addressed only by its process id.
///
/// Whatever still runs when the test process ends, however it ends, is killed then.
public final class ChildProcess: Sendable {
    /// The program could not be started, or its outcome was not the wanted one.
    public struct Failure: Error, CustomStringConvertible {
        /// What happened.
        public let description: String

        /// Says what happened.
        public init(description: String) { self.description = description }
    }

    /// The process id; valid for signals until the process was reaped.
    public let identifier: pid_t
    private let exit = Mutex<Int32?>(nil)

    /// Starts `program`, looked up on PATH, with both of its outputs appended to the file `log`.
    public init(_ program: String, _ arguments: [String], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Nothing the test process has open may live on in the child: a listening socket would block its port.
        for descriptor in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }

        // Worker threads block most signals, and a child inherits that: it would not hear SIGTERM.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }

        var child: pid_t = 0
        let code = posix_spawnp(&child, program, &actions, &attributes, words, environ)
        guard code == 0 else {
            throw Failure(description: "cannot start \(program): \(String(cString: strerror(code)))")
        }
        identifier = child
        Watchdog.shared.watch(child)
    }

    /// Runs `program` to its end and throws unless it exits with 0.
    public static func run(_ program: String, _ arguments: [String], log: String) throws {
        let child = try ChildProcess(program, arguments, log: log)
        let status = child.waitForExit()
        guard status == 0 else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")) failed (\(status)), see \(log)")
        }
    }

    /// Whether the process has not ended yet.
    public var isRunning: Bool { poll(WNOHANG) == nil }

    /// Sends a signal, unless the process has ended and its id may belong to another one.
    public func signal(_ number: Int32) {
        exit.withLock { ended in
            if ended == nil { _ = Glibc.kill(identifier, number) }
        }
    }

    /// Blocks until the process has ended and returns its exit status.
    @discardableResult
    public func waitForExit() -> Int32 {
        while true {
            if let status = poll(0) { return status }
        }
    }

    /// Ends the process at once and reaps it.
    public func kill() {
        signal(SIGKILL)
        waitForExit()
    }

    deinit { kill() }

    /// The exit status once the process has ended; with options 0 this blocks until then.
    private func poll(_ options: Int32) -> Int32? {
        exit.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            guard waitpid(identifier, &status, options) == identifier else { return nil }
            Watchdog.shared.forget(identifier)
            ended = status
            return status
        }
    }
}
