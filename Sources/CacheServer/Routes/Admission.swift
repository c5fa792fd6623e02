import CacheAPI
import JSONScanning
import SemanticCache

/// Who calls, once it is known that the key is good for the scope.
struct Caller {
    /// The key; nil when the server has no keys.
    let key: AccessKey?
    /// The scope that was admitted.
    let scope: Scope

    /// Whether the caller may act in `namespace`.
    func mayUse(_ namespace: Namespace) -> Bool { key?.allows(scope, in: namespace) ?? true }

    /// Whether the caller may act in every namespace.
    var mayUseAllNamespaces: Bool { key?.allowsEverywhere(scope) ?? true }
}

extension ServerLoop {
    /// Checks the caller's key, scope and rate.
    func admit(_ exchange: Exchange, _ scope: Scope) throws(Refusal) -> Caller {
        guard let keys else {
            if configuration.refusesForeignHosts, let host = exchange.call.host, HostAuthority.isOwnable(host) {
                throw Refusal(
                    .forbidden,
                    "without keys, calls are taken for this machine's own names only; use localhost or set auth.keys_file"
                )
            }
            return Caller(key: nil, scope: scope)
        }
        guard let header = exchange.call.authorization else {
            throw Refusal(.unauthorized, "the Authorization header is missing; send `Authorization: Bearer KEY`")
        }
        guard header.utf8.count > 7, equalsIgnoringCase(String(header.prefix(7)), "bearer ") else {
            throw Refusal(.unauthorized, "the Authorization header must be `Bearer KEY`")
        }
        guard let key = keys.key(presented: header.utf8.dropFirst(7)) else {
            throw Refusal(.unauthorized, "the key is not known here")
        }
        guard key.scopes.contains(scope) else {
            throw Refusal(.forbidden, "the key \(key.id) lacks the scope \(scope.rawValue) that this call needs")
        }
        if let seconds = limiter.secondsToWait(key: key.id, uptime: clock.uptime()) {
            var answer = HTTPAnswer(.rateLimited, "the key \(key.id) is over limits.requests_per_second")
            answer.addHeader("retry-after", seconds)
            throw Refusal(answer)
        }
        exchange.notes?.keyID = key.id
        return Caller(key: key, scope: scope)
    }

    /// The name of the key that a call presents, whatever it may be used for; nil without a known one.
    func keyID(of call: HTTPCall) -> String? {
        guard let keys, let header = call.authorization, header.utf8.count > 7,
            equalsIgnoringCase(String(header.prefix(7)), "bearer ")
        else { return nil }
        return keys.key(presented: header.utf8.dropFirst(7))?.id
    }

    /// The namespace that a body or query names, if the caller may use it.
    func namespace(_ name: String?, at path: String, for caller: Caller) throws(Refusal) -> Namespace {
        var namespace = Namespace.default
        if let name {
            guard let named = Namespace(name) else {
                throw Refusal(
                    .invalidRequest,
                    "\(path): must begin with a letter or digit and go on with at most 127 letters, digits, '.', '_' or '-'"
                )
            }
            namespace = named
        }
        guard caller.mayUse(namespace) else {
            throw Refusal(.forbidden, "the key \(caller.key?.id ?? "") is not for namespace \(namespace.name)")
        }
        return namespace
    }

    /// The endpoint that a body names.
    func endpoint(_ name: String?) throws(Refusal) -> Endpoint {
        guard let name else { return .chatCompletions }
        guard let endpoint = Endpoint(rawValue: name) else {
            let known = Endpoint.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.invalidRequest, "$.endpoint: must be one of \(known)")
        }
        return endpoint
    }
}

extension Exchange {
    /// The body as a JSON document.
    func document() throws(Refusal) -> JSONDocument {
        guard !call.body.isEmpty else {
            throw Refusal(.invalidJSON, "the body is empty; this path takes a JSON object")
        }
        do throws(JSONError) { return try JSONDocument(call.body) } catch { throw Refusal(error) }
    }
}

/// Runs `read`, turning an envelope's error into an answer.
func reading<Value>(_ read: () throws(EnvelopeError) -> Value) throws(Refusal) -> Value {
    do throws(EnvelopeError) { return try read() } catch { throw Refusal(error) }
}
