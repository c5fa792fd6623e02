/// What an implementation did that its contract forbids.
public struct ContractViolation: Error, CustomStringConvertible {
    /// What was expected, and what happened.
    public let description: String

    init(_ description: String) { self.description = description }
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
    if !condition { throw ContractViolation("line \(line): \(what())") }
}

func expectEqual<Value: Equatable>(_ found: Value, _ expected: Value, line: Int = #line) throws {
    if found != expected { throw ContractViolation("line \(line): \(found) instead of \(expected)") }
}
