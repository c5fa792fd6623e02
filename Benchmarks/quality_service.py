"""Pairs asked of a running service: every pair in a partition of its own, so that nothing but its stored text can answer.

The deadline of lookups is wide: this counts answers, not time.
"""

import contextlib
import http.client
import json
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Examples" / "demo"))
from processes import Processes

CONNECTIONS = 4
PROFILES = ("strict", "balanced")


def request(number, text):
    return conversation(number, [{"role": "user", "content": text}])


def conversation(number, messages):
    # The model is part of the partition.
    return {"model": f"m-{number}", "messages": messages}


def response(text):
    message = {"role": "assistant", "content": f"The answer to: {text}"}
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


class Service:
    """A daemon of its own, and whether it serves."""

    def __init__(self, processes, binary, model):
        _, redis = processes.redis(maxmemory="2gb")
        namespaces = "".join(f"  {profile}: {{ semantic: {{ profile: {profile} }} }}\n" for profile in PROFILES)
        path = processes.path / "semcached.yaml"
        path.write_text(
            f"redis: {{ url: '{redis}' }}\nlookup: {{ deadline_ms: 20000 }}\nsemantic: {{ enabled: true }}\n"
            f"embedder: {{ model_dir: '{pathlib.Path(model).resolve()}' }}\nnamespaces:\n{namespaces}"
        )
        _, url = processes.semcached("semcached", pathlib.Path(binary).resolve(), path)
        self.address = url.removeprefix("http://")

    def serves(self, pairs, profile, name):
        """For each pair, whether the service answers its second text with what was stored for the first."""
        numbered = list(enumerate(pairs))
        parts = [numbered[place::CONNECTIONS] for place in range(CONNECTIONS)]
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            found = pool.map(lambda part: self._serve(part, profile, name), parts)
        return [served for _, served in sorted(pair for part in found for pair in part)]

    def answers(self, stored, asked, profile, name):
        """Stores all of the first, asks all of the second: for each the text whose answer came, None for a miss."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        for text in stored:
            self._store(connection, profile, request(name, text), text)
        # Every lookup leaves what it is served as an alias of its own words only: the order changes nothing.
        return [self._answer(connection, profile, request(name, text)) for text in asked]

    def serves_conversations(self, pairs, profile):
        """For each pair of message lists, whether the second is answered with what was stored for the first."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        found = []
        for number, (first, second) in enumerate(pairs):
            self._store(connection, profile, conversation(f"c-{number}", first), first[-1]["content"])
            found.append(self._answer(connection, profile, conversation(f"c-{number}", second)) is not None)
        return found

    def _serve(self, numbered, profile, name):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        found = []
        for number, pair in numbered:
            key = f"{name}-{number}"
            self._store(connection, profile, request(key, pair.asked), pair.asked)
            found.append((number, self._answer(connection, profile, request(key, pair.stored)) is not None))
        return found

    def _store(self, connection, profile, stored, text):
        body = {"namespace": profile, "request": stored, "response": response(text), "ttl": 3600}
        self._post(connection, "/v1/store", body)

    def _answer(self, connection, profile, asked):
        """The text whose answer is served; None for a miss."""
        answer = self._post(connection, "/v1/lookup", {"namespace": profile, "request": asked, "cache": {"lease": False}})
        if answer["status"] == "bypass" or answer.get("reason") == "semantic_unavailable":
            raise RuntimeError(f"the service did not judge a text: {answer}")
        if answer["status"] != "hit":
            return None
        return answer["response"]["choices"][0]["message"]["content"].removeprefix("The answer to: ")

    @staticmethod
    def _post(connection, path, body):
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path} answered {answer.status}: {text[:300]!r}")
        return json.loads(text)


@contextlib.contextmanager
def running(binary, model):
    """A service of its own, stopped at the end."""
    with Processes() as processes:
        yield Service(processes, binary, model)
