@testable import SemcachedApp

extension ConfigurationSources {
    /// What is wrong, one sentence each; empty when nothing is.
    var problems: [String] {
        do throws(ConfigurationError) {
            _ = try load()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
