import copy
import pathlib
import sys
import unittest

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(EXAMPLES / "demo"), str(EXAMPLES / "gateway")]

import demo
import traffic
from upstream import answer_text

TEXTS = traffic.load_questions(EXAMPLES / "data" / "questions.jsonl")


class TrafficTests(unittest.TestCase):
    def test_the_share_of_repetitions_is_exact(self):
        for requests, repeat, distinct in ((200, 0.4, 120), (1000, 0.0, 1000), (37, 0.5, 18), (10, 0.9, 1), (1, 0, 1)):
            with self.subTest(requests=requests, repeat=repeat):
                calls = [call for group in traffic.plan(TEXTS, requests, repeat) for call in group]
                self.assertEqual(len(calls), requests)
                self.assertEqual(len({call.question for call in calls}), distinct)

    def test_some_questions_are_asked_at_both_gateways_at_once(self):
        pairs = [group for group in traffic.plan(TEXTS, 200, 0.4) if len(group) == 2]
        self.assertEqual(len(pairs), 20)
        for first, second in pairs:
            self.assertEqual(first.question, second.question)
            self.assertNotEqual(first.gateway, second.gateway)

    def test_a_repetition_never_comes_before_its_original(self):
        seen = set()
        groups = traffic.plan(TEXTS, 400, 0.6)
        originals = 0
        for group in groups:
            originals += group[0].question not in seen
            seen.add(group[0].question)
        self.assertEqual(originals, 160)

    def test_half_of_the_calls_are_streamed(self):
        calls = [call for group in traffic.plan(TEXTS, 200, 0.4) for call in group]
        self.assertEqual(sum(call.stream for call in calls), 100)

    def test_more_distinct_questions_than_there_are_is_refused(self):
        with self.assertRaises(ValueError):
            traffic.plan(TEXTS[:10], 100, 0)

    def test_the_questions_are_two_thousand_different_ones(self):
        self.assertEqual(len(set(TEXTS)), 2000)


class CheckTests(unittest.TestCase):
    def setUp(self):
        calls = [call for group in traffic.plan(TEXTS, 20, 0.4) for call in group]
        self.results, seen = [], set()
        for call in calls:
            result = demo.Result(call)
            result.outcome = "hit" if call.question in seen else "miss"
            result.text = answer_text(call.question.model, call.question.text)
            result.usage = demo.expected_usage(call.question)
            seen.add(call.question)
            self.results.append(result)
        usd, tokens = demo.saved_by_hits(self.results)
        self.calls = {"calls": 12}
        self.stats = {
            "lookups": 20,
            "hits": {"total": 8, "exact": 6, "coalesced": 2},
            "misses": 12,
            "bypasses": 0,
            "stores": 12,
            "saved": {"requests": 8, "usd": usd, **tokens},
        }

    def test_a_run_as_it_must_be_has_no_difference(self):
        self.assertEqual(demo.check(self.results, self.calls, self.stats), [])

    def test_a_foreign_answer_is_a_difference(self):
        self.results[3].text = self.results[4].text
        self.assertEqual(len(demo.check(self.results, self.calls, self.stats)), 1)

    def test_one_upstream_call_more_is_a_difference(self):
        self.assertEqual(len(demo.check(self.results, {"calls": 13}, self.stats)), 1)

    def test_a_failed_call_is_a_difference(self):
        self.results[0].error = "refused"
        self.assertTrue(any("refused" in line for line in demo.check(self.results, self.calls, self.stats)))

    def test_every_figure_of_the_stats_is_compared(self):
        for path in (["lookups"], ["misses"], ["bypasses"], ["stores"], ["hits", "total"], ["hits", "exact"],
                     ["saved", "requests"], ["saved", "usd"], ["saved", "prompt_tokens"], ["saved", "completion_tokens"]):
            with self.subTest(path=path):
                stats = copy.deepcopy(self.stats)
                place = stats
                for name in path[:-1]:
                    place = place[name]
                place[path[-1]] += 1
                self.assertEqual(len(demo.check(self.results, self.calls, stats)), 1)


if __name__ == "__main__":
    unittest.main()
