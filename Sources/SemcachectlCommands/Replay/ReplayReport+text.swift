extension ReplayReport {
    /// The figures for people.
    var text: String {
        var blocks = [figures.text]
        if withoutSemantic == nil, requests > 0 {
            blocks.append(sweeps.text)
            blocks.append(advice.joined(separator: "\n"))
        }
        return blocks.joined(separator: "\n\n")
    }

    private var isJudged: Bool { tallies.contains { $0.judged > 0 } }

    private var figures: Table {
        var table = Table([("", .left), ("", .right), ("", .left)])
        func row(_ name: String, _ count: Int, _ note: String = "") {
            table.add([name, NumberText.grouped(count), note])
        }
        row("requests", requests)
        if let withoutSemantic {
            row("exact hits", current.exact, ratio(current))
            row("semantic hits", 0, "not simulated: \(withoutSemantic)")
        } else {
            row("exact hits", current.exact, "the exact tier alone: \(ratio(tallies[0]))")
            row("semantic hits", current.semantic, "both, as the server is set: \(ratio(current))")
        }
        row("misses", current.misses)
        row("uncacheable", uncacheable)
        for (reason, count) in refused.sorted(by: { $0.key < $1.key }) { row("not stored", count, reason) }
        if unavailable > 0 { row("not compared", unavailable, "not done in a lookup's time, tried five times") }
        if current.judged > 0 {
            let byAnswer = current.judgedByAnswer
            let how = byAnswer > 0 ? "\(NumberText.grouped(byAnswer)) of them by their answers" : "by their labels"
            row("false hits", current.falseHits, "of \(NumberText.grouped(current.judged)) judged hits, \(how)")
        }
        row("saved prompt tokens", current.promptTokens)
        row("saved completion tokens", current.completionTokens)
        table.add(["saved", NumberText.money(dollars), dollars == nil ? "give prices with --price" : ""])
        row("bad lines", bad)
        return table
    }

    private func ratio(_ tally: ReplayTally) -> String {
        tally.hitRatio == nil ? "" : "\(NumberText.percent(tally.hitRatio)) hit ratio"
    }

    /// A row for each threshold, with the figures of each profile side by side.
    private var sweeps: Table {
        let profiles = points.sweeps.filter { $0.name != ReplayPoints.configured }
        var columns: [(title: String, alignment: Table.Alignment)] = [("THRESHOLD", .right)]
        for profile in profiles {
            columns.append((profile.name.uppercased(), .right))
            if isJudged { columns += [("FALSE", .right), ("OF JUDGED", .right), ("95 % BOUNDS", .right)] }
        }
        var table = Table(columns)
        let figures = profiles.map(rows)
        for (place, threshold) in ReplayPoints.thresholds.enumerated() {
            table.add(
                [NumberText.decimal(threshold, places: 2)]
                    + figures.flatMap { rows in cells(rows[place].tally) }
            )
        }
        return table
    }

    private func cells(_ tally: ReplayTally) -> [String] {
        let ratio = NumberText.percent(tally.hitRatio)
        guard isJudged else { return [ratio] }
        return [
            ratio, NumberText.grouped(tally.falseHits), NumberText.grouped(tally.judged),
            tally.falseHitInterval.map(ReplayReport.bounds) ?? "-",
        ]
    }

    static func bounds(_ interval: WilsonInterval) -> String {
        "\(NumberText.decimal(interval.lower * 100, places: 1)) to \(NumberText.percent(interval.upper))"
    }

    /// What to make of the figures.
    private var advice: [String] {
        var lines = ["Hit ratios of both tiers by semantic.threshold and semantic.profile, guards on."]
        if isJudged {
            lines[0] += " False hits are those of judged hits."
            if tallies.contains(where: { $0.judgedByAnswer > 0 }) {
                lines.append(
                    "Hits without labels are judged by whether the recorded answers are the same but for case and "
                        + "white space: what an upstream words anew counts as false, so their share is an upper bound."
                )
            }
            if !falseHitLines.isEmpty {
                let shown = falseHitLines.prefix(10).map { "\($0.asked) (that of \($0.stored))" }
                let more = current.falseHits > shown.count ? ", …" : "."
                lines.append("Lines that get a false answer now: \(shown.joined(separator: ", "))\(more)")
            }
            lines.append(recommendation?.sentence ?? "--budget 0.01 recommends settings with at most 1 % false hits.")
        } else {
            lines.append(ReplayReport.howToLabel)
            if let shadow, let interval = WilsonInterval(shadow.disagreed, of: shadow.agreed + shadow.disagreed) {
                let all = NumberText.grouped(shadow.agreed + shadow.disagreed)
                lines.append(
                    "Shadow mode has compared \(all) hits in 7 days: \(NumberText.grouped(shadow.disagreed)) "
                        + "disagreed with the upstream's own answer (95 % bounds \(ReplayReport.bounds(interval)))."
                )
            }
        }
        return lines
    }

    /// How a log comes to tell which hits are false.
    static let howToLabel = """
        Nothing tells which hits are false. Give the lines a "label" that is the same where the same answer is right, \
        or their "answer" or "response"; or run with semantic.mode: shadow and read `semcachectl stats`.
        """
}

extension Recommendation {
    /// What to set, or why nothing can be recommended.
    var sentence: String {
        let limit = "a budget of \(NumberText.decimal(budget * 100, places: 2)) % false hits"
        switch (verdict, choice) {
        case (.found, let choice?): return "For \(limit): \(Self.settings(choice))"
        case (.tooSmall, let choice?):
            let least = WilsonInterval.leastSample(for: budget).map {
                " At least \(NumberText.grouped($0)) judged hits are needed, even with none false."
            }
            return "For \(limit) the sample is too small to tell.\(least ?? "")\nThe nearest: \(Self.settings(choice))"
        case (.none, _): return "For \(limit) there are no settings: even the strictest serve more false hits."
        default: return "For \(limit) nothing can be recommended. \(ReplayReport.howToLabel)"
        }
    }

    private static func settings(_ choice: Choice) -> String {
        let tally = choice.tally
        let counts = "\(NumberText.grouped(tally.falseHits)) of \(NumberText.grouped(tally.judged)) judged hits false"
        let bounds = tally.falseHitInterval.map { " (95 % bounds \(ReplayReport.bounds($0)))" } ?? ""
        return "semantic.profile: \(choice.profile), semantic.threshold: "
            + "\(NumberText.decimal(choice.threshold, places: 2)), hit ratio \(NumberText.percent(tally.hitRatio)), "
            + "\(counts)\(bounds)."
    }
}
