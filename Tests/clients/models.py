"""A stand-in for a model provider: chat completions, Responses, embeddings and Anthropic's messages."""

import json
import sys
import threading
import time

from service import ROOT

sys.path.insert(0, str(ROOT / "Examples" / "gateway"))

from upstream import Handler, Upstream, answer_text, question_of, token_count  # noqa: E402


class Models(Upstream):
    """Counts calls and keeps what came; `refusals`, `cut_after` and `latency` make it fail, break off and dawdle.

    With `held`, calls wait for the event before they are answered, those of `held_model` alone if it is set.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), latency_ms=0)
        self.RequestHandlerClass = ModelsHandler
        self.received = []
        self.held = self.held_model = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        """Clients that go away are part of the tests."""

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def reset(self):
        with self.lock:
            self.calls, self.failed, self.refusals, self.cut_after, self.latency = 0, 0, [], None, 0
            self.chunk_pause, self.received = 0, []
            self.held = self.held_model = None


def vector_of(text):
    return [len(text) / 100, (sum(text.encode()) % 97) / 97, 0.5]


class ModelsHandler(Handler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        content = self.rfile.read(length)
        body = json.loads(content or b"{}")
        self.server.received.append((self.path, body, dict(self.headers)))
        number, refusal = self.server.count(body["model"])
        if self.server.held is not None and self.server.held_model in (None, body["model"]):
            self.server.held.wait(30)
        time.sleep(self.server.latency)
        if refusal is not None:
            return self.answer(refusal, {"error": {"message": "refused on request", "type": "server_error"}})
        answers = {
            "/v1/chat/completions": self.answer_chat,
            "/v1/embeddings": self.answer_embeddings,
            "/v1/responses": self.answer_responses,
            "/v1/messages": self.answer_messages,
        }
        return answers[self.path](body, number)

    def answer_chat(self, body, number):
        text = answer_text(body["model"], question_of(body["messages"]))
        usage = self.usage(body["messages"], text, "prompt_tokens", "completion_tokens")
        identity = {"id": f"chatcmpl-{number:08}", "created": int(time.time()), "model": body["model"]}
        if body.get("stream") is True:
            return self.stream(
                identity, text, usage if (body.get("stream_options") or {}).get("include_usage") else None
            )
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        self.answer(200, {**identity, "object": "chat.completion", "choices": [choice], "usage": usage})

    def answer_embeddings(self, body, number):
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        data = [{"object": "embedding", "index": at, "embedding": vector_of(text)} for at, text in enumerate(texts)]
        tokens = sum(token_count(text) for text in texts)
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        self.answer(200, {"object": "list", "data": data, "model": body["model"], "usage": usage})

    def answer_responses(self, body, number):
        asked = body["input"] if isinstance(body["input"], str) else question_of(body["input"])
        text = answer_text(body["model"], asked)
        part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
        item = {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": [part]}
        usage = self.usage([{"content": asked}], text, "input_tokens", "output_tokens")
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        response = {
            "id": f"resp_{number:08}", "object": "response", "created_at": int(time.time()), "status": "completed",
            "model": body["model"], "output": [item], "usage": usage, "error": None, "incomplete_details": None,
            "instructions": None, "metadata": {}, "parallel_tool_calls": True, "temperature": 1.0,
            "tool_choice": "auto",
            "tools": [], "top_p": 1.0, "text": {"format": {"type": "text"}}, "truncation": "disabled",
        }  # fmt: skip
        if body.get("stream") is not True:
            return self.answer(200, response)
        at = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        begun = {**response, "status": "in_progress", "output": [], "usage": None}
        events = [{"type": "response.created", "response": begun}, {"type": "response.in_progress", "response": begun}]
        events.append(
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {**item, "status": "in_progress", "content": []},
            }
        )
        events.append({"type": "response.content_part.added", **at, "part": {**part, "text": ""}})
        for piece in text.split(" "):
            events.append({"type": "response.output_text.delta", **at, "delta": piece + " ", "logprobs": []})
        events.append({"type": "response.output_text.done", **at, "text": text, "logprobs": []})
        events.append({"type": "response.content_part.done", **at, "part": part})
        events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
        events.append({"type": "response.completed", "response": response})
        self.named_events({**event, "sequence_number": at} for at, event in enumerate(events))

    def answer_messages(self, body, number):
        text = answer_text(body["model"], question_of(body["messages"]))
        usage = self.usage(body["messages"], text, "input_tokens", "output_tokens")
        del usage["total_tokens"]
        message = {
            "id": f"msg_{number:08}", "type": "message", "role": "assistant", "model": body["model"],
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "stop_sequence": None,
            "usage": usage,
        }  # fmt: skip
        if body.get("stream") is not True:
            return self.answer(200, message)
        begun = {**message, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
        events = [{"type": "message_start", "message": begun}]
        events.append({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        for piece in text.split(" "):
            delta = {"type": "text_delta", "text": piece + " "}
            events.append({"type": "content_block_delta", "index": 0, "delta": delta})
        events.append({"type": "content_block_stop", "index": 0})
        ended = {"stop_reason": "end_turn", "stop_sequence": None}
        events.append({"type": "message_delta", "delta": ended, "usage": {"output_tokens": usage["output_tokens"]}})
        events.append({"type": "message_stop"})
        self.named_events(events)

    def named_events(self, events):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for index, event in enumerate(events):
            if index == self.server.cut_after:
                self.close_connection = True
                return
            self.send_chunk(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
            time.sleep(self.server.chunk_pause)
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    @staticmethod
    def usage(messages, text, asked, answered):
        prompt = sum(4 + token_count(json.dumps(message.get("content"), ensure_ascii=False)) for message in messages)
        completion = token_count(text)
        return {asked: prompt, answered: completion, "total_tokens": prompt + completion}
