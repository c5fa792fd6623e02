import JSONScanning

/// Writes server-sent events (WHATWG HTML, section 9.2) whose data are JSON.
struct EventStreamWriter {
    /// The most bytes that the stream may have.
    private let limit: Int
    private var bytes: [UInt8] = []

    /// Begins the stream of an answer.
    ///
    /// Events repeat what names the answer. A stream over 32 times as long as its answer, and over 1 MiB, is of no
    /// answer that a model gives, and is not written.
    init(for response: JSONValue) { limit = 32 * response.rawBytes.count + 1 << 20 }

    /// Writes an event, with its name where the stream's events have one.
    mutating func append(_ payload: JSONWriter, name: String? = nil) {
        guard bytes.count <= limit else { return }
        if let name {
            bytes += "event: ".utf8
            bytes += name.utf8
            bytes.append(0x0A)
        }
        bytes += "data: ".utf8
        // A line break would end the field. Strings have theirs escaped, so one that is left is white space between
        // the values of text that was copied.
        if payload.bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
            bytes += payload.bytes.lazy.filter { $0 != 0x0A && $0 != 0x0D }
        } else {
            bytes += payload.bytes
        }
        bytes += "\n\n".utf8
    }

    /// Writes the mark that ends OpenAI's chunk streams.
    mutating func appendDone() { bytes += "data: [DONE]\n\n".utf8 }

    /// The whole stream.
    func finished() throws(StreamError) -> [UInt8] {
        guard bytes.count <= limit else { throw .invalidResponse(message: "the answer's stream is out of proportion") }
        return bytes
    }
}

extension JSONWriter {
    /// Writes a member whose value is a string.
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    /// Writes a member whose value is a string, from UTF-8.
    mutating func member(_ name: String, utf8 text: some Sequence<UInt8>) {
        self.name(name)
        string(utf8: text)
    }

    /// Writes a member whose value is an integer.
    mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    /// Writes a member as it stands in another document.
    mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        raw(value.rawBytes)
    }

    /// Writes a member whose value is null.
    mutating func nullMember(_ name: String) {
        self.name(name)
        null()
    }

    /// Writes a member whose value is an object that `body` fills.
    mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        beginObject()
        body(&self)
        endObject()
    }

    /// Writes a member whose value is an array without elements.
    mutating func emptyArray(_ name: String) {
        self.name(name)
        beginArray()
        endArray()
    }
}
