import JSONScanning

/// The defect that a text has; nil when it is a document.
func defect(of text: some Sequence<UInt8>) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONDocument(Array(text))
        return nil
    } catch {
        return error
    }
}

/// The defect that a text has; nil when it is a document.
func defect(of text: String) -> JSONError? { defect(of: text.utf8) }

/// The root of a text that is a document.
func root(_ text: String) throws -> JSONValue { try JSONDocument(Array(text.utf8)).root }
