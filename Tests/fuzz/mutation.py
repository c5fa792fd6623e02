"""Requests that are right, and what can be made of them."""

import json

NAMESPACES = ["fuzz-a", "fuzz-b", "fuzz-c.d_e", "fuzz-" + "n" * 123]
OTHERS = ["sentinel", "default", "", "*", "fuzz-*", "-fuzz", "fuzz-\u00e4", "fuzz-" + "n" * 124, "../fuzz-a", "fuzz-a\r\n"]
MODELS = ["gpt-4o", "claude-3-5-sonnet", "m", ""]
NUMBERS = [
    b"-1", b"0", b"-0", b"1e0", b"0.5", b"1e999999999", b"1e-999999999", b"1e9999999999", b"9007199254740993",
    b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"18446744073709551616", b"1e308", b"1e309",
    b"9" * 400, b"0." + b"3" * 300, b"01", b"+1", b"1.", b".5", b"0x10", b"NaN", b"Infinity", b"-Infinity", b"1e", b"--1",
]
STRINGS = [
    b'""', b'"\\u0000"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b'"\\x41"', b'"\\', b'"\xff\xfe"', b'"\xc0\xaf"',
    b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe2\x80\xa8"', b'"\x00"', b'"\n"', b'"e\xcc\x81"', b'"' + b"A" * 9000 + b'"',
    b'"\\r\\n\\r\\nHTTP/1.1 200 OK"', b'"*"', b'"sentinel"', b'"' + b"0" * 64 + b'"', b'"' + b"f" * 64 + b'"',
]
VALUES = NUMBERS + STRINGS + [b"null", b"true", b"false", b"[]", b"{}", b"[[[]]]", b'{"":{}}', b"nul", b"TRUE", b"", b","]
NAMES = [b'"unknown"', b'"request"', b'"namespace"', b'"\\u0072equest"', b'"all"', b'"ttl"', b'"cache"', b'"tags"', b'"ticket"', b'""']


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


class Seeds:
    """Bodies that a route takes; `draw` decides which."""

    def __init__(self, draw):
        self.draw = draw
        self.tickets = ["AAAA"]
        self.ids = ["0" * 64]
        self.makers = {
            "/v1/lookup": self.lookup,
            "/v1/store": self.store,
            "/v1/release": self.release,
            "/v1/feedback": self.feedback,
            "/v1/flush": self.flush,
            "/v1/explain": self.lookup,
            "/v1/caches/fuzz-a/entries": self.prompt_answer,
            "/v1/caches/fuzz-a/entries/search": self.prompt,
            "/v1/caches/fuzz-b/conversations/search": self.conversation,
        }

    def namespace(self):
        return self.draw.choice(NAMESPACES) if self.draw.random() < 0.97 else self.draw.choice(OTHERS)

    def entry_id(self):
        return self.draw.choice(self.ids)

    def ticket(self):
        return self.draw.choice(self.tickets)

    def request(self):
        """A request of any endpoint, with the name of that endpoint."""
        draw = self.draw
        text = f"question {draw.randrange(400)}"
        model = draw.choice(MODELS)
        kind = draw.randrange(9)
        if kind < 4:
            messages = [{"role": "system", "content": "s"}, {"role": "user", "content": text}]
            request = {"model": model, "messages": messages, "temperature": draw.choice([0, 0.3, 1])}
            if kind == 1:
                request |= {"stream": True, "stream_options": {"include_usage": True}}
            if kind == 2:
                call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}
                messages.insert(1, {"role": "assistant", "content": None, "tool_calls": [call]})
                messages.insert(2, {"role": "tool", "tool_call_id": "call_1", "content": "r"})
                request["tools"] = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
            if kind == 3:
                messages[1]["content"] = [{"type": "text", "text": text}, {"type": "text", "text": "more"}]
            return "chat.completions", request
        if kind == 4:
            return "completions", {"model": model, "prompt": text, "max_tokens": 5}
        if kind == 5:
            return "responses", {"model": model, "input": text, "instructions": "i"}
        if kind == 6:
            return "messages", {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": text}]}
        if kind == 7:
            return "prompts", {"prompt": text, "attributes": self.attributes()}
        return "embeddings", {"model": model, "input": [text, "b"]}

    def response(self, endpoint):
        text = f"answer {self.draw.randrange(100)}"
        usage = {"prompt_tokens": 12, "completion_tokens": 4, "total_tokens": 16}
        if endpoint == "chat.completions":
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
        if endpoint == "completions":
            choice = {"index": 0, "text": text, "finish_reason": "stop"}
            return {"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
        if endpoint == "responses":
            content = [{"type": "output_text", "text": text, "annotations": []}]
            output = [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": content}]
            return {"id": "r", "object": "response", "status": "completed", "model": "m", "output": output}
        if endpoint == "messages":
            content = [{"type": "text", "text": text}]
            return {"id": "m", "type": "message", "role": "assistant", "content": content, "stop_reason": "end_turn"}
        if endpoint == "prompts":
            return {"response": text}
        return {"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [0.1, -2e-3]}]}

    def events(self):
        delta = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        parts = [{"role": "assistant", "content": ""}, {"content": "some"}, {"content": " text"}, {}]
        chunks = [
            {**delta, "choices": [{"index": 0, "delta": part, "finish_reason": None if part else "stop"}]} for part in parts
        ]
        return [compact(chunk).decode() for chunk in chunks] + ["[DONE]"]

    def lookup(self):
        draw = self.draw
        endpoint, request = self.request()
        body = {"namespace": self.namespace(), "endpoint": endpoint, "request": request}
        if draw.random() < 0.4:
            options = {
                "no-cache": False, "no-store": False, "ttl": draw.randrange(1, 9), "s-maxage": 600, "semantic": True,
                "min_similarity": 0.95, "lease": True, "wait_ms": draw.randrange(3), "tags": ["docs:v2", "b"],
            }
            names = draw.sample(sorted(options), draw.randrange(1, len(options)))
            body["cache"] = {name: options[name] for name in names}
            if draw.random() < 0.2:
                body["cache"][draw.choice(["ttl", "s-maxage"])] = draw.choice([2**31, 2**53 + 1, 2**63 - 1, 2**63, -1, 0, 1.5])
        return body

    def store(self):
        draw = self.draw
        if draw.random() < 0.5:
            answer = {"events": self.events()} if draw.random() < 0.3 else {"response": self.response("chat.completions")}
            return {"ticket": self.ticket(), **answer}
        endpoint, request = self.request()
        body = {"namespace": self.namespace(), "endpoint": endpoint, "request": request}
        if endpoint == "chat.completions" and draw.random() < 0.3:
            body["events"] = self.events()
        else:
            body["response"] = self.response(endpoint)
        return {**body, "ttl": draw.randrange(1, 9), "tags": ["docs:v2"]}

    def attributes(self):
        draw = self.draw
        return {name: draw.choice(["x", "y", "a,b", "\u00fc" * 400]) for name in draw.sample(["user", "lang", "n-1"], draw.randrange(3))}

    def prompt_answer(self):
        draw = self.draw
        text = f"How do I reset password {draw.randrange(50)}?"
        return {"prompt": text, "response": "r", "attributes": self.attributes(), "ttlMillis": draw.choice([1, 9000, 2**53])}

    def prompt(self):
        draw = self.draw
        body = {"prompt": f"How do I reset PASSWORD {draw.randrange(50)}?", "attributes": self.attributes()}
        if draw.random() < 0.6:
            body |= {"similarityThreshold": draw.random(), "maxResults": draw.randrange(1, 101)}
            body["searchStrategies"] = draw.choice([["exact"], ["semantic"], ["exact", "semantic"], ["semantic", "exact"]])
        return body

    def conversation(self):
        return {**self.prompt(), "context": ["What is it?", "And then?"][: self.draw.randrange(3)]}

    def release(self):
        return {"ticket": self.ticket()}

    def feedback(self):
        verdict = self.draw.choice(["wrong", "right"])
        return {"entry_id": self.entry_id(), "namespace": self.namespace(), "verdict": verdict}

    def flush(self):
        draw = self.draw
        body = {"namespace": self.namespace(), "dry_run": draw.random() < 0.7}
        if draw.random() < 0.5:
            body["model"] = "gpt-4o"
        if draw.random() < 0.5:
            body["tags"] = ["docs:v2"]
        return body if draw.random() < 0.95 else {"all": True}


class Mutations:
    """Changes a body; each kind keeps it near enough to something right to get past the first check."""

    def __init__(self, draw):
        self.draw = draw
        self.kinds = [
            self.flip, self.cut, self.repeat, self.swap_value, self.swap_value, self.add_member, self.repeat_member,
            self.nest, self.insert, self.other_type, self.other_type, self.drop_member, self.random_json, self.random_bytes,
            self.trade, self.pad,
        ]

    def body(self, value):
        """The bytes of `value`, changed up to three times."""
        draw = self.draw
        data = compact(value)
        for _ in range(draw.randrange(1, 4)):
            data = draw.choice(self.kinds)(value, data)
        return data[:60_000]

    def place(self, data):
        return self.draw.randrange(len(data)) if data else 0

    def flip(self, _, data):
        changed = bytearray(data)
        for _ in range(self.draw.randrange(1, 4)):
            if changed:
                changed[self.place(changed)] ^= 1 << self.draw.randrange(8)
        return bytes(changed)

    def cut(self, _, data):
        return data[: self.place(data)] if self.draw.random() < 0.7 else data[self.place(data) :]

    def repeat(self, _, data):
        start = self.place(data)
        end = start + self.draw.randrange(1, 40)
        return data[:end] + data[start:end] * self.draw.choice([1, 1, 2, 30]) + data[end:]

    def swap_value(self, _, data):
        """Puts another value after a colon."""
        places = [at for at, byte in enumerate(data[:2000]) if byte == 0x3A]
        if not places:
            return data
        start = self.draw.choice(places) + 1
        end = start
        while end < len(data) and data[end] not in b",}]":
            end += 1
        return data[:start] + self.draw.choice(VALUES) + data[end:]

    def add_member(self, _, data):
        at = data.find(b"{", self.place(data))
        if at < 0:
            at = data.find(b"{")
        return data[: at + 1] + self.draw.choice(NAMES) + b":" + self.draw.choice(VALUES) + b"," + data[at + 1 :]

    def repeat_member(self, value, data):
        if not isinstance(value, dict) or not value:
            return data
        name = self.draw.choice(list(value))
        return data[:-1] + b"," + compact(name) + b":" + compact(value[name]) + b"}"

    def nest(self, _, data):
        depth = self.draw.choice([10, 120, 127, 128, 129, 2000, 20_000])
        opening, closing = self.draw.choice([(b"[", b"]"), (b'{"a":', b"}")])
        inner = opening * depth + b"1" + closing * (depth if self.draw.random() < 0.8 else depth - 1)
        return inner if self.draw.random() < 0.3 else data[:-1] + b',"x":' + inner + b"}"

    def insert(self, _, data):
        at = self.place(data)
        return data[:at] + self.draw.choice(VALUES) + data[at:]

    def other_type(self, value, data):
        """Replaces a member at any depth of a copy."""
        if not isinstance(value, dict):
            return data
        copy = json.loads(compact(value))
        target = copy
        while True:
            names = list(target) if isinstance(target, dict) else range(len(target))
            if not names:
                break
            name = self.draw.choice(names)
            inner = target[name]
            if isinstance(inner, (dict, list)) and self.draw.random() < 0.7:
                target = inner
                continue
            target[name] = self.draw.choice([None, True, -1, 0, 2**63, 1e300, 0.1, "", "x", [], {}, [None], {"a": []}, "\u0000", "sentinel"])
            break
        return compact(copy)

    def drop_member(self, value, data):
        if not isinstance(value, dict) or not value:
            return data
        name = self.draw.choice(list(value))
        return compact({other: inner for other, inner in value.items() if other != name})

    def random_json(self, _, data):
        draw = self.draw
        parts = [draw.choice([b"{", b"}", b"[", b"]", b",", b":", *VALUES, *NAMES]) for _ in range(draw.randrange(1, 25))]
        return b"".join(parts)

    def random_bytes(self, _, data):
        return self.draw.randbytes(self.draw.randrange(0, 300))

    def trade(self, value, data):
        """Two members trade their values."""
        if not isinstance(value, dict) or len(value) < 2:
            return data
        one, other = self.draw.sample(list(value), 2)
        return compact({**value, one: value[other], other: value[one]})

    def pad(self, _, data):
        space = self.draw.choice([b" ", b"\n\t", b"\xef\xbb\xbf", b"\x00", b"\xc2\xa0"])
        return space * self.draw.randrange(1, 50) + data if self.draw.random() < 0.5 else data + space
