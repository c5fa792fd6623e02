import Testing

@testable import SemanticCache

@Suite struct WordTests {
    @Test(arguments: [
        ("cities", "citi"), ("boxes", "box"), ("running", "run"), ("stopped", "stop"), ("falling", "fall"),
        ("quickly", "quick"), ("colours", "color"), ("class", "class"), ("bus", "bus"), ("it's", "it"), ("is", "is"),
        ("organisation", "organization"), ("naïvely", "naïv"),
    ])
    func stemCutsEndings(word: String, stem: String) {
        #expect(Stemmer.stem(word) == stem)
    }

    @Test(arguments: [
        ("it's 9:15am, ok?", ["it's", "9:15", "am", "ok"]),
        ("C++ and C#", ["C++", "and", "C#"]),
        ("$1,000.50 (20%)", ["$", "1,000.50", "20", "%"]),
        ("the U.S. army", ["the", "U.S", "army"]),
        ("", []),
        ("...", []),
    ])
    func scannerFindsWords(text: String, words: [String]) {
        let scalars = Array(text.unicodeScalars)
        var scanner = WordScanner(scalars, joinsInitials: true)
        var found: [String] = []
        while let place = scanner.next() { found.append(String(String.UnicodeScalarView(scalars[place]))) }
        #expect(found == words)
    }

    @Test(arguments: [
        ("good morning, how", 13), ("morning! how", 8), ("good morning to you all\nhow", 24), ("morning trains", 0),
        ("good morning", 0), ("good morning!", 0), ("good, how", 0), ("", 0), ("good evening everyone. how", 22),
    ])
    func greetingIsNotPartOfTheQuestion(text: String, end: Int) {
        #expect(Greeting.end(in: Array(text.unicodeScalars)) == end)
    }

    @Test(arguments: [
        ("recognised", "recognized"), ("analysing", "analyzing"), ("colours", "colors"), ("travelled", "traveled"),
        ("theatre", "theater"), ("catalogue", "catalog"), ("licence", "license"), ("cat", "cat"), ("", ""),
        ("our", "our"),
    ])
    func britishSpellingsHaveAmericanOnes(british: String, american: String) {
        #expect(BritishSpelling.american(british) == american)
    }

    @Test(arguments: [
        (WordEnding.comparative, "stronger", "strong"), (.comparative, "bigger", "big"),
        (.comparative, "easier", "easy"),
        (.superlative, "latest", "late"), (.past, "demoted", "demote"), (.plural, "days", "day"),
        (.plural, "cities", "city"), (.progressive, "running", "run"), (.adverb, "quickly", "quick"),
    ])
    func endingLeavesTheBase(ending: WordEnding, word: String, base: String) {
        #expect(ending.bases(of: word).contains(base))
        #expect(ending.bases(of: "er").isEmpty)
    }

    @Test(arguments: [
        ("1,000", "1000", ""), ("10k", "10000", ""), ("2.50", "2.50", ""), ("3.0", "3", ""), ("5pm", "5", "pm"),
        ("3rd", "3", ""), ("١٢", "12", ""), ("9:15", "9:15", ""), ("1:2:3k", "1:2:3", ""),
    ])
    func numbersComeInOneSpelling(word: String, value: String, unit: String) throws {
        let number = try #require(WrittenNumber(Array(word.unicodeScalars)))
        #expect(number.value == value)
        #expect(number.unit == unit)
    }

    @Test(arguments: [
        ("vegetarian", "vegitarian", 1, true), ("receive", "recieve", 1, true), ("house", "horses", 1, false),
        ("color", "colour", 1, true), ("abc", "abc", 0, true), ("ab", "ba", 1, true), ("a", "abc", 1, false),
    ])
    func editDistanceCountsSwapsOnce(first: String, second: String, limit: Int, isWithin: Bool) {
        let (first, second) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
        #expect(EditDistance.isWithin(limit, first, second) == isWithin)
        #expect(EditDistance.isWithin(limit, second, first) == isWithin)
    }

    @Test(arguments: [1.0, 1.5, 2, 10, 28_000, 1e9])
    func logarithmIsNatural(number: Double) {
        // e to the power of the logarithm, by repeated squaring of the limit's series.
        let logarithm = WordRarity.logarithm(number)
        var power = 1.0
        var term = 1.0
        for step in 1...200 {
            term *= logarithm / Double(step)
            power += term
        }
        #expect(abs(power - number) / number < 1e-9)
    }

    @Test func rareWordsWeighMore() {
        let rarity = WordRarity { ["the": 1996, "pancreas": 25_000][$0] }
        #expect(rarity.weight(of: "the").weight < 0.3)
        #expect(rarity.weight(of: "pancreas").weight > 0.9)
        #expect(rarity.weight(of: "zyzzyva").isRare)
    }

    @Test func cacheParsesATextOnce() {
        let cache = ParsedTextCache(capacity: 2)
        var parses = 0
        func parse(_ text: String) -> ParsedText {
            parses += 1
            return ParsedText()
        }
        for text in ["a", "a", "b", "a", "c", "a"] { _ = cache.text(text, parse: parse) }
        #expect(parses == 3)
        for text in ["d", "e", "f", "g", "a"] { _ = cache.text(text, parse: parse) }
        #expect(parses == 8)
    }

    @Test func everySectionOfTheListsHasWords() {
        let lists = WordLists.english
        #expect(lists.stop.contains("the") && lists.filler.contains("please") && lists.negations.contains("not"))
        #expect(lists.contractions["can't"] == ["can", "not"])
        #expect(!lists.antonyms.sides(of: "enable").isEmpty)
        #expect(lists.calendar["mondays"] == "monday" && lists.calendar["march"] == "march")
        #expect(lists.isPerson("babies") && lists.isPerson("wife") && !lists.isPerson("table"))
        #expect(lists.numbers["dozen"] == "12")
        #expect(lists.phrases.simplify(["what", "time", "is", "it"]).map(\.word) == ["when", "is", "it"])
        #expect(lists.phrases.representative(of: Stemmer.stem("store")) == "shop")
    }
}
