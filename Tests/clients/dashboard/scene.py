"""What the dashboard of the tests has to show: two replicas, three namespaces, both tiers, a false hit."""

import hashlib
import json
import os
import pathlib

from service import call, wait_until

KEYS = {
    "chief": (["read", "write", "admin"], ["*"]),
    "support-admin": (["admin"], ["support*"]),
    "reader": (["read"], ["*"]),
}
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
ASKED = {"support": "How do I reset my password?", "faq": "Where can I download my invoice?", "hostile.ns": HOSTILE}
OTHER_WORDS = "How can I reset my password?"
WRONG_WORDS = "How should I reset my password?"


def key_of(name):
    return f"key-of-{name}"


def model_folder():
    home = pathlib.Path(os.environ.get("XDG_DATA_HOME", pathlib.Path.home() / ".local" / "share")) / "semcached"
    folder = pathlib.Path(os.environ.get("SEMCACHED_DATA_DIR", home)) / "models" / "all-MiniLM-L6-v2"
    if not (folder / "model.safetensors").exists():
        raise AssertionError(f"the embedding model is not in {folder}: Scripts/test fetches it")
    return folder


def settings(keys_file=None):
    """A configuration with the semantic tier, prices, a namespace with a threshold of its own and, if given, keys."""
    tree = {
        "lookup": {"deadline_ms": 20000},
        "semantic": {"enabled": True},
        "embedder": {"model_dir": str(model_folder())},
        "prices": {"gpt-4o": {"prompt": 2.5, "completion": 10.0}},
        "namespaces": {"faq": {"semantic": {"threshold": 0.9}}},
    }
    if keys_file is not None:
        keys = [
            {
                "id": name,
                "sha256": hashlib.sha256(key_of(name).encode()).hexdigest(),
                "scopes": scopes,
                "namespaces": spaces,
            }
            for name, (scopes, spaces) in KEYS.items()
        ]
        keys_file.write_text(json.dumps({"keys": keys}))
        keys_file.chmod(0o600)
        tree["auth"] = {"keys_file": str(keys_file)}
    return tree


def chat(question, model="gpt-4o"):
    return {"model": model, "messages": [{"role": "user", "content": question}]}


def reply(text, model="gpt-4o"):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 812, "completion_tokens": 164, "total_tokens": 976}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [choice],
        "usage": usage,
    }


class Traffic:
    """Calls of a gateway, in turn to each replica."""

    def __init__(self, urls, key=None):
        self.urls = urls
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.calls = 0

    def call(self, path, body=None):
        self.calls += 1
        status, _, answer = call(self.urls[self.calls % len(self.urls)], path, body, headers=self.headers)
        if status >= 300:
            raise AssertionError(f"{path}: {status} {answer}")
        return answer

    def lookup(self, question, namespace="default", **cache):
        return self.call("/v1/lookup", {"namespace": namespace, "request": chat(question), "cache": cache})

    def store(self, question, answer, namespace="default", model="gpt-4o", tags=()):
        body = {"namespace": namespace, "request": chat(question, model), "response": reply(answer, model)}
        return self.call("/v1/store", {**body, "tags": list(tags)})

    def stats(self, **query):
        return self.call("/v1/stats?" + "&".join(f"{name}={value}" for name, value in query.items()))

    def explain(self, question, namespace="default"):
        return self.call("/v1/explain", {"namespace": namespace, "request": chat(question)})

    def is_semantic_everywhere(self, question, namespace):
        """Whether each replica would serve the question in its other words."""
        outcomes = [self.explain(question, namespace)["outcome"] for _ in self.urls]
        return all(outcome["status"] == "hit" for outcome in outcomes)

    def drive(self):
        """Fills three namespaces and asks each; returns the id of the entry that was judged wrong."""
        stored = {name: self.store(question, "Like this.", name) for name, question in ASKED.items()}
        entry = stored["support"]["entry_id"]
        for words in (OTHER_WORDS, WRONG_WORDS):
            wait_until(lambda: self.is_semantic_everywhere(words, "support"), f"'{words}' is known everywhere")
        for number in range(12):
            self.lookup(ASKED["support"], "support")
            self.lookup(f"Which of the {number} plans is best?", "faq", semantic=False)
        for question in (OTHER_WORDS, WRONG_WORDS):
            assert self.lookup(question, "support")["tier"] == "semantic"
        for question in ("How do I bake bread?", "How do I not reset my password?"):
            assert self.lookup(question, "support")["status"] == "miss"
        self.lookup(ASKED["faq"], "faq")
        self.lookup(HOSTILE, "hostile.ns")
        self.store(f"{HOSTILE} once more", "No.", "hostile.ns", model=HOSTILE, tags=[HOSTILE])
        # The semantic hit leaves word of its similarity after it was answered.
        wait_until(lambda: self.explain(WRONG_WORDS, "support")["outcome"]["tier"] == "exact", "the alias is there")
        self.feedback(entry, WRONG_WORDS, "support")
        wait_until(lambda: self.stats()["lookups"] == 30, "everything is counted")
        wait_until(lambda: self.stats()["feedback"]["wrong"] == 1, "the feedback is counted")
        return entry

    def feedback(self, entry, question, namespace):
        body = {"entry_id": entry, "namespace": namespace, "verdict": "wrong", "request": chat(question)}
        self.call("/v1/feedback", body)
