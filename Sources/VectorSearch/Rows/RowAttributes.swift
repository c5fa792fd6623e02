import SemanticCache

/// The attributes of a block's rows; takes no memory while no row has any.
struct RowAttributes {
    /// Empty, or those of each row.
    private var rows: [[AttributeDigest]] = []
    /// Bytes of memory that they take, with what the allocator adds.
    private(set) var bytes = 0

    /// Those of a row.
    subscript(row: Int) -> [AttributeDigest] { rows.isEmpty ? [] : rows[row] }

    /// Adds those of the next row, which is the one numbered `row`.
    mutating func append(_ attributes: [AttributeDigest], at row: Int) {
        if rows.isEmpty {
            if attributes.isEmpty { return }
            rows = Array(repeating: [], count: row)
            bytes = 8 * row
        }
        rows.append(attributes)
        bytes += RowAttributes.bytes(of: attributes)
    }

    /// Changes those of a row of `count`.
    mutating func set(_ attributes: [AttributeDigest], at row: Int, of count: Int) {
        if rows.isEmpty {
            if attributes.isEmpty { return }
            rows = Array(repeating: [], count: count)
            bytes = 8 * count
        }
        bytes += RowAttributes.bytes(of: attributes) - RowAttributes.bytes(of: rows[row])
        rows[row] = attributes
    }

    /// Takes the last row away.
    mutating func removeLast() {
        guard let last = rows.popLast() else { return }
        bytes -= RowAttributes.bytes(of: last)
    }

    private static func bytes(of attributes: [AttributeDigest]) -> Int {
        attributes.isEmpty ? 8 : 48 + 8 * attributes.count
    }
}
