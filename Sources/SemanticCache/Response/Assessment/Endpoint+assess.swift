import JSONScanning

extension Endpoint {
    /// Says whether an upstream's answer may be cached, and what it cost.
    ///
    /// Conservative: what is not known to be whole is refused. An answer that is not an object, carries an `error`
    /// other than null or has not the shape of this endpoint's answers is ``RefusalReason/errorResponse``; one whose
    /// reason for ending is absent or unknown is ``RefusalReason/truncated``. With several choices the gravest
    /// finding counts: error, filter, truncation. ``RefusalReason/empty`` means that nothing in the whole answer
    /// says anything. The usage is told of refused answers too.
    public func assess(_ response: JSONValue) -> ResponseAssessment {
        let refusal = refusal(of: response)
        return ResponseAssessment(
            refusal: refusal,
            usage: usage(of: response),
            isPlainText: refusal == nil && isPlainText(response)
        )
    }

    private func refusal(of response: JSONValue) -> RefusalReason? {
        guard response.kind == .object, !response.carriesError else { return .errorResponse }
        return switch self {
        case .chatCompletions, .completions: ChoicesAssessment.refusal(of: response, endpoint: self)
        case .responses: ResponsesAssessment.refusal(of: response)
        case .messages: MessagesAssessment.refusal(of: response)
        case .embeddings: embeddingsRefusal(of: response)
        case .prompts: promptRefusal(of: response)
        }
    }

    private func promptRefusal(of response: JSONValue) -> RefusalReason? {
        guard let text = response["response"], text.kind == .string else { return .errorResponse }
        return text.isBlank ? .empty : nil
    }

    private func embeddingsRefusal(of response: JSONValue) -> RefusalReason? {
        guard let data = response["data"], data.kind == .array else { return .errorResponse }
        var isEmpty = data.elements.isEmpty
        for element in data.elements {
            // A list of numbers, or base64 text with `encoding_format: base64`.
            guard let vector = element["embedding"] else { return .errorResponse }
            if vector.isBlank { isEmpty = true }
        }
        return isEmpty ? .empty : nil
    }
}

extension JSONValue {
    /// Whether an object is an error envelope of one of the upstream APIs.
    var carriesError: Bool {
        if let error = self["error"], !error.isNull { return true }
        return self["type"]?.matches("error") == true || self["object"]?.matches("error") == true
    }

    /// Whether the value says nothing: null, a string of white space, an array or object without elements.
    var isBlank: Bool {
        switch kind {
        case .null: true
        case .string: stringBytes?.allSatisfy { $0 == 0x20 || 0x09...0x0D ~= $0 } ?? true
        case .array, .object: node.count == 0
        case .true, .false, .number: false
        }
    }

    /// Whether the value is an array whose elements are objects, as content parts and output items are.
    var isArrayOfObjects: Bool { kind == .array && elements.allSatisfy { $0.kind == .object } }

    /// Whether a content part says nothing: its `text` or `thinking` is blank; parts without either say something.
    var isBlankPart: Bool { (self["text"] ?? self["thinking"])?.isBlank ?? isBlank }
}
