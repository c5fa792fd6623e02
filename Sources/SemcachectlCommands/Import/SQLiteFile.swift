import CSQLite

/// A database file of SQLite, open for reading.
final class SQLiteFile {
    fileprivate let path: String
    private let database: OpaquePointer

    /// Opens the file at `path`; creates and changes nothing.
    init(_ path: String) throws(CommandFailure) {
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK, let opened else {
            let reason = String(cString: sqlite3_errstr(status))
            // Nil, or a handle that must be closed even though it was not opened; closing nil does nothing.
            sqlite3_close_v2(opened)
            throw CommandFailure("\(path) cannot be opened: \(reason)")
        }
        self.path = path
        database = opened
        // Somebody else may be writing.
        sqlite3_busy_timeout(database, 10_000)
    }

    deinit { sqlite3_close_v2(database) }

    /// Whether there is a table of that name.
    func hasTable(_ name: String) throws(CommandFailure) -> Bool {
        // Only names of letters, digits and underscores get here.
        let rows = try rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '\(name)'")
        return try rows.next()
    }

    /// Runs a query; all its rows are of one moment.
    func rows(_ query: String) throws(CommandFailure) -> SQLiteRows {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw CommandFailure("\(path) cannot be read: \(String(cString: sqlite3_errmsg(database)))")
        }
        return SQLiteRows(statement, self)
    }
}

/// The rows of a query, one at a time.
final class SQLiteRows {
    private let statement: OpaquePointer
    private let file: SQLiteFile

    fileprivate init(_ statement: OpaquePointer, _ file: SQLiteFile) {
        self.statement = statement
        self.file = file
    }

    deinit { sqlite3_finalize(statement) }

    /// Goes to the next row; false after the last.
    func next() throws(CommandFailure) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let status: throw CommandFailure("\(file.path) cannot be read: \(String(cString: sqlite3_errstr(status)))")
        }
    }

    /// An integer of the row; nil when it is no integer.
    func integer(_ column: Int32) -> Int? {
        guard sqlite3_column_type(statement, column) == SQLITE_INTEGER else { return nil }
        return Int(sqlite3_column_int64(statement, column))
    }

    /// A text of the row; nil when it is no text, or not UTF-8.
    func text(_ column: Int32) -> String? {
        guard sqlite3_column_type(statement, column) == SQLITE_TEXT,
            let bytes = sqlite3_column_text(statement, column)
        else { return nil }
        // SQLite keeps that many bytes there until the next step.
        let buffer = UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column)))
        return String(validating: buffer, as: UTF8.self)
    }
}
