import Synchronization

/// Chooses the namespaces that a process' metrics name: the first hundred that it counts, for good.
///
/// The others are `other` together, so that neither labels nor memory grow with the namespaces of callers, and no
/// counter goes down. Shared by the event loops of a process.
public final class NamespaceLabels: Sendable {
    /// Namespaces with a label of their own.
    public static let maximum = 100
    /// The label of all others.
    public static let other = "other"

    private let named = Mutex<Set<Namespace>>([])

    /// Creates labels that are all free.
    public init() {}

    /// The label that a namespace is counted under.
    func label(of namespace: Namespace) -> String {
        named.withLock { named in
            if named.contains(namespace) { return namespace.name }
            guard named.count < Self.maximum else { return Self.other }
            named.insert(namespace)
            return namespace.name
        }
    }
}
