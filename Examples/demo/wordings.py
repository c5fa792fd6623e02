"""Questions in other words, and look-alikes: a labelled sample asked of the semantic tier."""

import collections
import http.client
import json
import urllib.parse
import urllib.request

from processes import wait_until
from upstream import answer_text

NAMESPACE = "wordings"
MODEL = "gpt-4o"


def load(path):
    """The pairs: a stored question, an asked one, and whether one answer serves both."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def request(text):
    return {"model": MODEL, "messages": [{"role": "user", "content": text}]}


def response(text):
    message = {"role": "assistant", "content": answer_text(MODEL, text)}
    usage = {"prompt_tokens": 20, "completion_tokens": 60, "total_tokens": 80}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": choices, "usage": usage}


class Replica:
    """One replica over one kept connection."""

    def __init__(self, url):
        self.url = url
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)

    def post(self, path, body):
        self.connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        return json.loads(answer.read())

    def index_entries(self):
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith("semcached_index_entries "):
                    return float(line.split()[1])
        return 0


class Found:
    """What became of the pairs of one kind."""

    def __init__(self):
        self.asked = self.hits = self.false = 0


def ask(pairs, urls):
    """Stores one side of every pair at the first replica and asks the other one for the other side."""
    first, second = (Replica(url) for url in urls)
    stored = {pair["stored"] for pair in pairs}
    for text in sorted(stored):
        answer = first.post("/v1/store", {"namespace": NAMESPACE, "request": request(text), "response": response(text)})
        if answer.get("tiers") != ["exact", "semantic"]:
            raise ValueError(f"a store for the semantic tier was answered {answer}")
    wait_until(lambda: second.index_entries() >= len(stored), "every question in the other replica's index", bound=30)

    by_kind, false = collections.defaultdict(Found), []
    for pair in pairs:
        if pair["asked"] in stored:
            continue
        body = {"namespace": NAMESPACE, "request": request(pair["asked"]), "cache": {"lease": False}}
        answer = second.post("/v1/lookup", body)
        found = by_kind[pair["kind"]]
        found.asked += 1
        if answer["status"] != "hit":
            continue
        found.hits += 1
        # The answer of the pair's question, if that is meant to serve both; every other one is false.
        said = answer["response"]["choices"][0]["message"]["content"]
        if not pair["same"] or said != answer_text(MODEL, pair["stored"]):
            found.false += 1
            false.append((pair["asked"], answer.get("matched")))
    return by_kind, false


def report(by_kind, false):
    print("other wordings, asked of another replica than the one that stored them")
    for kind, found in by_kind.items():
        name = kind.replace("_", " ")
        print(f"  {name:<18} {found.asked:3} asked, {found.hits:3} semantic hits, {found.false} of them false")
    for asked, matched in false:
        print(f"  FALSE HIT {asked!r} was answered with what was stored for {matched!r}")
