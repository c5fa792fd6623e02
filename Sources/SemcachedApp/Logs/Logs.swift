import Glibc
import Logging
import NIOCore
import SemanticCache

/// Sets up where log lines go.
enum Logs {
    /// Sends all logs to standard error in the form that the settings say.
    static func bootstrap(_ settings: LogSettings) {
        let format = settings.format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
        LoggingSystem.bootstrap { label in
            switch format {
            case .json: return JSONLogHandler(label: label, level: settings.level, now: EngineClock.system.now)
            case .text:
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = settings.level
                return handler
            }
        }
    }
}
