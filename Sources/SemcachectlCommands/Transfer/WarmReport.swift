import JSONScanning

/// What became of the lines of a file.
struct WarmReport: Equatable {
    /// Lines that an earlier run had done.
    var skipped = 0
    /// Lines stored.
    var stored = 0
    /// Lines that must not be cached, by reason.
    var refused: [String: Int] = [:]
    /// Lines that are no entries.
    var bad = 0

    /// A line for each outcome.
    var table: String {
        var table = Table([("", .left), ("", .right)])
        if skipped > 0 { table.add(["done before", NumberText.grouped(skipped)]) }
        table.add(["stored", NumberText.grouped(stored)])
        table.add(["refused", NumberText.grouped(refused.values.reduce(0, +))])
        for (reason, count) in refused.sorted(by: { $0.key < $1.key }) {
            table.add(["  \(reason)", NumberText.grouped(count)])
        }
        table.add(["bad lines", NumberText.grouped(bad)])
        return table.text
    }

    /// `{skipped, stored, refused, bad}`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("skipped")
        writer.integer(skipped)
        writer.name("stored")
        writer.integer(stored)
        writer.name("refused")
        writer.beginObject()
        for (reason, count) in refused.sorted(by: { $0.key < $1.key }) {
            writer.name(reason)
            writer.integer(count)
        }
        writer.endObject()
        writer.name("bad")
        writer.integer(bad)
        writer.endObject()
        return writer.bytes
    }
}
