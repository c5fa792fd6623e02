import Testing

@testable import SemanticCache

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, Int64(1_800_000_000_500)), (1, 1_799_999_999_500), (1_800_000_000, 500), (1_800_000_001, 500),
            (Int.max, 500),
        ] as [(Int, Int64)]
    )
    func aTimeBeforeAllTimesIs1970(seconds: Int, milliseconds: Int64) {
        #expect(Timestamp(milliseconds: 1_800_000_000_500).earlier(bySeconds: seconds).milliseconds == milliseconds)
    }
}
