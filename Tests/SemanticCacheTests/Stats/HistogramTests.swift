import SemanticCache
import Testing

@Suite struct HistogramTests {
    @Test func bucketsFollowOneAnotherWithoutGaps() {
        for bucket in 0..<Histogram.bucketCount - 1 {
            #expect(
                Histogram.microseconds(ofBucket: bucket).upperBound
                    == Histogram.microseconds(ofBucket: bucket + 1).lowerBound
            )
        }
    }

    @Test func aDurationIsCountedInTheBucketThatHoldsIt() {
        var microseconds: UInt64 = 0
        while microseconds < 800_000_000 {
            let bucket = Histogram.bucket(ofNanoseconds: microseconds * 1000)
            let range = Histogram.microseconds(ofBucket: bucket)
            #expect(range.lowerBound <= Double(microseconds) && Double(microseconds) < range.upperBound)
            microseconds = microseconds < 5000 ? microseconds + 1 : microseconds * 33 / 32
        }
    }

    @Test func theLongestDurationIsInTheLastBucket() {
        #expect(Histogram.bucket(ofNanoseconds: .max) == Histogram.bucketCount - 1)
        #expect(Histogram.bucket(ofNanoseconds: 0) == 0)
    }

    @Test func percentilesAreOffByLessThanAnEighth() throws {
        var histogram = Histogram()
        for millisecond in 1...1000 { histogram.record(nanoseconds: UInt64(millisecond) * 1_000_000) }
        #expect(histogram.total == 1000)
        #expect(histogram.sumNanoseconds == 500_500 * 1_000_000)
        for (fraction, expected) in [(0.5, 500.0), (0.95, 950), (0.99, 990), (0.001, 1), (1, 1000)] {
            let found = try #require(histogram.milliseconds(atFraction: fraction))
            #expect(abs(found - expected) / expected < 0.125, "\(fraction): \(found)")
        }
    }

    @Test func anEmptyHistogramHasNoPercentiles() {
        #expect(Histogram().milliseconds(atFraction: 0.5) == nil)
        #expect(Histogram().total == 0)
    }

    @Test func mergedHistogramsAreAsIfCountedInOne() {
        var left = Histogram()
        var right = Histogram()
        var both = Histogram()
        for number in 0..<1000 as Range<UInt64> {
            let nanoseconds = number * number * 977
            if number % 3 == 0 { left.record(nanoseconds: nanoseconds) } else { right.record(nanoseconds: nanoseconds) }
            both.record(nanoseconds: nanoseconds)
        }
        left.merge(right)
        left.merge(Histogram())
        #expect(left == both)
    }

    @Test func countsForBucketsThatDoNotExistAreIgnored() {
        var histogram = Histogram()
        histogram.add(1, toBucket: -1)
        histogram.add(1, toBucket: Histogram.bucketCount)
        #expect(histogram.total == 0)
        histogram.add(2, toBucket: Histogram.bucketCount - 1)
        #expect(histogram.total == 2)
    }
}
