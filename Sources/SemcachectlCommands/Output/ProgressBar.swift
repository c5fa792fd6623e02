/// A bar on standard error, when that is a terminal; else nothing.
struct ProgressBar {
    private let console: Console
    private var drawn: ContinuousClock.Instant?

    /// Creates a bar that is not drawn yet.
    init(_ console: Console) { self.console = console }

    /// Draws `done` of `total` (nil when that is not known) and a phrase, at most ten times a second.
    mutating func draw(_ done: Int, of total: Int?, _ phrase: @autoclosure () -> String) {
        guard console.isErrorTerminal else { return }
        let now = ContinuousClock.now
        if let drawn, now - drawn < .milliseconds(100) { return }
        drawn = now
        console.errors(Array("\r\(ProgressBar.text(done, of: total, phrase()))\u{1B}[K".utf8))
    }

    /// Removes the bar, so that a line can be written in its place.
    mutating func clear() {
        guard console.isErrorTerminal, drawn != nil else { return }
        drawn = nil
        console.errors(Array("\r\u{1B}[K".utf8))
    }

    /// `[=======>            ]  37 %  phrase`.
    static func text(_ done: Int, of total: Int?, _ phrase: String) -> String {
        guard let total, total > 0 else { return phrase }
        let width = 30
        let ratio = min(1, max(0, Double(done) / Double(total)))
        let filled = Int(ratio * Double(width))
        let head = filled < width ? ">" : ""
        let bar = String(repeating: "=", count: filled) + head
        let percent = String(Int(ratio * 100))
        let padding = String(repeating: " ", count: width - bar.count)
        return "[\(bar)\(padding)] \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(phrase)"
    }
}
