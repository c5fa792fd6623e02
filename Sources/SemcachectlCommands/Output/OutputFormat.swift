import ArgumentParser
import CacheAPI

/// How data is written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case table
    /// For programs: the server's JSON where there is one.
    case json

    /// Writes data to standard output in this format.
    func write(json: @autoclosure () throws -> [UInt8], table: @autoclosure () throws -> String) throws {
        switch self {
        case .table: try Console.current.print(table())
        case .json: try Console.current.output(json() + [UInt8(ascii: "\n")])
        }
    }
}
