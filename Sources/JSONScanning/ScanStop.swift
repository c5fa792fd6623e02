/// What ends a pass over a text before its end.
enum ScanStop: Error {
    /// The text is not a document.
    case defect(JSONError)
    /// The room for nodes is used up.
    case outOfNodes

    static func at(_ offset: Int, _ code: JSONError.Code) -> ScanStop { .defect(JSONError(code, at: offset)) }
}
