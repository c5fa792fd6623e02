#!/usr/bin/env python3
"""A stand-in for an OpenAI-compatible upstream: the same question gets the same answer, and every call is counted.

    upstream.py --port 0 --latency-ms 150 --chunk-ms 2

POST /v1/chat/completions   streamed or not
GET  /calls                 {"calls": N, "failed": N, "by_model": {...}}
POST /fail                  {"next": N, "status": 500}: refuse the next N calls
"""

import argparse
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OPENINGS = ("Short answer:", "Here is how it works.", "Good question.", "That depends on your plan.", "In most cases:")
SENTENCES = (
    "Open the app, go to the settings and look for the entry of that name.",
    "It usually takes one to three working days until the change can be seen.",
    "If that does not help, restart the device and sign in again.",
    "Keep the confirmation number, the support team will ask for it.",
    "There is no fee for this as long as the account is in good standing.",
    "You can also call the number on the back of the card at any hour.",
    "Weekends and holidays do not count as working days here.",
    "A screenshot of the message makes it much easier to find the cause.",
    "The limit can be raised once the identity check is done.",
    "Nothing has been charged yet; a pending amount disappears on its own.",
)


def question_of(messages):
    """The text of the last user message."""
    for message in reversed(messages):
        if message.get("role") == "user":
            content = message["content"]
            return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    return ""


def answer_text(model, question):
    """The one answer that this model gives to this question."""
    digest = hashlib.sha256(f"{model}\n{question}".encode()).digest()
    count = 3 + digest[0] % 8
    sentences = [SENTENCES[digest[1 + index] % len(SENTENCES)] for index in range(count)]
    opening = OPENINGS[digest[20] % len(OPENINGS)]
    return f"{opening} You asked: “{question}” {' '.join(sentences)} (reference {digest.hex()[:12]})"


def token_count(text):
    """About four characters a token."""
    return max(1, len(text) // 4)


def usage_of(messages, text):
    prompt = sum(4 + token_count(json.dumps(message.get("content"), ensure_ascii=False)) for message in messages)
    completion = token_count(text)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


class Upstream(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, latency_ms=150.0, chunk_ms=0.0):
        super().__init__(address, Handler)
        self.latency = latency_ms / 1000
        self.chunk_pause = chunk_ms / 1000
        self.lock = threading.Lock()
        self.calls = 0
        self.failed = 0
        self.by_model = {}
        self.refusals = []
        # Cut a stream after this many chunks; None lets it end.
        self.cut_after = None

    def count(self, model):
        """Counts a call; returns its number and the status to refuse it with, if any."""
        with self.lock:
            self.calls += 1
            self.by_model[model] = self.by_model.get(model, 0) + 1
            refusal = self.refusals.pop() if self.refusals else None
            self.failed += refusal is not None
            return self.calls, refusal


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.path != "/calls":
            return self.answer(404, {"error": {"message": "no such path"}})
        with self.server.lock:
            counts = {"calls": self.server.calls, "failed": self.server.failed, "by_model": dict(self.server.by_model)}
        self.answer(200, counts)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/fail":
            with self.server.lock:
                self.server.refusals = [body.get("status", 500)] * body.get("next", 1)
            return self.answer(200, {})
        if self.path != "/v1/chat/completions":
            return self.answer(404, {"error": {"message": "no such path"}})
        number, refusal = self.server.count(body["model"])
        time.sleep(self.server.latency)
        if refusal is not None:
            return self.answer(refusal, {"error": {"message": "refused on request", "type": "server_error"}})
        text = answer_text(body["model"], question_of(body["messages"]))
        usage = usage_of(body["messages"], text)
        identity = {"id": f"chatcmpl-{number:08}", "created": int(time.time()), "model": body["model"]}
        if body.get("stream") is True:
            return self.stream(identity, text, usage if (body.get("stream_options") or {}).get("include_usage") else None)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "logprobs": None, "finish_reason": "stop"}
        self.answer(200, {**identity, "object": "chat.completion", "choices": [choice], "usage": usage})

    def stream(self, identity, text, usage):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        words = text.split(" ")
        pieces = [" ".join(words[at : at + 4]) + (" " if at + 4 < len(words) else "") for at in range(0, len(words), 4)]
        deltas = [({"role": "assistant", "content": ""}, None)]
        deltas += [({"content": piece}, None) for piece in pieces]
        deltas += [({}, "stop")]
        for index, (delta, finish) in enumerate(deltas):
            if index == self.server.cut_after:
                self.close_connection = True
                return
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            self.send_event({**identity, "object": "chat.completion.chunk", "choices": [choice], "usage": None})
            time.sleep(self.server.chunk_pause)
        if usage:
            self.send_event({**identity, "object": "chat.completion.chunk", "choices": [], "usage": usage})
        self.send_chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def send_event(self, payload):
        self.send_chunk(b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n")

    def send_chunk(self, piece):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.flush()

    def answer(self, status, body):
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format, *args):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9480, help="0 takes a free one; it is printed")
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--chunk-ms", type=float, default=0)
    options = parser.parse_args()
    server = Upstream(("127.0.0.1", options.port), options.latency_ms, options.chunk_ms)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
