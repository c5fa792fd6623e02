import SemcachectlCommands

/// The admin CLI's entry.
@main
struct Main {
    static func main() async { await CommandRun.main() }
}
