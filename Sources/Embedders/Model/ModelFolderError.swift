/// Why a folder cannot be used as a model: which file, what is wrong with it, what to do.
public struct ModelFolderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of defects.
    public enum Code: String, Sendable {
        /// A file is not there.
        case missing
        /// A file cannot be read.
        case unreadable
        /// A file ends before what it announces.
        case truncated
        /// A file is not what its name says.
        case malformed
        /// The model is of a kind that is not built in.
        case unsupported
        /// Two files do not belong together.
        case mismatched
        /// A weight is infinite or not a number.
        case notFinite
    }

    /// The kind of defect.
    public let code: Code
    /// The file.
    public let path: String
    /// What is wrong, to be read after the path.
    public let problem: String
    /// What to do.
    public let remedy: String

    init(_ code: Code, _ path: String, _ problem: String, _ remedy: String) {
        self.code = code
        self.path = path
        self.problem = problem
        self.remedy = remedy
    }

    /// One line for a person.
    public var description: String { "\(path) \(problem): \(remedy)" }
}
