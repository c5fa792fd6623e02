/// Text in columns.
struct Table {
    /// Where a column's cells stand.
    enum Alignment {
        /// Words.
        case left
        /// Numbers.
        case right
    }

    private let titles: [String]
    private let alignments: [Alignment]
    private var rows: [(cells: [String], note: String?)] = []

    /// Creates a table without rows.
    init(_ columns: [(title: String, alignment: Alignment)]) {
        titles = columns.map(\.title)
        alignments = columns.map(\.alignment)
    }

    /// Adds a row, and under it a line of its own.
    mutating func add(_ cells: [String], note: String? = nil) {
        rows.append((cells.map(Table.printable), note.map(Table.printable)))
    }

    /// The lines: titles, unless all are empty, and rows; two spaces between columns and none at an end of line.
    var text: String {
        var lines: [String] = []
        let widths = titles.indices.map { column in
            rows.reduce(titles[column].count) { max($0, $1.cells[column].count) }
        }
        if titles.contains(where: { !$0.isEmpty }) { lines.append(line(titles, widths)) }
        for row in rows {
            lines.append(line(row.cells, widths))
            if let note = row.note { lines.append("  \(note)") }
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var result = ""
        for (column, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - cell.count)
            if column > 0 { result += "  " }
            result += alignments[column] == .left ? cell + padding : padding + cell
        }
        while result.last == " " { result.removeLast() }
        return result
    }

    /// `text` with control characters shown as `\u{..}`, so that stored text cannot steer a terminal.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
