import Testing

@testable import SemanticCache

@Suite struct GuardTableTests {
    @Test(arguments: [
        TwoTexts("What happened in 1912?", "What happened in 1914?"),
        TwoTexts("Can I take 2 tablets a day?", "Can I take 3 tablets a day?"),
        TwoTexts("What does a $10k loan cost?", "What does a $12,000 loan cost?"),
        TwoTexts("When does the 9:15 train leave?", "When does the 9:45 train leave?"),
        TwoTexts("twenty five days of leave", "twenty six days of leave"),
        TwoTexts("rooms with two beds", "rooms with three beds"),
        TwoTexts("It is -5 degrees outside", "It is 5 degrees outside"),
        TwoTexts("Take .5 mg a day", "Take 5 mg a day"),
        TwoTexts("f(-2) of the function", "f(2) of the function"),
    ])
    func numbersOnBothSidesAreRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .numbers))
        #expect(texts.exchanged.areRefused(by: .numbers))
    }

    @Test(arguments: [
        TwoTexts("What happened in 1912?", "What happened in 1912, in short?"),
        TwoTexts("A loan of 10k", "A loan of 10,000"),
        TwoTexts("A loan of 10000.00", "A loan of 10,000"),
        TwoTexts("twenty five days", "25 days"),
        TwoTexts("Which one is better?", "Which is better, version 1?"),
        TwoTexts("the 3rd month", "month 3"),
        TwoTexts("How long is the trip?", "How long is the trip of 3 days?"),
        TwoTexts("Take .5 mg a day", "Take 0.5 mg a day"),
        TwoTexts("pages 2-5", "pages 2 to 5"),
    ])
    func equalOrOneSidedNumbersAreNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .numbers))
        #expect(!texts.exchanged.areRefused(by: .numbers))
    }

    @Test(arguments: [
        TwoTexts("How do I enable dark mode?", "How do I disable dark mode?"),
        TwoTexts("What are the benefits of coffee?", "What are the risks of coffee?"),
        TwoTexts("When do trains arrive?", "When do trains depart?"),
        TwoTexts("Flights that are inbound", "Flights that are outbound"),
        TwoTexts("Is the red wire live?", "Is the blue wire live?"),
        TwoTexts("How do I make tea stronger?", "How do I make tea weaker?"),
        TwoTexts("Who was promoted last week?", "Who was demoted last week?"),
        TwoTexts("Is baking soda acidic?", "Is baking soda alkaline?"),
        TwoTexts("Can I work part time in Norway?", "Can I work full time in Norway?"),
        TwoTexts("What does a one-way ticket cost?", "What does a return ticket cost?"),
        TwoTexts("The lawn gets too much water", "The lawn gets too little water"),
        TwoTexts("She is 5 months old", "She is 5 years old"),
        TwoTexts("Arguments for a sugar tax", "Arguments against a sugar tax"),
    ])
    func antonymsAreRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .antonym))
        #expect(texts.exchanged.areRefused(by: .antonym))
    }

    @Test(arguments: [
        TwoTexts("Pros and cons of trams", "Advantages and disadvantages of trams"),
        TwoTexts("Is it good or bad?", "Is it bad or good?"),
        TwoTexts("How do I enable dark mode?", "How do I activate dark mode?"),
        TwoTexts("How can I reduce noise?", "How can I lower noise?"),
        TwoTexts("Which is stronger?", "Which is the strong one?"),
        TwoTexts("What is the answer?", "Answer the question: what is it?"),
    ])
    func wordsOfTheSameSideAreNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .antonym))
        #expect(!texts.exchanged.areRefused(by: .antonym))
    }

    @Test(arguments: [
        TwoTexts("Which foods contain gluten?", "Which foods don't contain gluten?"),
        TwoTexts("Is there a reason for paying?", "Is there a reason for not paying?"),
        TwoTexts("Can I travel with a visa?", "Can I travel without a visa?"),
        TwoTexts("Sort the list except the last line", "Sort the list and the last line"),
        TwoTexts("Which sweets contain sugar?", "Which sweets are sugar-free?"),
        TwoTexts("Which sprays kill ants?", "Which sprays fail to kill ants?"),
        TwoTexts("I can no longer log in from Chrome, why?", "I can log in from Chrome, why?"),
    ])
    func negationOnOneSideIsRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .negation))
        #expect(texts.exchanged.areRefused(by: .negation))
    }

    @Test(arguments: [
        TwoTexts("How do I reset my PIN?", "I don't know how to reset my PIN. How do I?"),
        TwoTexts("Is milk safe?", "Do you know whether or not milk is safe?"),
        TwoTexts("Why is it not open?", "Why isn't it open?"),
        TwoTexts("My bag hasn't arrived, what should I do?", "What should I do? My bag hasn't arrived."),
        TwoTexts("The car fails to start", "The car does not start"),
        TwoTexts("Is the museum free?", "Is the museum free on Sunday?"),
    ])
    func idleNegationIsNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .negation))
        #expect(!texts.exchanged.areRefused(by: .negation))
    }

    @Test(arguments: [
        TwoTexts("How do I install the driver?", "How do I uninstall the driver?"),
        TwoTexts("Is the parameter valid?", "Is the parameter invalid?"),
        TwoTexts("What causes hyperglycemia?", "What causes hypoglycemia?"),
        TwoTexts("Is the mushroom harmful?", "Is the mushroom harmless?"),
        TwoTexts("rights of the employer", "rights of the employee"),
        TwoTexts("What is linear?", "What is non-linear?"),
    ])
    func oppositePrefixesAreRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .prefix))
        #expect(texts.exchanged.areRefused(by: .prefix))
    }

    @Test(arguments: [
        TwoTexts("How do I get into college?", "How do I go to college?"),
        TwoTexts("a non-linear model", "a nonlinear model"),
        TwoTexts("the least painful way", "a painless way"),
    ])
    func likenessOfPrefixesIsNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .prefix))
        #expect(!texts.exchanged.areRefused(by: .prefix))
    }

    @Test(arguments: [
        TwoTexts("How old is Paris?", "How old is Rome?"),
        TwoTexts("Does it run on an RTX4090?", "Does it run on an RTX4080?"),
        TwoTexts("weather in Slovakia now", "weather in Slovenia now"),
        TwoTexts("Is C++ hard?", "Is C# hard?"),
        TwoTexts("the number of Mary's phone", "the number of Mark's phone"),
    ])
    func otherNamesAreRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .entities))
        #expect(texts.exchanged.areRefused(by: .entities))
    }

    @Test(arguments: [
        TwoTexts("Is 5 mW safe?", "Is 5 MW safe?"),
        TwoTexts("Open example.com/Page please", "Open example.com/page please"),
        TwoTexts("Write to jon.smith@example.com", "Write to jon_smith@example.com"),
        TwoTexts("What happened on 03/04/2021?", "What happened on 04/03/2021?"),
        TwoTexts("What does grep -r do?", "What does grep -R do?"),
        TwoTexts("What does \\w match?", "What does \\W match?"),
        TwoTexts("How do I run ./run there?", "How do I run ../run there?"),
        TwoTexts("What does getElementById do?", "What does getElementsById do?"),
        TwoTexts("Why is `x[i] = a(b)` slow?", "Why is `x[j] = a(b)` slow?"),
        TwoTexts("Fix it:\nfor x in y:\n    z(x)\n    w", "Fix it:\nfor x in y:\n    z(x)\nw"),
        TwoTexts("Simplify (a + b) = f(c) ^ 2", "Simplify a + b = f(c) ^ 2"),
    ])
    func whatIsMeantLetterByLetterIsRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .entities))
        #expect(texts.exchanged.areRefused(by: .entities))
    }

    @Test(arguments: [
        TwoTexts("Is 5 GB enough?", "is 5 gb enough"),
        TwoTexts("Does GitHub have it?", "does github have it"),
        TwoTexts("24/7 support, and/or he/she", "support 24/7 and/or he/she"),
        TwoTexts("How do I use `git rebase`?", "How do I use git rebase?"),
        TwoTexts("a well-known part-time job (paid)", "a well-known part-time job, paid"),
        TwoTexts("Why is x[i] = a(b) slow?", "Why is x[i] = a(b) slow? "),
    ])
    func otherWaysToWriteItAreNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .entities))
        #expect(!texts.exchanged.areRefused(by: .entities))
    }

    @Test(arguments: [
        TwoTexts("taxes in the United States", "taxes in the US"),
        TwoTexts("taxes in the U.S.", "taxes in the USA"),
        TwoTexts("the capital of Great Britain", "the capital of the UK"),
        TwoTexts("the song by Beyoncé", "the song by Beyonce"),
        TwoTexts("Mr. Smith and Paris", "Smith and Paris"),
        TwoTexts("How old is Paris?", "How old is paris?"),
        TwoTexts("How old is Hillary?", "How old is Hilary?"),
    ])
    func otherSpellingsOfNamesAreNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .entities))
        #expect(!texts.exchanged.areRefused(by: .entities))
    }

    @Test(arguments: [
        TwoTexts("What does 🍕 mean?", "What does 🚗 mean?"),
        TwoTexts("How do I say 👍🏻?", "How do I say 👍🏿?"),
        TwoTexts("Which country has the flag 🇩🇪?", "Which country has the flag 🇫🇷?"),
        TwoTexts("Is x > y?", "Is x < y?"),
        TwoTexts("Is x >= y?", "Is x > y?"),
        TwoTexts("Explain the operator ==", "Explain the operator !="),
        TwoTexts("Explain a && b", "Explain a || b"),
        TwoTexts("What is 5 + 3?", "What is 5 - 3?"),
        TwoTexts("What is 5 × 3?", "What is 5 ÷ 3?"),
        TwoTexts("What is ½ of 8?", "What is ¼ of 8?"),
        TwoTexts("What is ① here?", "What is ② here?"),
        TwoTexts("What does € mean here?", "What does £ mean here?"),
        TwoTexts("Was bedeutet 🍕 auf Deutsch?", "Was bedeutet 🚗 auf Deutsch?"),
        TwoTexts("Translate แมว to English", "Translate หมา to English"),
        TwoTexts("Translate кошка to English", "Translate собака to English"),
        TwoTexts("What is an α particle?", "What is a β particle?"),
    ])
    func otherSignsAreRefusedAsNames(texts: TwoTexts) {
        #expect(texts.areRefused(by: .entities))
        #expect(texts.exchanged.areRefused(by: .entities))
    }

    @Test(arguments: [
        TwoTexts("How do I reset it? 🙂", "How do I reset it?"),
        TwoTexts("What does 🍕 mean?", "What's the meaning of 🍕?"),
        TwoTexts("What is 5 × 3?", "What is 5 * 3?"),
        TwoTexts("Is x ≥ y?", "Is x >= y?"),
        TwoTexts("from 2019-2020", "from 2019/2020"),
        TwoTexts("Is it on/off - or not?", "Is it on & off, or not!"),
        TwoTexts("the Curaçao résumé", "the Curacao resume"),
        TwoTexts("a loan of $5", "a loan of 5 dollars"),
        TwoTexts("Translate кошка to English", "Translate кошка into English"),
    ])
    func equalOneSidedOrOtherwiseWrittenSignsAreNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .entities))
        #expect(!texts.exchanged.areRefused(by: .entities))
    }

    @Test(arguments: [
        TwoTexts("Are you open on Monday?", "Are you open on Sunday?"),
        TwoTexts("weather in May, I mean March", "weather in April"),
        TwoTexts("Is it open at 5pm?", "Is it open at 5 am?"),
        TwoTexts("things to do in summer", "things to do in winter"),
    ])
    func otherDaysAreRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .calendar))
        #expect(texts.exchanged.areRefused(by: .calendar))
    }

    @Test(arguments: [
        TwoTexts("Are you open on Mondays?", "Are you open on Monday?"),
        TwoTexts("I am free on Monday", "Free on Monday"),
        TwoTexts("Are you open?", "Are you open on Monday?"),
    ])
    func sameOrOneSidedDaysAreNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .calendar))
        #expect(!texts.exchanged.areRefused(by: .calendar))
    }

    @Test(arguments: [
        TwoTexts("flights from Oslo to Rome", "flights from Rome to Oslo"),
        TwoTexts("How far is it from work to home?", "How far is it from home to work?"),
        TwoTexts("Did Ajax beat Porto?", "Did Porto beat Ajax?"),
        TwoTexts("Can my landlord sue me for noise?", "Can I sue my landlord for noise?"),
        TwoTexts("Can people catch colds from cats?", "Can cats catch colds from people?"),
        TwoTexts("What should the guest give the host?", "What should the host give the guest?"),
        TwoTexts("Who did Ann defeat?", "Who defeated Ann?"),
        TwoTexts("Which teams has Porto beaten?", "Which teams have beaten Porto?"),
        TwoTexts("How can adult children help their parents?", "How can parents help their adult children?"),
        TwoTexts("My dog fears our cat. How do I calm the dog?", "My cat fears our dog. How do I calm the cat?"),
        TwoTexts("How many feet are in a mile?", "How many miles are in a foot?"),
        TwoTexts("Should I send it to the bank?", "Should I send it from the bank?"),
        TwoTexts("Was it stolen by an employee?", "Was it stolen from an employee?"),
        TwoTexts("Do all students need it?", "Do some students need it?"),
        TwoTexts("convert euros to yen", "convert yen to euros"),
    ])
    func exchangedRolesAreRefused(texts: TwoTexts) {
        #expect(texts.areRefused(by: .role))
        #expect(texts.exchanged.areRefused(by: .role))
    }

    @Test(arguments: [
        TwoTexts("flights from Oslo to Rome", "flights to Rome from Oslo"),
        TwoTexts("Compare the Honda and the Toyota", "Compare the Toyota and the Honda"),
        TwoTexts("Which is better, Oslo or Rome?", "Which is better, Rome or Oslo?"),
        TwoTexts("How do I merge two PDFs on a Mac?", "On a Mac, how do I merge two PDFs?"),
        TwoTexts("the oil of a 2015 Honda Civic", "the oil of a Honda Civic 2015"),
        TwoTexts("How do I type quickly on phones?", "How do I type on phones quickly?"),
        TwoTexts("a small black box", "a black small box"),
        TwoTexts("What does the P0420 code mean?", "What does the code P0420 mean?"),
        TwoTexts("What is the time in Oslo now?", "Now what is the time in Oslo?"),
    ])
    func orderAloneIsNot(texts: TwoTexts) {
        #expect(!texts.areRefused(by: .role))
        #expect(!texts.exchanged.areRefused(by: .role))
    }
}
