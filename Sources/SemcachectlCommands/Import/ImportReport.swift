import JSONScanning

/// What became of the rows of another cache.
struct ImportReport: Equatable {
    /// Rows stored, or that would be.
    var stored = 0
    /// Whether they were only counted.
    var isDryRun = false
    /// Rows that were left out, by reason.
    var skipped: [String: Int] = [:]
    /// Rows that must not be cached, by reason.
    var refused: [String: Int] = [:]
    /// Rows that the server takes for no entries.
    var bad = 0

    /// A line for each outcome.
    var table: String {
        var table = Table([("", .left), ("", .right)])
        table.add([isDryRun ? "would be stored" : "stored", NumberText.grouped(stored)])
        for (title, reasons) in [("skipped", skipped), ("refused", refused)] {
            table.add([title, NumberText.grouped(reasons.values.reduce(0, +))])
            for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) {
                table.add(["  \(reason)", NumberText.grouped(count)])
            }
        }
        table.add(["bad rows", NumberText.grouped(bad)])
        return table.text
    }

    /// `{stored, dry_run, skipped, refused, bad}`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("stored")
        writer.integer(stored)
        writer.name("dry_run")
        writer.bool(isDryRun)
        for (name, reasons) in [("skipped", skipped), ("refused", refused)] {
            writer.name(name)
            writer.beginObject()
            for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) {
                writer.name(reason)
                writer.integer(count)
            }
            writer.endObject()
        }
        writer.name("bad")
        writer.integer(bad)
        writer.endObject()
        return writer.bytes
    }
}
