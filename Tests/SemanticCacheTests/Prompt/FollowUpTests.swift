import Testing

@testable import SemanticCache

@Suite struct FollowUpTests {
    @Test(arguments: [
        "How do I reset my password?", "What is the capital of France?", "Explain the difference between TCP and UDP",
        "Can I return a parcel after thirty days?", "Write a haiku about autumn in Kyoto",
        "What is the biggest city of South America?",
    ])
    func aQuestionThatStandsByItselfDoesNotLean(_ prompt: String) { #expect(!FollowUp.leansOnContext(prompt)) }

    @Test(arguments: [
        "How much does it cost?", "And how do I reset my password?", "What about the price in euros?", "Why?",
        "Can you explain the second one in detail?", "What did he say about the contract?", "In French, please",
        "How do I do the same for a list?", "Tell me more about the history of Rome", "Where’s that documented again?",
        "Can you translate the text into German?",
        "How do I fix the error?", "Show me the code in Python", "Why is the answer 42?",
        "What does the function return?",
        "Could you make the email shorter?", "Summarize the document in two sentences", "Give me an example in Swift",
        "Which option is better for me?", "How do I open the door?", "Can you write a shorter poem?",
        "How do I do the last part of the exercise?", "¿Y cuánto cuesta un billete?",
        "Et combien de temps faut-il attendre?", "", "...",
    ])
    func aQuestionThatMayMeanAnotherThingElsewhereLeans(_ prompt: String) { #expect(FollowUp.leansOnContext(prompt)) }
}
