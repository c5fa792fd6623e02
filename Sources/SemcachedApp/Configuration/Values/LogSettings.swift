public import CacheServer
public import Logging

/// What is logged, and how.
public struct LogSettings: Sendable, Hashable {
    /// The forms of a line.
    public enum Format: String, Sendable, CaseIterable {
        /// One JSON object.
        case json
        /// Words for people.
        case text
    }

    /// The least level that is logged (`log.level`).
    public var level = Logger.Level.info
    /// The form of the lines; nil means text on a terminal and JSON elsewhere (`log.format`).
    public var format: Format?
    /// Which requests have a line of their own (`log.requests`).
    public var requests = RequestLog.Selection.errors

    /// Creates the defaults.
    public init() {}
}
