/// Where a value comes from.
public enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    /// Nobody set it.
    case fallback
    /// A line of the configuration file.
    case file(path: String, line: Int)
    /// A variable of the environment.
    case environment(variable: String)
    /// A flag of the command line.
    case flag(String)

    /// As in `file /etc/semcached.yaml:12`.
    public var description: String {
        switch self {
        case .fallback: "default"
        case .file(let path, let line): "file \(path):\(line)"
        case .environment(let variable): "environment \(variable)"
        case .flag(let flag): "flag \(flag)"
        }
    }
}
