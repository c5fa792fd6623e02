import ArgumentParser
import CacheClient
import Glibc

/// One run of semcachectl.
public enum CommandRun {
    /// Runs the command that this process' arguments name, and exits.
    public static func main() async -> Never {
        signal(SIGPIPE, SIG_IGN)
        exit(await status(of: Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs the command that `arguments` name and returns the exit status: 0 done, 1 refused or failed, 64 wrong usage,
    /// 69 server unreachable.
    static func status(of arguments: [String]) async -> Int32 {
        let console = Console.current
        do {
            var command = try Semcachectl.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as CommandFailure {
            return fail(error, console)
        } catch let error as CacheClientError {
            return fail(CommandFailure(error), console)
        } catch OutputError.readerIsGone {
            return 0
        } catch OutputError.failed(let reason) {
            return fail(CommandFailure("standard output cannot be written: \(reason)"), console)
        } catch {
            return finish(error, console)
        }
    }

    private static func fail(_ failure: CommandFailure, _ console: Console) -> Int32 {
        if let message = failure.message { console.note("semcachectl: \(message)") }
        return failure.status.rawValue
    }

    /// Says what ArgumentParser has to say: help, version and completions on standard output, wrong usage elsewhere.
    private static func finish(_ error: any Error, _ console: Console) -> Int32 {
        let status = Semcachectl.exitCode(for: error)
        let message = Semcachectl.fullMessage(for: error)
        guard status == .success else {
            if !message.isEmpty { console.note(message) }
            return status.rawValue
        }
        if !message.isEmpty { try? console.print(message) }
        return 0
    }
}
