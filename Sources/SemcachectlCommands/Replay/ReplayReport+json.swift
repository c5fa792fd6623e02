import JSONScanning

extension ReplayReport {
    /// The figures for programs.
    ///
    /// `thresholds` are under the least score that is configured, `profiles` under those of the profiles.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("requests", requests)
        writer.member("hit_ratio", current.hitRatio)
        writer.member("exact", current.exact)
        writer.member("semantic", current.semantic)
        writer.member("misses", current.misses)
        writer.member("uncacheable", uncacheable)
        writer.member("labelled", current.judged)
        writer.member("false_hits", current.falseHits)
        writer.member("false_hit_ratio", current.falseHitRatio)
        writer.name("saved")
        writer.beginObject()
        writer.member("requests", current.hits)
        writer.member("prompt_tokens", current.promptTokens)
        writer.member("completion_tokens", current.completionTokens)
        writer.member("usd", dollars)
        writer.endObject()
        writer.name("thresholds")
        writer.sweep(points.sweeps.first { $0.name == ReplayPoints.configured }.map(rows) ?? [])
        writer.member("bad", bad)
        if let withoutSemantic {
            writer.name("without_semantic")
            writer.string(withoutSemantic)
        } else {
            semanticMembers(&writer)
        }
        writer.endObject()
        return writer.bytes
    }

    private func semanticMembers(_ writer: inout JSONWriter) {
        writer.member("judged_by_answer", current.judgedByAnswer)
        writer.member("false_hit_bounds", current.falseHitInterval)
        writer.name("false_hit_lines")
        writer.beginArray()
        for lines in falseHitLines {
            writer.beginArray()
            writer.integer(lines.asked)
            writer.integer(lines.stored)
            writer.endArray()
        }
        writer.endArray()
        writer.member("exact_only_hit_ratio", tallies[0].hitRatio)
        writer.member("unavailable", unavailable)
        for (name, counts) in [("ineligible", ineligible), ("refused", refused)] {
            writer.name(name)
            writer.beginObject()
            for (reason, count) in counts.sorted(by: { $0.key < $1.key }) { writer.member(reason, count) }
            writer.endObject()
        }
        writer.name("profiles")
        writer.beginObject()
        for sweep in points.sweeps where sweep.name != ReplayPoints.configured {
            writer.name(sweep.name)
            writer.sweep(rows(sweep))
        }
        writer.endObject()
        if let shadow {
            writer.name("shadow")
            writer.beginObject()
            writer.member("agreed", shadow.agreed)
            writer.member("disagreed", shadow.disagreed)
            writer.endObject()
        }
        if let recommendation { writer.recommendation(recommendation) }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    fileprivate mutating func member(_ name: String, _ value: Double?) {
        self.name(name)
        if let value { number(value) } else { null() }
    }

    fileprivate mutating func member(_ name: String, _ interval: WilsonInterval?) {
        self.name(name)
        guard let interval else { return null() }
        beginArray()
        number(interval.lower)
        number(interval.upper)
        endArray()
    }

    fileprivate mutating func sweep(_ rows: [(threshold: Double, tally: ReplayTally)]) {
        beginArray()
        for row in rows {
            beginObject()
            member("threshold", row.threshold)
            tally(row.tally)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func tally(_ tally: ReplayTally) {
        member("hit_ratio", tally.hitRatio)
        member("false_hit_ratio", tally.falseHitRatio)
        member("false_hit_bounds", tally.falseHitInterval)
        member("exact", tally.exact)
        member("semantic", tally.semantic)
        member("labelled", tally.judged)
        member("false_hits", tally.falseHits)
    }

    fileprivate mutating func recommendation(_ recommendation: Recommendation) {
        name("recommendation")
        beginObject()
        member("budget", recommendation.budget)
        name("verdict")
        string(recommendation.verdict.rawValue)
        name("profile")
        if let choice = recommendation.choice {
            string(choice.profile)
            member("threshold", choice.threshold)
            tally(choice.tally)
        } else {
            null()
            name("threshold")
            null()
        }
        endObject()
    }
}
