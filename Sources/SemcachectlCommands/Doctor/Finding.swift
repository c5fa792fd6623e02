import JSONScanning

/// What one check found.
struct Finding: Sendable, Equatable {
    /// How bad it is.
    enum State: String, Sendable {
        /// As it should be.
        case ok
        /// Worth knowing.
        case note
        /// Something is wrong.
        case wrong
    }

    /// What was checked, a word.
    var check: String
    /// How bad it is.
    var state: State
    /// What was seen, a sentence.
    var detail: String
    /// What to do about it; nil when nothing needs doing.
    var advice: String?

    /// Creates a finding.
    init(_ check: String, _ state: State, _ detail: String, advice: String? = nil) {
        self.check = check
        self.state = state
        self.detail = detail
        self.advice = advice
    }
}

/// All findings.
struct Diagnosis: Sendable, Equatable {
    /// In the order of the checks.
    var findings: [Finding] = []

    /// Whether nothing is wrong.
    var isHealthy: Bool { !findings.contains { $0.state == .wrong } }

    /// A line for each finding, with what to do under it.
    var table: String {
        var table = Table([("", .left), ("", .left), ("", .left)])
        for finding in findings {
            table.add([finding.state.rawValue, finding.check, finding.detail], note: finding.advice.map { "-> \($0)" })
        }
        return table.text
    }

    /// `{ok, findings: [{check, state, detail, advice}]}`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("ok")
        writer.bool(isHealthy)
        writer.name("findings")
        writer.beginArray()
        for finding in findings {
            writer.beginObject()
            for (name, text) in [
                ("check", finding.check), ("state", finding.state.rawValue), ("detail", finding.detail),
            ] {
                writer.name(name)
                writer.string(text)
            }
            writer.name("advice")
            if let advice = finding.advice { writer.string(advice) } else { writer.null() }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
