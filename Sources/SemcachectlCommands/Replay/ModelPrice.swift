import ArgumentParser

/// What a model costs, as `gpt-4o=2.50,10.00`: dollars per million prompt and completion tokens.
struct ModelPrice: ExpressibleByArgument, Sendable, Hashable {
    /// The model.
    let model: String
    /// Dollars per million prompt tokens.
    let prompt: Double
    /// Dollars per million completion tokens.
    let completion: Double

    init?(argument: String) {
        guard let separator = argument.lastIndex(of: "="), separator != argument.startIndex else { return nil }
        let amounts = argument[argument.index(after: separator)...].split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        guard amounts.count == 2, let prompt = Double(amounts[0]), let completion = Double(amounts[1]),
            prompt.isFinite, completion.isFinite, prompt >= 0, completion >= 0
        else { return nil }
        model = String(argument[..<separator])
        self.prompt = prompt
        self.completion = completion
    }
}
