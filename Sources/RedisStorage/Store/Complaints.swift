import Logging
import NIOCore

/// A log that says at most one thing a second, as what is wrong with Redis is wrong for every lookup.
final class Complaints {
    private let logger: Logger
    private var next = NIODeadline.uptimeNanoseconds(0)

    init(_ logger: Logger) { self.logger = logger }

    /// Logs a warning, unless one was logged within the last second.
    func log(_ message: Logger.Message, _ metadata: Logger.Metadata) {
        let now = NIODeadline.now()
        guard now >= next else { return }
        next = now + .seconds(1)
        logger.warning(message, metadata: metadata)
    }
}
