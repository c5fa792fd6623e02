import Testing

@testable import SemcachectlCommands

@Suite struct TimeTextTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T10:00:00Z", 1_795_255_200),
            ("2024-02-29T23:59:59.25Z", 1_709_251_199.25),
            ("2026-11-21T11:00:00+01:00", 1_795_255_200), ("2026-11-21t04:30:00-05:30", 1_795_255_200),
            ("2026-11-21", nil), ("2026-11-21T10:00:00", nil), ("2026-13-01T00:00:00Z", nil),
            ("2026-01-01T25:00:00Z", nil),
            ("2026-01-01T00:00Z", nil), ("", nil), ("yesterday", nil),
        ] as [(String, Double?)]
    )
    func timesOfRFC3339(text: String, seconds: Double?) { #expect(TimeText.rfc3339(text) == seconds) }

    @Test(
        arguments: [
            ("Sat, 21 Nov 2026 10:00:00 GMT", 1_795_255_200), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sat, 21 Nov 2026 10:00:00 UTC", nil), ("Sat 21 Nov 2026", nil), ("", nil),
        ] as [(String, Double?)]
    )
    func datesOfHTTP(text: String, seconds: Double?) { #expect(TimeText.httpDate(text) == seconds) }
}
