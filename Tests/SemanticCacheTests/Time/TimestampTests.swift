import Testing

@testable import SemanticCache

@Suite struct TimestampTests {
    @Test func aTimeBeforeAllTimesIs1970() {
        let now = Timestamp(milliseconds: 1_800_000_000_500)
        #expect(now.earlier(bySeconds: 0) == now)
        #expect(now.earlier(bySeconds: 1).milliseconds == 1_799_999_999_500)
        #expect(now.earlier(bySeconds: 1_800_000_001).milliseconds == 500)
        #expect(now.earlier(bySeconds: .max).milliseconds == 500)
    }
}
