"""What the benchmark sends: requests and answers of stated sizes in natural text, no two alike."""

import json
import random

ANSWER_BYTES = 1536
ENVELOPE_BYTES = 600


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Bodies:
    """Text is sampled from the questions in a fixed order, so that two runs send the same."""

    def __init__(self, questions_path):
        with open(questions_path, encoding="utf-8") as lines:
            self.questions = [json.loads(line)["text"] for line in lines]
        self.draw = random.Random(7)

    def text(self, size):
        """Sentences of `size` bytes in all."""
        pieces, length = [], 0
        while length < size:
            piece = self.draw.choice(self.questions)
            pieces.append(piece)
            length += len(piece.encode()) + 1
        cut = " ".join(pieces).encode()[:size].decode(errors="ignore")
        return cut + "." * (size - len(cut.encode()))

    def request(self, mark, size):
        """A chat request whose lookup body is `size` bytes; `mark` makes it one of its kind."""

        def with_filling(filling):
            system = {"role": "system", "content": f"You are a support assistant. {filling}"}
            user = {"role": "user", "content": f"{mark}: {self.questions[hash_of(mark) % len(self.questions)]}"}
            return {"model": "gpt-4o", "messages": [system, user], "temperature": 0.3, "max_tokens": 512}

        overhead = len(lookup(with_filling("")).encode())
        return with_filling(self.text(max(0, size - overhead)))

    def conversation(self, mark, size):
        """The same in many turns."""
        messages = [{"role": "system", "content": f"You are a support assistant ({mark})."}]
        while len(compact(messages).encode()) < size - 400:
            messages.append({"role": "user", "content": self.text(200)})
            messages.append({"role": "assistant", "content": self.text(400) + "\n- " + self.text(100)})
        messages.append({"role": "user", "content": self.text(120)})
        return {"model": "gpt-4o", "messages": messages, "temperature": 0.3, "max_tokens": 512}

    def response(self, mark, size=ANSWER_BYTES):
        """A chat completion of `size` bytes."""

        def with_text(text):
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            usage = {"prompt_tokens": 140, "completion_tokens": 300, "total_tokens": 440}
            identity = {"id": f"chatcmpl-{mark}", "object": "chat.completion", "created": 1760000000, "model": "gpt-4o"}
            return {**identity, "choices": [choice], "usage": usage}

        return with_text(self.text(size - len(compact(with_text("")).encode())))


def hash_of(mark):
    return sum((index + 1) * ord(character) for index, character in enumerate(mark))


def lookup(request, **cache):
    envelope = {"namespace": "bench", "request": request}
    return compact({**envelope, "cache": cache} if cache else envelope)


def store(request, response):
    return compact({"namespace": "bench", "request": request, "response": response})


def streamed(request):
    return {**request, "stream": True, "stream_options": {"include_usage": True}}
