import SemanticCache

extension FetchOutcome {
    /// The entry of a `found`.
    public var entry: Entry? {
        guard case .found(let entry) = self else { return nil }
        return entry
    }

    /// The entry and the alias of an `aliased`.
    public var aliased: (entry: Entry, alias: Alias)? {
        guard case .aliased(let entry, let alias) = self else { return nil }
        return (entry, alias)
    }

    /// Whether there was no valid entry.
    public var isAbsent: Bool {
        guard case .absent = self else { return false }
        return true
    }

    /// Why it could not be told.
    public var unavailability: BypassReason? {
        guard case .unavailable(let reason) = self else { return nil }
        return reason
    }
}

extension CandidateOutcome {
    /// The entry of a `found`.
    public var entry: Entry? {
        guard case .found(let entry) = self else { return nil }
        return entry
    }

    /// Whether there was no valid entry.
    public var isAbsent: Bool {
        guard case .absent = self else { return false }
        return true
    }

    /// Whether the pair was blocked.
    public var isBlocked: Bool {
        guard case .blocked = self else { return false }
        return true
    }
}

extension CommitOutcome {
    /// The receipt of an entry with a semantic part.
    public var receipt: CommitReceipt? {
        guard case .stored(_, let receipt) = self else { return nil }
        return receipt
    }
}

extension AcquireOutcome {
    /// What Redis said when it was asked; nil when an entry was found or nothing came.
    public var grant: FillGrant? {
        switch self {
        case .granted(let grant, _), .held(let grant, _), .open(let grant): grant
        case .found, .unavailable: nil
        }
    }

    /// Milliseconds of the lease of a `granted`.
    public var grantedMilliseconds: Int? {
        guard case .granted(_, let milliseconds) = self else { return nil }
        return milliseconds
    }

    /// Milliseconds left of the lease of a `held`.
    public var heldMilliseconds: Int? {
        guard case .held(_, let milliseconds) = self else { return nil }
        return milliseconds
    }

    /// Whether no lease was taken and none is held.
    public var isOpen: Bool {
        guard case .open = self else { return false }
        return true
    }

    /// The entry of a `found` and whether the call waited for it.
    public var found: (entry: Entry, isCoalesced: Bool)? {
        guard case .found(let entry, let isCoalesced) = self else { return nil }
        return (entry, isCoalesced)
    }

    /// Why nothing came.
    public var unavailability: BypassReason? {
        guard case .unavailable(let reason) = self else { return nil }
        return reason
    }
}

extension EntryKey {
    /// A key of tests: the number is part of the fingerprint, and so is the namespace.
    public static func numbered(_ number: Int, in namespace: Namespace = .default) -> EntryKey {
        var bytes: [UInt8] = []
        var seed = UInt64(truncatingIfNeeded: number) &+ 1
        for byte in namespace.name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        while bytes.count < 32 {
            seed = (seed ^ (seed >> 29)) &* 0xBF58_476D_1CE4_E5B9
            seed ^= seed >> 32
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: seed >> shift))
            }
        }
        guard let fingerprint = Fingerprint(bytes: bytes) else { preconditionFailure("32 bytes are a fingerprint") }
        return EntryKey(namespace: namespace, fingerprint: fingerprint)
    }
}

extension NewEntry {
    /// An entry of tests with this answer.
    public static func sample(
        _ key: EntryKey,
        response: String = #"{"answer":"Click forgot password."}"#,
        request: String = #"{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}"#,
        model: String = "gpt-4o",
        tags: [String] = [],
        timeToLive: Int = 7200,
        usage: TokenUsage? = TokenUsage(promptTokens: 812, completionTokens: 164),
        cost: Money? = Money(nanodollars: 3_670_000),
        semantic: SemanticPart? = nil
    ) -> NewEntry {
        NewEntry(
            key: key,
            endpoint: .chatCompletions,
            model: model,
            tags: tags,
            timeToLive: timeToLive,
            usage: usage,
            cost: cost,
            request: Array(request.utf8),
            response: Array(response.utf8),
            semantic: semantic
        )
    }
}
