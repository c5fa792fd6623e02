import Glibc
import Logging
import NIOCore
import SemanticCache

/// Sets up where log lines go.
enum Logs {
    /// The form of the lines: what the settings say, or else what suits whoever reads standard error.
    static func format(_ settings: LogSettings) -> LogSettings.Format {
        settings.format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
    }

    /// Sends all logs to standard error in the form that the settings say.
    static func bootstrap(_ settings: LogSettings) {
        let format = format(settings)
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
