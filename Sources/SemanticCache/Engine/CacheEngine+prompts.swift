import JSONScanning

extension CacheEngine {
    /// Finds the entries that answer a prompt: one round trip by the same prompt, an embedding and one for each entry by
    /// other words.
    ///
    /// An entry by other words passes the namespace's threshold and the verifier, as a semantic hit does; `similarity`
    /// can only raise the threshold. With questions before it, a prompt that may lean on them finds nothing, since they
    /// cannot be put into one here. Counted as one lookup.
    ///
    /// - Throws: ``RequestError`` when the prompt or its attributes are not ones.
    public func search(
        _ search: PromptSearch,
        completion: @escaping (PromptSearchOutcome) -> Void
    ) throws(RequestError) {
        let run = PromptSearchRun(search, on: self, try lookupRequest(for: search), completion)
        run.start()
    }

    private func lookupRequest(for search: PromptSearch) throws(RequestError) -> LookupRequest {
        guard let document = try? JSONDocument(search.prompt.request) else {
            throw RequestError(path: "$.prompt", message: "The prompt cannot be read.")
        }
        let canonical = try canonicalize(
            document.root,
            endpoint: .prompts,
            namespace: search.namespace,
            purpose: .storing
        )
        var options = LookupOptions()
        options.minimumSimilarity = search.minimumSimilarity
        return LookupRequest(
            namespace: search.namespace,
            endpoint: .prompts,
            body: document.root,
            canonical: canonical,
            options: options,
            arrivedAt: search.arrivedAt
        )
    }

    /// Lets the exact tier find a new entry by fewer attributes than it has, and then completes: the latest entry with a
    /// prompt answers who asks for some of its attributes.
    func aliasFewerAttributes(
        of request: StoreRequest,
        _ receipt: CommitReceipt,
        _ deadline: Deadline,
        completion: @escaping () -> Void
    ) {
        guard !request.canonical.attributes.isEmpty, let document = try? JSONDocument(request.requestBytes),
            let prompt = Prompt(request: document.root),
            // Whatever else there is counts, and no search of prompts has it.
            document.root.members.allSatisfy({ $0.name == "prompt" || $0.name == "attributes" })
        else { return completion() }
        let entry = Entry(
            id: request.key.fingerprint,
            version: receipt.version,
            endpoint: request.endpoint,
            model: request.canonical.model,
            tags: request.tags,
            storedAt: clock.now(),
            expiresAt: receipt.expiresAt,
            usage: nil,
            cost: nil,
            response: []
        )
        let rules = search?.rules(for: settings[request.key.namespace].semantic) ?? 0
        let judgment = Alias.Judgment(similarity: 1, score: 1, rules: rules)
        var waiting = 1
        let isDone = {
            waiting -= 1
            if waiting == 0 { completion() }
        }
        for attributes in prompt.attributes.properSubsets {
            let fewer = Prompt(text: prompt.text, attributes: attributes)
            guard let fingerprint = fingerprint(of: fewer, in: request.key.namespace) else { continue }
            waiting += 1
            store.writeAlias(from: fingerprint, to: entry, judgment, deadline: deadline) { _ in isDone() }
        }
        isDone()
    }

    /// What a prompt is stored under; nil when it is none.
    func fingerprint(of prompt: Prompt, in namespace: Namespace) -> Fingerprint? {
        guard let document = try? JSONDocument(prompt.request) else { return nil }
        return try? canonicalize(document.root, endpoint: .prompts, namespace: namespace).fingerprint
    }
}

extension [Attribute] {
    /// All selections of some but not all of them, the empty one among them; 2^count - 1 many.
    fileprivate var properSubsets: [[Attribute]] {
        (0..<(1 << count) - 1).map { selection in indices.filter { selection >> $0 & 1 == 1 }.map { self[$0] } }
    }
}
