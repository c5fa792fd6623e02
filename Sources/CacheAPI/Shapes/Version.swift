/// The version of everything that is built from this package.
public enum Version {
    /// By semver.org.
    public static let current = "0.1.0"
}
