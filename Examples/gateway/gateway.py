#!/usr/bin/env python3
"""A gateway before an OpenAI-compatible upstream that asks semcached first.

    gateway.py --semcached http://127.0.0.1:9470 --upstream https://api.openai.com/v1 --port 8080

The upstream's key comes from OPENAI_API_KEY, semcached's from SEMCACHED_API_KEY. Clients talk to it as they would to the
upstream; a member `cache` in the request (`{"no-cache": true}`, `{"ttl": 600}`, ...) is for semcached and goes no further.
"""

import argparse
import json
import logging
import os
import pathlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai

# The package of this repository, unless one is installed.
sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "python"))

from semcached import CACHE_OPTIONS, Bypass, Failed, Hit, Miss, Semcached  # noqa: E402

log = logging.getLogger("gateway")


class Gateway(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, cache, upstream, wait_ms=30_000):
        super().__init__(address, Handler)
        self.cache = cache
        self.upstream = upstream
        self.wait_ms = wait_ms

    def handle_error(self, request, client_address):
        log.warning("a connection ended: %s", type(sys.exc_info()[1]).__name__)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one segment.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/v1/chat/completions":
            return self.fail(404, f"no such path: {self.path}")
        try:
            request = json.loads(body)
            model, messages = request["model"], request["messages"]
        except (ValueError, KeyError, TypeError):
            return self.fail(400, "the body must be a JSON object with model and messages")
        chosen = request.pop("cache", None)
        chosen = chosen if isinstance(chosen, dict) else {}
        options = {name: value for name, value in chosen.items() if name in CACHE_OPTIONS}
        outcome = self.server.cache.lookup(request, replay=True, **{"wait_ms": self.server.wait_ms, **options})
        if isinstance(outcome, Hit):
            return self.answer_hit(outcome)
        ticket = outcome.ticket if isinstance(outcome, Miss) else None
        fill = None
        try:
            fill = self.answer_from_upstream(request, "bypass" if isinstance(outcome, Bypass) else "miss")
        finally:
            # The client has its answer: this comes out of nobody's time.
            if ticket and (not fill or isinstance(self.server.cache.store(ticket, **fill), Failed)):
                self.server.cache.release(ticket)

    def answer_hit(self, hit):
        passed_on = {
            name: hit.headers[name]
            for name in ("Cache-Status", "Age", "X-Semcached-Entry", "X-Semcached-Tier")
            if name in hit.headers
        }
        if hit.replay is not None:
            return self.answer(200, hit.replay, "hit", "text/event-stream", passed_on)
        self.answer(200, json.dumps(hit.response).encode(), "hit", headers=passed_on)

    def answer_from_upstream(self, request, outcome):
        """Passes the upstream's answer on; returns what to store, None when there is nothing."""
        rest = {name: value for name, value in request.items() if name not in ("model", "messages", "stream")}
        call = {"model": request["model"], "messages": request["messages"], "extra_body": rest}
        completions = self.server.upstream.chat.completions
        try:
            if request.get("stream") is True:
                with completions.with_streaming_response.create(stream=True, **call) as response:
                    return self.pass_stream_on(response, outcome)
            content = completions.with_raw_response.create(**call).content
            self.answer(200, content, outcome)
            return {"response": json.loads(content)}
        except openai.APIStatusError as error:
            self.answer(error.status_code, error.response.content, outcome)
        except openai.APIConnectionError:
            self.fail(502, "the upstream cannot be reached")
        return None

    def pass_stream_on(self, response, outcome):
        """Passes chunks on as they come.

        A client that goes away does not stop it: the answer is paid for, so it is read to its end and kept.
        """
        events = []
        client = ChunkedWriter(self)
        client.begin(200, {"Content-Type": "text/event-stream", "X-Gateway-Cache": outcome})
        try:
            for line in response.iter_lines():
                client.write(f"{line}\n".encode())
                if not line:
                    client.flush()
                if line.startswith("data:"):
                    events.append(line.removeprefix("data:").strip())
        except Exception as error:  # the transport's own error, which the library does not wrap here
            log.warning("the upstream's stream broke off: %s", type(error).__name__)
            self.close_connection = True
            return None
        client.end()
        return {"events": events} if events and events[-1] == "[DONE]" else None

    def answer(self, status, content, outcome, content_type="application/json", headers=None):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Gateway-Cache", outcome)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        try:
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()
        except OSError:  # the client has gone
            self.close_connection = True

    def fail(self, status, message):
        self.answer(status, json.dumps({"error": {"message": message, "type": "gateway_error"}}).encode(), "none")

    def log_message(self, format, *args):
        pass


class ChunkedWriter:
    """The answer in chunks, for as long as the client is there."""

    def __init__(self, handler):
        self.handler = handler
        self.present = True

    def begin(self, status, headers):
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.attempt(self.handler.end_headers)

    def write(self, piece):
        self.attempt(lambda: self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece)))

    def flush(self):
        self.attempt(self.handler.wfile.flush)

    def end(self):
        self.attempt(lambda: self.handler.wfile.write(b"0\r\n\r\n"))
        self.flush()

    def attempt(self, action):
        if not self.present:
            return
        try:
            action()
        except OSError:
            self.present = False
            self.handler.close_connection = True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one; it is printed")
    parser.add_argument("--semcached", default="http://127.0.0.1:9470")
    parser.add_argument("--namespace", default="default")
    parser.add_argument("--upstream", default="https://api.openai.com/v1")
    parser.add_argument("--wait-ms", type=int, default=30_000, help="wait this long for another caller's fill")
    options = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)

    cache = Semcached(options.semcached, namespace=options.namespace, api_key=os.environ.get("SEMCACHED_API_KEY"))
    upstream = openai.OpenAI(base_url=options.upstream, api_key=os.environ.get("OPENAI_API_KEY", "none"))
    server = Gateway((options.host, options.port), cache, upstream, options.wait_ms)
    print(f"listening on http://{options.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
