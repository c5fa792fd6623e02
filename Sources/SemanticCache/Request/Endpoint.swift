/// The upstream APIs whose requests are understood.
public enum Endpoint: String, Sendable, Hashable, CaseIterable {
    /// OpenAI chat completions.
    case chatCompletions = "chat.completions"
    /// OpenAI completions.
    case completions
    /// OpenAI Responses.
    case responses
    /// Anthropic messages.
    case messages
    /// OpenAI embeddings.
    case embeddings
    /// Prompts and their answers as plain texts, as LangCache has them.
    case prompts
}
