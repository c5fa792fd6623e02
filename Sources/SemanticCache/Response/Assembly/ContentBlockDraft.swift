import JSONScanning

/// A content block of an Anthropic message that is being put together.
struct ContentBlockDraft {
    private var block = JSONObjectDraft()
    /// The text of `input`, which comes in pieces of JSON.
    private var input: [UInt8] = []
    private var isStopped = false
    private var isInputCutOff = false

    /// Whether the block has come to its end.
    var isWhole: Bool { isStopped && !isInputCutOff }

    /// Begins with the block of a `content_block_start`.
    init(_ start: JSONValue) throws(EventDefect) {
        for (name, value) in start.members {
            if value.kind == .string || name == "citations" {
                try block.accumulate(value, as: name)
            } else {
                block[name] = JSONDraft(whole: value)
            }
        }
    }

    /// Adds a `delta`; the strings of those not named here lengthen the block's members of the same name.
    mutating func take(_ delta: JSONValue) throws(EventDefect) {
        if isStopped { throw EventDefect("a delta of a block that was stopped before") }
        switch delta["type"]?.string {
        case nil: throw EventDefect("a delta must have a type")
        case "input_json_delta":
            guard let piece = delta["partial_json"]?.stringBytes else {
                throw EventDefect("partial_json must be a string")
            }
            input += piece
        case "signature_delta":
            if let signature = delta["signature"] { block.update("signature", with: signature) }
        case "citations_delta":
            if let citation = delta["citation"] { try block.append(citation, toArray: "citations") }
        default: try block.accumulate(delta, without: "type")
        }
    }

    /// Ends the block: its input is whole.
    mutating func stop() throws(EventDefect) {
        if isStopped { throw EventDefect("a second stop of a block") }
        isStopped = true
        if input.isEmpty { return }
        do throws(JSONError) {
            block["input"] = JSONDraft(whole: try JSONDocument(input).root)
        } catch {
            guard error.code == .unexpectedEnd else { throw EventDefect("the input of a block is not JSON") }
            isInputCutOff = true
        }
    }

    func write(to writer: inout JSONWriter) { block.write(to: &writer) }
}
