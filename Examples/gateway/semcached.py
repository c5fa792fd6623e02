"""A small client of semcached: lookup, store, release. Nothing here may ever fail a request."""

import http.client
import json
import logging
import threading
from urllib.parse import urlsplit

log = logging.getLogger("gateway.semcached")


class Hit:
    """An answer out of the cache: JSON bytes, or with `streamed` the replay as server-sent events."""

    def __init__(self, body, headers, streamed):
        self.body = body
        self.headers = headers
        self.streamed = streamed


class Miss:
    """Call the upstream. With a ticket: store its answer, or release the lease when the call failed."""

    def __init__(self, ticket, reason):
        self.ticket = ticket
        self.reason = reason


class Bypass:
    """Call the upstream, there is no cache for this request."""

    def __init__(self, reason):
        self.reason = reason


class Semcached:
    """One keep-alive connection per thread to one replica."""

    def __init__(self, url, namespace="default", api_key=None, wait_ms=30_000, margin=2.0):
        parts = urlsplit(url)
        self.address = (parts.hostname, parts.port or 9470)
        self.namespace = namespace
        self.wait_ms = wait_ms
        self.margin = margin
        self.headers = {"Content-Type": "application/json"}
        if api_key:
            self.headers["Authorization"] = f"Bearer {api_key}"
        self.local = threading.local()

    def lookup(self, request, cache=None):
        """Asks for an answer; waits while another caller is already getting the same one."""
        envelope = {
            "namespace": self.namespace,
            "endpoint": "chat.completions",
            "request": request,
            "cache": {"lease": True, "wait_ms": self.wait_ms, **(cache or {})},
        }
        wants_stream = request.get("stream") is True
        accept = "text/event-stream" if wants_stream else "application/json"
        try:
            status, headers, body = self.call("/v1/lookup", envelope, accept, self.wait_ms / 1000 + self.margin)
            if status != 200:
                log.warning("lookup was answered %d", status)
                return Bypass(f"status_{status}")
            if headers.get_content_type() == "text/event-stream":
                return Hit(body, headers, streamed=True)
            answer = json.loads(body)
            if answer["status"] == "hit":
                return Hit(json.dumps(answer["response"]).encode(), headers, streamed=False)
            if answer["status"] == "miss":
                return Miss(answer.get("ticket"), answer["reason"])
            return Bypass(answer["reason"])
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            log.warning("lookup failed: %s", type(error).__name__)
            return Bypass("unreachable")

    def store(self, ticket, *, response=None, events=None):
        """Hands in the upstream's answer, whole or as the data payloads of its stream."""
        answer = {"response": response} if events is None else {"events": events}
        self.tell("/v1/store", {"ticket": ticket, **answer})

    def release(self, ticket):
        """The upstream call failed: the next one who waits gets the lease at once."""
        self.tell("/v1/release", {"ticket": ticket})

    def tell(self, path, body):
        try:
            status, _, _ = self.call(path, body, "application/json", self.margin)
            if status >= 300:
                log.warning("%s was answered %d", path, status)
        except (OSError, http.client.HTTPException) as error:
            log.warning("%s failed: %s", path, type(error).__name__)

    def call(self, path, body, accept, timeout):
        """Posts JSON; returns status, headers and body. Tries once more when a kept connection turns out to be closed."""
        kept = getattr(self.local, "connection", None)
        self.local.connection = None
        if kept is not None:
            try:
                return self.call_over(kept, path, body, accept, timeout)
            except ConnectionError:
                pass
        return self.call_over(http.client.HTTPConnection(*self.address), path, body, accept, timeout)

    def call_over(self, connection, path, body, accept, timeout):
        try:
            connection.timeout = timeout
            if connection.sock is not None:
                connection.sock.settimeout(timeout)
            connection.request("POST", path, json.dumps(body).encode(), {**self.headers, "Accept": accept})
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            connection.close()
            raise
        if not response.will_close:
            self.local.connection = connection
        return response.status, response.headers, content
