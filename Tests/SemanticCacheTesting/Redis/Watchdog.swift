import Glibc

/// A shell that kills the children of a test process once that process is gone, even if it was killed itself.
///
/// It learns so by the end of the pipe that it reads, which closes with the process.
struct Watchdog: Sendable {
    static let shared = Watchdog()

    private let end: Int32

    private static let script = """
        trap '' INT TERM HUP
        while read -r sign child; do
            if [ "$sign" = + ]; then
                alive="$alive $child"
            else
                rest=
                for one in $alive; do [ "$one" = "$child" ] || rest="$rest $one"; done
                alive=$rest
            fi
        done
        [ -z "$alive" ] || kill -9 $alive
        """

    private init() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 else { fatalError("cannot make a pipe") }
        end = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        // Whoever reads the output of the test run must not wait for this shell.
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        for descriptor in Int32(3)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(Watchdog.script), nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        guard posix_spawnp(&child, "sh", &actions, nil, words, environ) == 0 else { fatalError("cannot start sh") }
        close(ends[0])
    }

    /// Kills `child` when this process ends.
    func watch(_ child: pid_t) { tell("+ \(child)\n") }

    /// Leaves `child` alone: it has ended and was reaped.
    func forget(_ child: pid_t) { tell("- \(child)\n") }

    private func tell(_ line: String) {
        // Shorter than PIPE_BUF, so lines of several threads never mix.
        var line = line
        line.withUTF8 { _ = write(end, $0.baseAddress, $0.count) }
    }
}
