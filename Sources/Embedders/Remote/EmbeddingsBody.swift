import JSONScanning

/// The body of a request for vectors (OpenAI's `POST /v1/embeddings`).
enum EmbeddingsBody {
    static func bytes(_ texts: [String], model: String) -> [UInt8] {
        var json = JSONWriter(capacity: texts.reduce(128 + model.utf8.count) { $0 + $1.utf8.count + 16 })
        json.beginObject()
        if !model.isEmpty {
            json.name("model")
            json.string(model)
        }
        json.name("input")
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
        json.name("encoding_format")
        json.string("float")
        json.endObject()
        return json.bytes
    }
}
