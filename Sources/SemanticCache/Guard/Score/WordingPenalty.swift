/// What the way of asking adds to the penalty, or takes from it: less than 0 where two texts are plainly the same.
enum WordingPenalty {
    /// The correction of the penalty of two English texts.
    static func of(_ texts: TextComparison, similarity: Double) -> Double {
        let (asked, stored) = (texts.asked.wording, texts.stored.wording)
        let wording = WordingComparison(asked, stored, lists: texts.lists)
        let length = Self.length(texts)
        var penalty = 0.0

        // Where and when, who and why: the same words with another question word want another answer.
        if wording.wantsParticularOther {
            penalty += 0.15
        } else if wording.wantsOtherAnswer {
            penalty += 0.05
        } else if wording.isSame, asked.kind != stored.kind {
            penalty += 0.03
        }
        if (asked.kind == .yesOrNo) != (stored.kind == .yesOrNo) { penalty += 0.02 * (1 - length) }
        if wording.isSame, wording.hasOtherOwner { penalty += wording.asksOfOther ? 0.15 : 0.04 }

        // What other words for the same thing explain does not count as a difference.
        penalty -= 0.10 * max(0, wording.overlap - texts.overlap)
        // A slip of the pen costs similarity, but changes nothing.
        if wording.slips > 0 { penalty -= wording.isRestated ? 0.08 : 0.05 }
        if wording.isRepeated { penalty -= 0.10 }

        // One more word narrows a question, unless the texts are so near that it says nothing.
        if wording.narrowsByOne { penalty += 0.03 * (1 - ramp(similarity, from: 0.89, to: 0.93)) }
        // So does one more thing: advantages, advantages and disadvantages.
        if texts.addsByConjunction { penalty += 0.02 }
        // Who asks for others wants none of those that the texts name.
        if texts.asksForOthers { penalty += 0.05 }
        // Of people who change all the words or none, only the former mean the same.
        if wording.exchangesOneWord {
            penalty += 0.06 * ramp(Double(texts.asked.wording.sequence.count), from: 6, to: 12)
        }
        // Hardly a word in common: nothing here can confirm the similarity.
        penalty += 0.10 * (1 - ramp(texts.overlap, from: 0.2, to: 0.25))

        // Two wordings of much are never as near as two wordings of little.
        return penalty - 0.05 * length * ramp(similarity, from: 0.82, to: 0.88)
    }

    /// How long the shorter text is: 0 for a sentence, 1 for three or more.
    private static func length(_ texts: TextComparison) -> Double {
        ramp(Double(min(texts.asked.length, texts.stored.length)), from: 60, to: 150)
    }

    /// 0 up to `start`, 1 from `end` on, and evenly between.
    private static func ramp(_ value: Double, from start: Double, to end: Double) -> Double {
        min(1, max(0, (value - start) / (end - start)))
    }
}
