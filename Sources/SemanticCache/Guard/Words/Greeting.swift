/// A greeting before the question: `Good morning all, how do I …`.
enum Greeting {
    /// Where the text after a greeting begins; 0 when it begins with none, or has nothing else.
    ///
    /// `scalars` are in lower case. Only with a mark behind it is it a greeting: `Morning trains to Oslo` is none.
    static func end(in scalars: [Unicode.Scalar]) -> Int {
        var place = 0
        var isGreeting = false
        while let word = word(in: scalars, from: place),
            words.contains(word.text) || isGreeting && addressed.contains(word.text)
        {
            if word.text != "good" { isGreeting = true }
            place = word.end
        }
        guard isGreeting, place < scalars.count, "!,.\n".unicodeScalars.contains(scalars[place]) else { return 0 }
        return scalars[place...].contains(where: \.isWordScalar) ? place + 1 : 0
    }

    private static func word(in scalars: [Unicode.Scalar], from start: Int) -> (text: String, end: Int)? {
        var begin = start
        while begin < scalars.count, scalars[begin] == " " { begin += 1 }
        var end = begin
        while end < scalars.count, end - begin < 12, scalars[end].isWordScalar { end += 1 }
        return end > begin ? (String(String.UnicodeScalarView(scalars[begin..<end])), end) : nil
    }

    private static let words: Set<String> = ["good", "morning", "afternoon", "evening"]
    private static let addressed: Set<String> = [
        "all", "everyone", "everybody", "folks", "sir", "madam", "there", "to", "you",
    ]
}
