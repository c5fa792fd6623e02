import Testing

@testable import SemanticCache

@Suite struct FollowUpTests {
    @Test(arguments: [
        "How do I reset my password?", "What is the capital of France?", "Explain the difference between TCP and UDP",
        "Can I return a parcel after thirty days?", "Write a haiku about the sea in autumn",
    ])
    func aQuestionThatStandsByItselfDoesNotLean(_ prompt: String) { #expect(!FollowUp.leansOnContext(prompt)) }

    @Test(arguments: [
        "How much does it cost?", "And how do I reset my password?", "What about the price in euros?", "Why?",
        "Can you explain the second one in detail?", "What did he say about the contract?", "In French, please",
        "How do I do the same for a list?", "Tell me more about the history of Rome", "Where’s that documented again?",
        "¿Y cuánto cuesta un billete?", "Et combien de temps faut-il attendre?", "", "...",
    ])
    func aQuestionThatMayMeanAnotherThingElsewhereLeans(_ prompt: String) { #expect(FollowUp.leansOnContext(prompt)) }
}
