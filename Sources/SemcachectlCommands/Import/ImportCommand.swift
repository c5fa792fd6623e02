import ArgumentParser

/// `semcachectl import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over what another cache has.",
        usage: "semcachectl import <subcommand>",
        subcommands: [ImportGPTCache.self, ImportLiteLLM.self]
    )

    @OptionGroup(title: "Server and output") var global: GlobalOptions
}

/// `semcachectl import litellm`.
struct ImportLiteLLM: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "litellm",
        abstract: "Say why LiteLLM's caches cannot be taken over, and what to do instead.",
        discussion: reason
    )

    private static let reason = """
        LiteLLM's caches cannot be taken over. Its exact cache (Redis and others) keeps an answer under the SHA-256 of the \
        request, and not the request. Its semantic cache keeps the texts of all messages joined into one, under a digest of \
        the model and the parameters: the model, the parameters, the system prompt and who said what are lost, and an \
        answer to a guessed request would be a wrong one. Instead have LiteLLM log requests and responses, write them as \
        lines {"request": …, "response": …}, and store them with `semcachectl warm`; or put semcached before or behind \
        LiteLLM and let it fill.
        """

    @OptionGroup(title: "Server and output") var global: GlobalOptions

    func run() async throws { throw CommandFailure(Self.reason) }
}
