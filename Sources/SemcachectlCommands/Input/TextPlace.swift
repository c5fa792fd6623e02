import JSONScanning

/// Places in a text as people count them.
enum TextPlace {
    /// What is wrong, with line and column (in bytes) counted from 1.
    static func sentence(_ error: JSONError, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(error.offset)
        let line = before.count(where: { $0 == 0x0A }) + 1
        let column = error.offset - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return "\(error.code.rawValue) at line \(line), column \(column)"
    }
}
