import CacheAPI
import Testing

@testable import SemcachectlCommands

@Suite struct StatsTextTests {
    @Test func figuresReadWellInEightyColumns() {
        let text = StatsText.text(Bodies.stats())
        #expect(
            text == """
                All namespaces, last hour

                lookups                    1,000
                hits                         530  53.3 % hit ratio
                  exact                      400
                  semantic                   120
                  coalesced                   10
                misses                       465
                  absent                     464
                  too_old                      1
                bypasses                       5
                stores                       460
                refused stores                 3
                  truncated                    3
                flushed entries                0
                feedback right                40
                feedback wrong                 1
                live entries              12,345  95.4 MiB
                saved requests               400  $1,234.50
                saved prompt tokens      812,000
                saved completion tokens  164,000

                MILLISECONDS   P50   P95   P99
                exact hit     0.41  12.3   123
                semantic hit     -     -     -
                miss          1.00  2.00  3.00
                embedding        -     -     -

                NAMESPACE  LOOKUPS  HIT RATIO  HITS  MISSES      SAVED
                faq            470     21.5 %   100     365  $1,234.50
                support        405     75.0 %   300     100  $1,234.50

                REPLICA    VERSION  UPTIME  NEAR CACHE  INDEX  LAG MS  REDIS
                replica-0  0.1.0     1d 2h       4,096      0       -  up
                """
        )
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func whatShadowModeSawAndHowNearCandidatesWereIsShownOnlyWhenThereIsSome() {
        var stats = Bodies.stats()
        let before = StatsText.text(stats)
        #expect(!before.contains("shadow"))
        #expect(!before.contains("SIMILARITY"))
        stats.counts.shadow = ShadowCountsBody(hits: 12, agreed: 9, disagreed: 3)
        stats.similarity = ["served": ["0.95": 2, "0.99": 1], "guarded": ["0.96": 4], "below_threshold": ["0.07": 5]]
        let lines = StatsText.text(stats).split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("shadow hits 12 not served: semantic.mode is shadow"))
        #expect(lines.contains("disagreed 3"))
        #expect(lines.contains("0.95 3 4 0"))
        #expect(lines.contains("0.05 0 0 5"))
    }
}
