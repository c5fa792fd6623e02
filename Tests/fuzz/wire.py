"""Requests as bytes on the wire, and answers out of them."""

import urllib.parse

POSTS = ["/v1/lookup"] * 5 + ["/v1/store"] * 5 + ["/v1/release"] * 2 + ["/v1/feedback", "/v1/flush", "/v1/explain"]
POSTS += ["/v1/caches/fuzz-a/entries"] * 2 + ["/v1/caches/fuzz-a/entries/search", "/v1/caches/fuzz-b/conversations/search"]
GETS = ["/v1/entries"] * 4 + ["/v1/stats", "/metrics", "/healthz", "/readyz", "/openapi.json", "/"]
PARAMETERS = {
    "namespace": ["fuzz-a", "sentinel", "", "%66uzz-a", "fuzz-%", "%ff", "fuzz-a%00", "*", "%0d%0aX-Injected:%201"],
    "model": ["gpt-4o", "", "%F0%9F%98%80", "m%0d%0a"],
    "tag": ["docs:v2", "docs%3Av2", ""],
    "limit": ["1", "1000", "0", "1001", "-1", "9223372036854775808", "1e3", "", "+5", "%31"],
    "cursor": ["", "0", "1:2:3", "63:9:9", "64:0:0", "-1:-1:-1", "9" * 40, "a:b:c", "0:18446744073709551616:0", "%00"],
    "window": ["5m", "1h", "24h", "7d", "all", "1H", "", "9999999h"],
    "unknown": ["1"],
}
HEADERS = [
    b"Accept: text/event-stream", b"Accept: */*", b"X-Request-Id: abc", b"X-Request-Id: \xff\xfe", b"X-Request-Id: " + b"r" * 129,
    b"Origin: http://evil", b"Origin: null", b"Content-Type: text/plain", b"Cookie: a=b", b"Connection: keep-alive",
    b"If-None-Match: *", b"Range: bytes=0-1", b"Accept-Encoding: gzip", b"Via: 1.1 x", b"X-Empty:", b"Max-Forwards: 0",
]
KEYS = [
    b"Authorization: bearer %s", b"AUTHORIZATION: Bearer %s ", b"authorization: Bearer  %s", b"Authorization: Basic %s",
    b"Authorization: Bearer", b"Authorization: %s", b"Authorization: Bearer %sx", b"X-Authorization: Bearer %s",
    b"Authorization: Bearer\t%s", b"Authorization: Bearer wrong",
]
# Each is the last request of its connection: the server may answer, and closes.
BROKEN = [
    b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"POST /v1/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST /v1/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/lookup HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"POST /v1/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /v1/lookup HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n", b"G\x00T / HTTP/1.1\r\n\r\n",
    b"POST /v1/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 9000 + b"\r\n", b"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\nConnection: close\r\n\r\n", b"\r\n\r\n\x00",
]


class Malformed(Exception):
    """What came is not an answer as HTTP/1.1 has it."""


class Writer:
    """Makes requests of the routes; `key` opens the namespaces that are fuzzed."""

    def __init__(self, draw, seeds, mutations, key):
        self.draw, self.seeds, self.mutations, self.key = draw, seeds, mutations, key

    def head(self, method, target, length=None):
        draw = self.draw
        lines = [b"%s %s HTTP/1.1" % (method, target), b"Host: x"]
        if draw.random() < 0.97:
            lines.append(b"Authorization: Bearer " + self.key)
        elif draw.random() < 0.9:
            line = draw.choice(KEYS)
            lines.append(line % self.key if b"%s" in line else line)
        if draw.random() < 0.15:
            lines.append(draw.choice(HEADERS))
        if length is not None:
            lines.append(b"Content-Length: %d" % length)
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def request(self):
        """One request: its route, method and bytes."""
        draw = self.draw
        if draw.random() < 0.85:
            route = draw.choice(POSTS)
            value = self.seeds.makers[route]()
            body = self.mutations.body(value) if draw.random() < 0.75 else self.good(value)
            target = route.encode() if draw.random() < 0.98 else self.odd_target(route)
            if draw.random() < 0.03:
                return route, b"POST", self.chunked(target, body)
            return route, b"POST", self.head(b"POST", target, len(body)) + body
        return self.reading()

    def good(self, value):
        from mutation import compact

        return compact(value)

    def reading(self):
        draw = self.draw
        route = draw.choice(GETS)
        method = draw.choice([b"GET"] * 6 + [b"HEAD", b"DELETE", b"OPTIONS", b"PUT", b"PATCH", b"TRACE"])
        path = route
        if route == "/v1/entries" and draw.random() < 0.7:
            identity = self.seeds.entry_id()
            path = f"/v1/entries/{draw.choice([identity, identity, identity[:-1], identity.upper(), '', '..', '%00', identity + '/'])}"
            route = "/v1/entries/{id}"
            method = draw.choice([b"GET", b"DELETE", b"GET", b"HEAD", b"POST"])
        names = draw.sample(sorted(PARAMETERS), draw.choice([0, 1, 1, 1, 2, 3]))
        if route.startswith("/v1") and draw.random() < 0.6:
            names = list({"namespace", *names[:1]})
            query = [f"{name}={'fuzz-a' if name == 'namespace' else draw.choice(PARAMETERS[name])}" for name in names]
        else:
            query = [f"{name}={draw.choice(PARAMETERS[name])}" for name in names]
        if draw.random() < 0.03:
            query.append(draw.choice(["namespace=fuzz-a", "&&", "=", "%", "a=b=c", "limit", "?", "namespace=" + "a" * 3000]))
        target = path + ("?" + "&".join(query) if query or draw.random() < 0.05 else "")
        return route, method, self.head(method, target.encode())

    def odd_target(self, route):
        quoted = "/" + urllib.parse.quote(route[1:], safe="").replace("v", "%76")
        return self.draw.choice([route + "?a=b", route + "/", "/" + route, route.upper(), quoted, "http://x" + route, "*"]).encode()

    def chunked(self, target, body):
        lines = self.head(b"POST", target)[:-2] + b"Transfer-Encoding: chunked\r\n\r\n"
        size = self.draw.randrange(1, 400) if len(body) < 4000 else 4000
        parts = [body[at : at + size] for at in range(0, len(body), size)]
        return lines + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


class Answers:
    """Reads the answers of one connection."""

    def __init__(self, connection):
        self.connection, self.buffer = connection, b""

    def more(self):
        part = self.connection.recv(262_144)
        if not part:
            raise Malformed(f"the connection was closed where an answer was due; before that came {self.buffer[:200]!r}")
        self.buffer += part

    def next(self, method):
        """The next answer: status, the header lines in lower case as one text, body, and whether the connection ends."""
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end >= 0:
                break
            if len(self.buffer) > 65_536:
                raise Malformed(f"no end of the header lines in {self.buffer[:200]!r}")
            self.more()
        head = self.buffer[:end]
        if head[:9] != b"HTTP/1.1 " or not head[9:12].isdigit() or head[12:13] != b" ":
            raise Malformed(f"the status line is {head[:80]!r}")
        status = int(head[9:12])
        lines = head[head.find(b"\r\n") :].lower() + b"\r\n"
        length = 0
        at = lines.find(b"\r\ncontent-length: ")
        if at >= 0:
            length = int(lines[at + 18 : lines.find(b"\r\n", at + 18)])
        elif status not in (100, 204, 304):
            raise Malformed(f"an answer without length: {head!r}")
        if b"\r\nx-request-id: " not in lines or b"\r\ndate: " not in lines or b"x-injected" in lines:
            raise Malformed(f"the header lines are {head!r}")
        if method == b"HEAD":
            length = 0
        start = end + 4
        while len(self.buffer) < start + length:
            self.more()
        body, self.buffer = self.buffer[start : start + length], self.buffer[start + length :]
        return status, lines, body, b"\r\nconnection: close\r\n" in lines
