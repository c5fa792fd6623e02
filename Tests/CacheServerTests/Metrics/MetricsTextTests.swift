import Foundation
import SemanticCache
import Testing

@testable import CacheServer

@Suite struct MetricsTextTests {
    private func lines(_ snapshot: MetricsSnapshot) -> [Substring] {
        String(decoding: MetricsText.bytes(of: snapshot), as: UTF8.self).split(separator: "\n")
    }

    @Test func everyFamilyOfTheTableIsWrittenOnceAndNoOther() {
        let heads = lines(MetricsSnapshot()).filter { $0.hasPrefix("# ") }
        let wanted = MetricFamily.all.flatMap {
            ["# HELP \($0.name) \($0.help)", "# TYPE \($0.name) \($0.kind.rawValue)"]
        }
        #expect(Set(heads.map(String.init)) == Set(wanted))
        #expect(heads.count == wanted.count)
        #expect(Set(MetricFamily.all.map(\.name)).count == MetricFamily.all.count)
    }

    @Test func countersEndInTotalAndNothingElseDoes() {
        for family in MetricFamily.all {
            #expect(family.name.hasSuffix("_total") == (family.kind == .counter), "\(family.name)")
        }
    }

    @Test func everyReasonHasALineFromTheFirstEventOn() {
        var counts = NamespaceCounts()
        counts.add(.miss(.guarded, nanoseconds: 1_000_000))
        counts.add(.lease(.held(milliseconds: 5)))
        counts.add(.rejected(.guarded(.negation)))
        counts.add(.refused(.tooLarge))
        var snapshot = MetricsSnapshot()
        snapshot.counts = ["a": counts]
        let lines = lines(snapshot)
        for reason in MissReason.allCases {
            let number = reason == .guarded ? 1 : 0
            #expect(
                lines.contains(
                    #"semcached_lookups_total{namespace="a",outcome="miss_\#(reason.rawValue)"} \#(number)"#
                )
            )
        }
        #expect(lines.contains(#"semcached_lookups_total{namespace="a",outcome="bypass_deadline"} 0"#))
        #expect(lines.contains(#"semcached_leases_total{namespace="a",state="held"} 1"#))
        #expect(lines.contains(#"semcached_leases_total{namespace="a",state="granted"} 0"#))
        #expect(lines.contains(#"semcached_candidate_rejections_total{namespace="a",rejected_by="negation"} 1"#))
        #expect(lines.contains(#"semcached_stores_total{namespace="a",outcome="too_large"} 1"#))
        #expect(lines.contains(#"semcached_lookup_duration_seconds_count{tier="lookup_miss"} 1"#))
    }

    @Test func bucketsAreCumulativeAndEndInAll() throws {
        var histogram = Histogram()
        for milliseconds in [1, 2, 2, 300] as [UInt64] { histogram.record(nanoseconds: milliseconds * 1_000_000) }
        histogram.record(nanoseconds: .max / 2)
        var text = Exposition()
        text.add(MetricFamily("x_seconds", .histogram, "x"), histograms: [([], BucketCounts(histogram))])
        let buckets = String(decoding: text.bytes, as: UTF8.self).matches(of: /le="([^"]+)"} ([0-9]+)/)
        let counts = buckets.compactMap { Int($0.2) }
        #expect(counts == counts.sorted())
        #expect(counts.last == 5)
        #expect(buckets.last?.1 == "+Inf")
        let half = try #require(buckets.first { Double($0.1).map { $0 >= 0.002 } ?? false })
        #expect(half.2 == "3", "\(half.1)")
    }

    @Test func similaritiesAreUnderTheirBounds() {
        var histogram = SimilarityHistogram()
        for similarity in [0.3, 0.79, 0.8, 0.999, 1] { histogram.record(similarity) }
        let buckets = BucketCounts(histogram)
        #expect(buckets.total == 5)
        #expect(zip(buckets.bounds, buckets.counts).filter { $0.1 > 0 }.map(\.0) == [0.5, 0.8, 0.82, 1])
    }

    @Test(arguments: [("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("a\nb", #"a\nb"#), ("a{b}", "a{b}")])
    func labelValuesAreEscaped(_ value: String, _ written: String) {
        #expect(Exposition.escaped(value) == written)
    }

    @Test(arguments: [(0.0, "0"), (1.5, "1.5"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN")])
    func numbersAreThoseOfTheFormat(_ value: Double, _ written: String) {
        #expect(Exposition.number(value) == written)
    }

    @Test func theProcessIsMeasured() throws {
        let usage = ProcessUsage.now()
        #expect(usage.cpuSeconds > 0)
        #expect(usage.residentBytes > 1 << 20)
        #expect(usage.virtualBytes >= usage.residentBytes)
        #expect(usage.openDescriptors > 2)
        #expect(usage.maximumDescriptors > usage.openDescriptors)
        let start = try #require(usage.startSeconds)
        #expect(start > 1_700_000_000 && start <= Date().timeIntervalSince1970 + 1)
    }
}
