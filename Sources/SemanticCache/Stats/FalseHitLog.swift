/// The false hits of late, of all replicas together: for whoever watches, so that the oldest are forgotten.
///
/// The newest 200 are kept, each for seven days.
public protocol FalseHitLog: Sendable {
    /// Adds one, which is shown from then on.
    func append(_ falseHit: FalseHit) async throws(AdministrationError)

    /// At most the newest `limit` of one namespace or of all (nil), the one that was added last first.
    func newest(_ limit: Int, in namespace: Namespace?) async throws(AdministrationError) -> [FalseHit]
}
