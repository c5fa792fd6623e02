"""Enough of semcached's HTTP interface, in memory, to test a gateway against: exact hits, leases, waiting, counts."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOT_PART_OF_SAMENESS = ("stream", "stream_options", "user", "metadata")


class FakeSemcached(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address=("127.0.0.1", 0)):
        super().__init__(address, Handler)
        self.changed = threading.Condition()
        self.entries = {}
        self.leases = {}
        self.seen = []
        # Answer lookups with this instead: a (status, body) pair.
        self.lookup_answer = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def paths(self):
        return [path for path, _ in self.seen]

    def bodies(self, path):
        return [body for seen, body in self.seen if seen == path]


def fingerprint(envelope):
    request = {name: value for name, value in envelope["request"].items() if name not in NOT_PART_OF_SAMENESS}
    named = [envelope.get("namespace", "default"), request]
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def response_of(events):
    """The whole answer that a stream of chunks amounts to."""
    chunks = [json.loads(event) for event in events if event != "[DONE]"]
    text = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    finish = [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"] if choice["finish_reason"]]
    usage = next((chunk["usage"] for chunk in chunks if chunk.get("usage")), None)
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish[-1]}
    identity = {name: chunks[0][name] for name in ("id", "created", "model")}
    return {**identity, "object": "chat.completion", "choices": [choice], "usage": usage}


def events_of(response):
    identity = {name: response[name] for name in ("id", "created", "model")}
    choice = response["choices"][0]
    chunk = {**identity, "object": "chat.completion.chunk"}
    delta = {"index": 0, "delta": choice["message"], "finish_reason": None}
    yield json.dumps({**chunk, "choices": [delta]})
    yield json.dumps({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    yield json.dumps({**chunk, "choices": [], "usage": response["usage"]})
    yield "[DONE]"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.changed:
            self.server.seen.append((self.path, body))
        if self.path == "/v1/lookup":
            self.lookup(body)
        elif self.path == "/v1/store":
            with self.server.changed:
                key = self.server.leases.pop(body["ticket"])
                self.server.entries[key] = body["response"] if "response" in body else response_of(body["events"])
                self.server.changed.notify_all()
            self.answer(201, {"status": "stored", "entry_id": key, "ttl": 3600, "tiers": ["exact"]})
        elif self.path == "/v1/release":
            with self.server.changed:
                self.server.leases.pop(body["ticket"], None)
                self.server.changed.notify_all()
            self.answer(204, None)

    def lookup(self, body):
        if self.server.lookup_answer:
            return self.answer(*self.server.lookup_answer)
        key = fingerprint(body)
        with self.server.changed:
            deadline = time.monotonic() + body.get("cache", {}).get("wait_ms", 0) / 1000
            while key not in self.server.entries and key in self.server.leases.values():
                if not self.server.changed.wait(deadline - time.monotonic()):
                    break
            response = self.server.entries.get(key)
            if response is None:
                held = key in self.server.leases.values()
                ticket = f"ticket-{len(self.server.seen)}-{key[:8]}"
                if not held:
                    self.server.leases[ticket] = key
                miss = {"status": "miss", "reason": "absent", "ticket": None if held else ticket}
                return self.answer(200, {**miss, "lease": {"state": "held" if held else "granted"}})
        if body["request"].get("stream") and "text/event-stream" in self.headers.get("Accept", ""):
            content = "".join(f"data: {event}\n\n" for event in events_of(response)).encode()
            return self.answer(200, content, "text/event-stream")
        self.answer(200, {"status": "hit", "tier": "exact", "entry_id": key, "age": 1, "ttl": 9, "response": response})

    def answer(self, status, body, content_type="application/json"):
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Cache-Status", "semcached; hit; detail=exact")
        self.send_header("X-Semcached-Tier", "exact")
        self.send_header("X-Semcached-Entry", "0" * 64)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format, *args):
        pass
