"""Pairs asked of a running service: every pair in a partition of its own, so that nothing but its stored text can answer.

The deadline of lookups is wide: this counts answers, not time.
"""

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
    # The model is part of the partition.
    return {"model": f"m-{number}", "messages": [{"role": "user", "content": text}]}


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

    def _serve(self, numbered, profile, name):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        found = []
        for number, pair in numbered:
            key = f"{name}-{number}"
            body = {"namespace": profile, "request": request(key, pair.asked), "response": response(pair.asked), "ttl": 600}
            self._post(connection, "/v1/store", body)
            asked = {"namespace": profile, "request": request(key, pair.stored), "cache": {"lease": False}}
            answer = self._post(connection, "/v1/lookup", asked)
            if answer["status"] == "bypass" or answer.get("reason") == "semantic_unavailable":
                raise RuntimeError(f"the service did not judge a pair: {answer}")
            found.append((number, answer["status"] == "hit"))
        return found

    @staticmethod
    def _post(connection, path, body):
        connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path} answered {answer.status}: {text[:300]!r}")
        return json.loads(text)


def pairwise(sets, binary, model, line, cell):
    """Prints a line of `served / wrong` for each profile."""
    with Processes() as processes:
        service = Service(processes, binary, model)
        for profile in PROFILES:
            line(profile, [cell(pairs, service.serves(pairs, profile, name)) for name, pairs in sets.items()])
