"""What the clients were answered, by replica and time, to be held against what the replicas counted."""

import collections

# A replica carries its counts to Redis once a second; a killed one loses at most the last of it.
CARRY_SECONDS = 1.6


class Accounts:
    """Answers as (time, replica, namespace, counter), and calls that may have been counted without an answer."""

    def __init__(self):
        self.answers = []
        self.unanswered = []
        # [replica or None for all, start, end, why]: what was answered then may be missing in the sums.
        self.doubts = []
        # When Redis was emptied the last time: start and end.
        self.emptied = None

    def lookup(self, replica, namespace, answer):
        body = answer.body
        outcome = {"hit": "hit", "miss": "miss", "bypass": "bypass"}[body["status"]]
        if outcome == "hit":
            outcome = "hit coalesced" if body["coalesced"] else f"hit {body['tier']}"
        if outcome == "miss":
            outcome = f"miss {body['reason']}"
        self.answers.append((answer.received, replica, namespace, outcome))

    def store(self, replica, namespace, answer):
        if answer.status == 201:
            self.answers.append((answer.received, replica, namespace, "stores"))
        elif answer.status == 200:
            self.answers.append((answer.received, replica, namespace, f"refused {answer.body['reason']}"))

    def feedback(self, replica, namespace, verdict, answer):
        if answer.status == 204:
            self.answers.append((answer.received, replica, namespace, f"feedback {verdict}"))
        else:
            # It was given; whether it is counted although it had no effect, nothing says.
            self.no_answer(namespace, answer.received)

    def no_answer(self, namespace, time):
        self.unanswered.append((namespace, time))

    def is_doubtful(self, time, replica):
        return any(place in (None, replica) and start <= time <= end for place, start, end, _ in self.doubts)

    def bounds(self):
        """By (namespace, counter), the least and the most that the sums in Redis may say."""
        after, certain = self.emptied or (0.0, 0.0)
        after -= CARRY_SECONDS
        least, most = collections.Counter(), collections.Counter()
        for time, replica, namespace, counter in self.answers:
            if time >= after:
                most[namespace, counter] += 1
                if time >= certain and not self.is_doubtful(time, replica):
                    least[namespace, counter] += 1
        spare = collections.Counter(namespace for namespace, time in self.unanswered if time >= after - 15)
        return least, most, spare

    def differences(self, stats):
        """Counters that are not between their bounds: (namespace, counter, least, said, most)."""
        least, most, spare = self.bounds()
        said = collections.Counter()
        for namespace, counts in stats["namespaces"].items():
            for tier in ("exact", "semantic", "coalesced"):
                said[namespace, f"hit {tier}"] = counts["hits"][tier]
            said[namespace, "bypass"] = counts["bypasses"]
            said[namespace, "stores"] = counts["stores"]
            for reason, count in counts["misses_by_reason"].items():
                said[namespace, f"miss {reason}"] = count
            for reason, count in counts["refused"].items():
                said[namespace, f"refused {reason}"] = count
            for verdict, count in counts["feedback"].items():
                said[namespace, f"feedback {verdict}"] = count
        wrong = []
        for key in sorted(set(said) | set(most)):
            if not least[key] <= said[key] <= most[key] + spare[key[0]]:
                wrong.append((*key, least[key], said[key], most[key] + spare[key[0]]))
        return wrong, sum(said.values()), sum(least.values()), sum(most.values()), sum(spare.values())
