import CacheAPI

/// Answers to lookups for people.
enum LookupText {
    /// A hit, miss or bypass, and the stored response.
    static func result(_ result: LookupResultBody) -> String {
        var blocks = [rows(result).text]
        if let response = result.response { blocks.append("response\n" + IndentedJSON.text(response)) }
        return blocks.joined(separator: "\n\n")
    }

    /// The canonical form, what follows from it and what a lookup would answer.
    static func explanation(_ explanation: ExplainBody) -> String {
        var table = Table([("", .left), ("", .left)])
        table.add(["fingerprint", explanation.fingerprint])
        let semantic = explanation.semantic
        table.add([
            "semantic tier", semantic.eligible ? "is asked" : "is not asked: \(semantic.reason ?? "no reason given")",
        ])
        var blocks = [table.text, "outcome\n" + rows(explanation.outcome, indentation: "  ").text]
        if !explanation.neighbors.isEmpty { blocks.append(neighbors(explanation.neighbors)) }
        if let partition = explanation.partition { blocks.append("partition\n" + IndentedJSON.text(partition)) }
        blocks.append("canonical form\n" + IndentedJSON.text(explanation.canonical))
        return blocks.joined(separator: "\n\n")
    }

    private static func rows(_ result: LookupResultBody, indentation: String = "") -> Table {
        var table = Table([("", .left), ("", .left)])
        func row(_ name: String, _ value: String?) {
            if let value { table.add([indentation + name, value]) }
        }
        row("status", result.status)
        row("reason", result.reason)
        row("tier", result.tier)
        row("similarity", result.similarity.map { NumberText.decimal($0, places: 3) })
        row("score", result.score.map { NumberText.decimal($0, places: 3) })
        row("matched", result.matched)
        row("entry", result.entryID)
        row("age", result.age.map(NumberText.duration(seconds:)))
        row("expires", result.ttl.map { "in \(NumberText.duration(seconds: $0))" })
        row("waited for a fill", result.coalesced == true ? "yes" : nil)
        if let saved = result.saved {
            row("saved", NumberText.money(saved.usd))
            row("prompt tokens", saved.promptTokens.map(NumberText.grouped))
            row("completion tokens", saved.completionTokens.map(NumberText.grouped))
        }
        row("lease", result.lease?.state)
        row(
            "nearest",
            result.nearest.map { "\(NumberText.decimal($0.similarity, places: 3)), refused by \($0.rejectedBy)" }
        )
        return table
    }

    private static func neighbors(_ neighbors: [NeighborBody]) -> String {
        var table = Table([
            ("SIMILARITY", .right), ("SCORE", .right), ("REFUSED BY", .left), ("STORED QUESTION", .left),
        ])
        for neighbor in neighbors {
            let vetoes = neighbor.guards.filter { $0.value == "veto" }.keys.sorted()
            let refusing = vetoes.isEmpty ? [neighbor.rejectedBy].compactMap(\.self) : vetoes
            table.add(
                [
                    NumberText.decimal(neighbor.similarity, places: 3),
                    NumberText.decimal(neighbor.score, places: 3),
                    refusing.isEmpty ? "-" : refusing.joined(separator: " "), neighbor.text,
                ],
                note: neighbor.entryID
            )
        }
        return table.text
    }
}
