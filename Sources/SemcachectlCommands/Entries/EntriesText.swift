import CacheAPI

/// Entries for people.
enum EntriesText {
    /// A row for each entry, and its id under it.
    static func page(_ page: EntryListBody) -> String {
        guard !page.entries.isEmpty else { return "no entries" }
        var table = Table([
            ("MODEL", .left), ("ENDPOINT", .left), ("AGE", .right), ("TTL", .right), ("BYTES", .right),
            ("HITS", .right), ("TAGS", .left),
        ])
        for entry in page.entries {
            table.add(
                [
                    entry.model, entry.endpoint, NumberText.duration(seconds: entry.age),
                    NumberText.duration(seconds: entry.ttl), NumberText.grouped(entry.bytes),
                    NumberText.grouped(entry.hits), entry.tags.joined(separator: " "),
                ],
                note: entry.entryID
            )
        }
        return table.text
    }

    /// What is known of an entry, its request and its response.
    static func entry(_ entry: EntryBody) -> String {
        var table = Table([("", .left), ("", .left)])
        table.add(["entry", entry.entryID])
        table.add(["namespace", entry.namespace])
        table.add(["endpoint", entry.endpoint])
        table.add(["model", entry.model])
        table.add(["tags", entry.tags.isEmpty ? "-" : entry.tags.joined(separator: " ")])
        table.add(["stored", "\(entry.storedAt), \(NumberText.duration(seconds: entry.age)) ago"])
        table.add(["expires", "in \(NumberText.duration(seconds: entry.ttl))"])
        table.add(["size", NumberText.bytes(entry.bytes)])
        table.add(["hits", NumberText.grouped(entry.hits)])
        var blocks = [table.text]
        if let request = entry.request { blocks.append("request\n" + IndentedJSON.text(request)) }
        if let response = entry.response { blocks.append("response\n" + IndentedJSON.text(response)) }
        return blocks.joined(separator: "\n\n")
    }
}
