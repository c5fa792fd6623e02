import Testing

@testable import SemanticCache

@Suite struct LexicalVerifierTests {
    @Test(arguments: [
        TwoTexts("How do I reset my password?", "how do i reset my password"),
        TwoTexts("How do I reset my password?", "Please, how do I reset my password? Thanks!"),
        TwoTexts("What's the opening time?", "What is the opening time?"),
        TwoTexts("Where is the nearest store?", "Where is the nearest shop?"),
        TwoTexts("Can I get a copy of my statement?", "Can I get a copy of my statment?"),
        TwoTexts("How do I book a van?", "Good morning all, how do I book a van?"),
        TwoTexts("Why is my card not recognised?", "Why is my card not recognized?"),
        TwoTexts("a contract of twelve months", "a contract of 12 months"),
    ])
    func nearRepeatIsServed(texts: TwoTexts) throws {
        #expect(try texts.judgment(similarity: 0.95).rejection == nil)
        #expect(try texts.exchanged.judgment(similarity: 0.95).rejection == nil)
    }

    @Test func similarityBelowTheThresholdIsRejectedBeforeAnyGuard() throws {
        let judgment = try TwoTexts("until 1912", "until 1914").judgment(similarity: 0.5)
        #expect(judgment.rejection == .threshold)
        #expect(judgment.vetoes == [.numbers])
    }

    @Test func theFirstGuardNamesTheRejection() throws {
        let texts = TwoTexts("How do I enable it on Monday 3?", "How do I disable it on Sunday 4?")
        let judgment = try texts.judgment(similarity: 0.99)
        #expect(judgment.rejection == .guarded(.numbers))
        #expect(judgment.vetoes == [.numbers, .antonym, .entities, .calendar])
    }

    @Test(arguments: SemanticSettings.Guard.allCases)
    func guardThatIsSwitchedOffIsNotAsked(name: SemanticSettings.Guard) throws {
        let texts = TwoTexts(
            "Install it on Monday 3 from Oslo to Rome",
            "Don't uninstall it on Sunday 4 from Rome to Oslo"
        )
        var settings = SemanticSettings()
        settings.guards.remove(name)
        #expect(try !texts.judgment(similarity: 0.99, settings).vetoes.contains(name))
        settings.guards = []
        #expect(try texts.judgment(similarity: 0.99, settings).vetoes.isEmpty)
    }

    @Test func balancedServesWhatStrictRefuses() throws {
        let texts = TwoTexts("What is the best way to cook rice?", "How do I cook white rice well?")
        var settings = SemanticSettings()
        #expect(try texts.judgment(similarity: 0.84, settings).rejection == .score)
        settings.profile = .balanced
        #expect(try texts.judgment(similarity: 0.84, settings).rejection == nil)
    }

    @Test func leastScoreOfTheSettingsDecides() throws {
        let texts = TwoTexts("How do I reset it?", "How do I reset it now?")
        let score = try texts.judgment(similarity: 0.95).score
        var settings = SemanticSettings()
        settings.minimumScore = score
        #expect(try texts.judgment(similarity: 0.95, settings).rejection == nil)
        settings.minimumScore = score + 0.001
        #expect(try texts.judgment(similarity: 0.95, settings).rejection == .score)
    }

    @Test(arguments: [
        TwoTexts("How do I learn to swim?", "Where do I learn to swim?"),
        TwoTexts("When did it open?", "Why did it open?"),
        TwoTexts("What is my name?", "What is your name?"),
    ])
    func otherQuestionsOverTheSameWordsNeedMoreSimilarity(texts: TwoTexts) throws {
        let same = try TwoTexts(texts.asked, texts.asked).judgment(similarity: 0.95).score
        #expect(try texts.judgment(similarity: 0.95).score < same - 0.03)
        #expect(try texts.judgment(similarity: 0.95).rejection == .score)
    }

    @Test(arguments: [
        TwoTexts("Who built the bridge?", "When was the bridge built?"),
        TwoTexts("Where do people speak Welsh?", "How many people speak Welsh?"),
        TwoTexts("What is my favorite song?", "What is your favorite song?"),
        TwoTexts("Tell me my name", "Tell me your name"),
    ])
    func particularAnswersOfOthersAreNotServed(texts: TwoTexts) throws {
        #expect(try texts.judgment(similarity: 0.98).rejection == .score)
        #expect(try texts.exchanged.judgment(similarity: 0.98).rejection == .score)
    }

    @Test(arguments: [
        TwoTexts("What are the advantages of trams?", "What are the advantages and disadvantages of trams?"),
        TwoTexts("How do I activate my card?", "How do I activate and link my card?"),
        TwoTexts("What helps against hiccups?", "What else helps against hiccups?"),
        TwoTexts(
            "I was stung on the foot by a wasp today and it is swelling, what do I do?",
            "I was stung on the foot by a jellyfish today and it is swelling, what do I do?"
        ),
    ])
    func oneThingMoreOrAnotherNeedsMoreSimilarity(texts: TwoTexts) throws {
        let settings = { (words: Set<SemanticSettings.Guard>) in
            var settings = SemanticSettings()
            settings.guards = words
            return settings
        }([])
        let other = try TwoTexts(texts.asked, texts.asked).judgment(similarity: 0.93, settings).score
        #expect(try texts.judgment(similarity: 0.93, settings).score < other - 0.03)
        #expect(try texts.judgment(similarity: 0.91, settings).rejection == .score)
    }

    @Test(arguments: [
        TwoTexts("Is chlorine safe?", "Is chloride safe?"),
        TwoTexts("Where is sulfite used?", "Where is sulfate used?"),
        TwoTexts("Can insects infect dogs?", "Can insects insect dogs?"),
    ])
    func wordsOfTheDictionaryAreNoSlips(texts: TwoTexts) {
        let comparison = texts.comparison
        #expect(!comparison.hasSameContent)
    }

    @Test(arguments: [
        TwoTexts("Wie kann ich mein Passwort zurücksetzen?", "wie kann ich mein passwort zurücksetzen"),
        TwoTexts("¿Cómo puedo cambiar mi contraseña?", "Cómo puedo cambiar mi contraseña"),
        TwoTexts("Как сбросить пароль?", "как сбросить пароль"),
        TwoTexts("Bagaimana cara membuka rekening tabungan?", "bagaimana cara membuka rekening tabungan"),
    ])
    func otherLanguagesNeedMoreSimilarity(texts: TwoTexts) throws {
        #expect(try texts.judgment(similarity: 0.94).rejection == .threshold)
        #expect(try texts.judgment(similarity: 0.96).rejection == nil)
    }

    @Test(arguments: [
        TwoTexts("Was kostet es bis 2024?", "Was kostet es bis 2025?"),
        TwoTexts("Puis-je manger avant le vaccin ?", "Puis-je manger après le vaccin ?"),
        TwoTexts("Der Hund jagt die Katze und ist müde", "Die Katze jagt der Hund und ist müde"),
        TwoTexts("Можно ли пить до операции?", "Можно ли пить после операции?"),
        TwoTexts("Bildirimleri nasıl açarım bugün?", "Bildirimleri nasıl kaparım bugün?"),
        TwoTexts("Bolehkah saya makan sebelum operasi?", "Bolehkah saya makan sesudah operasi?"),
        TwoTexts("第3章", "第4章"),
        TwoTexts("密码怎么重置", "密码怎么修改"),
        TwoTexts("كيف أعيد ضبط كلمة المرور", "كيف أغير كلمة المرور"),
    ])
    func otherLanguagesAreGuardedByNumbersAndNames(texts: TwoTexts) throws {
        guard case .guarded = try texts.judgment(similarity: 0.999).rejection else {
            Issue.record("served")
            return
        }
    }

    @Test(arguments: ["", "   ", "\u{0}\u{1}\u{7f}", "🙂🙂", "?!...", "\u{202e}\u{200f}"])
    func textWithoutWordsIsNeverServed(text: String) throws {
        #expect(try TwoTexts(text, "How are you?").judgment(similarity: 1).rejection != nil)
        #expect(try TwoTexts(text, text).judgment(similarity: 1).rejection != nil)
    }

    @Test(arguments: ["🙂🙂", "?!...", String(repeating: "x", count: 200), String(repeating: "word ", count: 600)])
    func whatCannotBeComparedIsNotServedWhereNoScoreDecidesEither(text: String) throws {
        var settings = SemanticSettings()
        let uncalibrated = LexicalVerifier(isCalibrated: false)
        #expect(try TwoTexts(text, text).judgment(similarity: 1, settings, by: uncalibrated).rejection == .score)
        settings.minimumScore = 0
        #expect(try TwoTexts(text, text).judgment(similarity: 1, settings).rejection == .score)
    }

    @Test func textOfTooManyWordsIsNeverServed() throws {
        let long = String(repeating: "word ", count: 20_000)
        #expect(try TwoTexts(long, long).judgment(similarity: 1).rejection != nil)
    }

    @Test func wordOfAHundredKilobytesIsJudged() throws {
        let first = String(repeating: "x", count: 100_000)
        let texts = TwoTexts(first + "y", first + "z")
        #expect(try texts.judgment(similarity: 0.9).rejection != nil)
    }

    @Test func bestScoreIsChosenAndNotTheNearest() throws {
        let candidates = [
            try Neighbor(text: "Where do I learn chess?", similarity: 0.96),
            try Neighbor(text: "How do I learn chess 3?", similarity: 0.95),
            try Neighbor(text: "How can I learn chess?", similarity: 0.94),
        ]
        let judgments = LexicalVerifier().judge(candidates, for: "How do I learn chess?", SemanticSettings())
        #expect(judgments.served.first?.neighbor.text == "How can I learn chess?")
        #expect(Array(judgments.prefix(0)).served.isEmpty)
    }

    @Test func judgmentsComeInTheOrderOfTheCandidates() throws {
        let texts = ["What is a lease?", "What is a ticket?", "What is a fill?"]
        let candidates = try texts.enumerated().map { try Neighbor(text: $1, similarity: 0.99 - Double($0) / 100) }
        let judgments = LexicalVerifier().judge(candidates, for: "What is a lease?", SemanticSettings())
        #expect(judgments.map(\.neighbor) == candidates)
    }

    @Test func similarityThatIsNoNumberIsRejected() throws {
        #expect(try TwoTexts("a lease", "a lease").judgment(similarity: .nan).rejection == .threshold)
    }
}
