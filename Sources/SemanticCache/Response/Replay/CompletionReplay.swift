import JSONScanning

/// Replays answers of OpenAI completions.
enum CompletionReplay {
    static func events(for response: JSONValue, includesUsage: Bool) throws(StreamError) -> [UInt8] {
        var chunks = ChunkReplay(response, object: "text_completion", includesUsage: includesUsage)
        for (position, value) in try response.objects(in: "choices").enumerated() {
            guard let text = value["text"]?.stringBytes else {
                throw .invalidResponse(message: "the text of a choice must be a string")
            }
            let choice = ReplayedChoice(value, at: position, content: "text")
            var part = ChunkReplay.Part.probabilities
            for piece in TextPieces.cut(text) + (text.isEmpty ? [[]] : []) {
                chunks.append(choice, part) { $0.member("text", utf8: piece) }
                part = .middle
            }
            chunks.append(choice, .last) { $0.member("text", "") }
        }
        return try chunks.finish()
    }
}
