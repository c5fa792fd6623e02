import JSONScanning

/// What a recorded log would have hit and saved.
struct ReplayReport {
    /// Lines with a request.
    var requests = 0
    /// Exact hits.
    var exact = 0
    /// Misses.
    var misses = 0
    /// Requests that are never cached.
    var uncacheable = 0
    /// Hits whose request and entry both carry a label.
    var labelled = 0
    /// Of those, hits whose labels differ.
    var falseHits = 0
    /// Tokens that hits save.
    var promptTokens = 0
    /// Tokens that hits save.
    var completionTokens = 0
    /// Dollars that hits save; nil when no price was given.
    var dollars: Double?
    /// Lines that are no requests.
    var bad = 0

    /// Hits in hits and misses; nil when there were none.
    var hitRatio: Double? { exact + misses > 0 ? Double(exact) / Double(exact + misses) : nil }

    /// A line for each figure.
    var table: String {
        var table = Table([("", .left), ("", .right), ("", .left)])
        table.add(["requests", NumberText.grouped(requests), ""])
        table.add([
            "exact hits", NumberText.grouped(exact), hitRatio == nil ? "" : "\(NumberText.percent(hitRatio)) hit ratio",
        ])
        table.add(["semantic hits", "0", "not simulated by this version"])
        table.add(["misses", NumberText.grouped(misses), ""])
        table.add(["uncacheable", NumberText.grouped(uncacheable), ""])
        if labelled > 0 {
            table.add([
                "false hits", NumberText.grouped(falseHits), "of \(NumberText.grouped(labelled)) hits with labels",
            ])
        }
        table.add(["saved prompt tokens", NumberText.grouped(promptTokens), ""])
        table.add(["saved completion tokens", NumberText.grouped(completionTokens), ""])
        table.add(["saved", NumberText.money(dollars), dollars == nil ? "give prices with --price" : ""])
        table.add(["bad lines", NumberText.grouped(bad), ""])
        return table.text
    }

    /// The figures, with the members that a semantic tier will fill.
    var json: [UInt8] {
        var writer = JSONWriter()
        func integer(_ name: String, _ value: Int) {
            writer.name(name)
            writer.integer(value)
        }
        func optional(_ name: String, _ value: Double?) {
            writer.name(name)
            if let value { writer.number(value) } else { writer.null() }
        }
        writer.beginObject()
        integer("requests", requests)
        optional("hit_ratio", hitRatio)
        integer("exact", exact)
        integer("semantic", 0)
        integer("misses", misses)
        integer("uncacheable", uncacheable)
        integer("labelled", labelled)
        integer("false_hits", falseHits)
        optional("false_hit_ratio", labelled > 0 ? Double(falseHits) / Double(labelled) : nil)
        writer.name("saved")
        writer.beginObject()
        integer("requests", exact)
        integer("prompt_tokens", promptTokens)
        integer("completion_tokens", completionTokens)
        optional("usd", dollars)
        writer.endObject()
        writer.name("thresholds")
        writer.beginArray()
        writer.endArray()
        integer("bad", bad)
        writer.endObject()
        return writer.bytes
    }
}
