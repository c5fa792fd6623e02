/// The questions of a database that GPTCache 0.1 keeps in SQLite, oldest first.
///
/// It has the text that the pre-processing function made of a request, and the text of the answer: neither the model nor
/// the rest of the request. Of several answers the first is taken, as GPTCache serves that one, and of equal questions
/// the newest.
struct GPTCacheRows {
    /// A row, or why it is left out.
    enum Row: Sendable {
        /// A question and its answer.
        case pair(question: String, answer: String)
        /// What it is that cannot be taken over.
        case skipped(String)
    }

    /// Rows in all.
    let count: Int
    private let rows: SQLiteRows

    /// Opens the tables that begin with `prefix`, which is made of letters, digits and underscores.
    init(_ path: String, prefix: String) throws(CommandFailure) {
        let file = try SQLiteFile(path)
        for table in ["\(prefix)_question", "\(prefix)_answer"] {
            guard try file.hasTable(table) else {
                throw CommandFailure("\(path) has no table \(table): is it GPTCache's? --table names another prefix")
            }
        }
        let counted = try file.rows("SELECT COUNT(*) FROM \(prefix)_question")
        count = try counted.next() ? counted.integer(0) ?? 0 : 0
        let sessions = try Self.questions(in: "\(prefix)_session", file)
        let attachments = try Self.questions(in: "\(prefix)_question_dep", file)
        rows = try file.rows(
            """
            WITH first AS (SELECT question_id, MIN(id) AS id FROM \(prefix)_answer GROUP BY question_id),
                newest AS (SELECT MAX(id) AS id FROM \(prefix)_question WHERE deleted = 0 GROUP BY question)
            SELECT q.deleted, q.id IN (\(sessions)), q.id IN (\(attachments)), newest.id, a.answer_type,
                q.question, a.answer
            FROM \(prefix)_question q
                LEFT JOIN newest ON newest.id = q.id
                LEFT JOIN first ON first.question_id = q.id
                LEFT JOIN \(prefix)_answer a ON a.id = first.id
            ORDER BY q.id
            """
        )
    }

    /// A query for the questions that a table refers to; early versions have not all tables.
    private static func questions(in table: String, _ file: SQLiteFile) throws(CommandFailure) -> String {
        try file.hasTable(table) ? "SELECT question_id FROM \(table)" : "SELECT NULL LIMIT 0"
    }

    /// The next row; nil after the last.
    func next() throws(CommandFailure) -> Row? {
        guard try rows.next() else { return nil }
        if rows.integer(0) != 0 { return .skipped("deleted") }
        if rows.integer(1) != 0 { return .skipped("part of a session") }
        if rows.integer(2) != 0 { return .skipped("with attachments") }
        if rows.integer(3) == nil { return .skipped("asked again later") }
        guard let kind = rows.integer(4) else { return .skipped("without an answer") }
        guard kind == 0, let question = rows.text(5), let answer = rows.text(6) else { return .skipped("not text") }
        if question.isEmpty || answer.isEmpty { return .skipped("empty") }
        return .pair(question: question, answer: answer)
    }
}
