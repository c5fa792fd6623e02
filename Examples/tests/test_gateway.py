import json
import logging
import pathlib
import socket
import sys
import threading
import time
import unittest
import warnings

import openai

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "gateway"))

from gateway import Gateway, Semcached
from upstream import Upstream, answer_text

from tests.fake_semcached import FakeSemcached

MODEL = "gpt-4o"


def serving(server):
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def eventually(condition):
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come true within 10 seconds")
        time.sleep(0.005)


class GatewayTests(unittest.TestCase):
    def setUp(self):
        # Connections of threads that have ended are closed when they are collected.
        warnings.simplefilter("ignore", ResourceWarning)
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.cache = serving(FakeSemcached())
        self.upstream = serving(Upstream(("127.0.0.1", 0), latency_ms=0))
        self.gateway = self.start_gateway(self.cache.url)
        self.client = self.client_of(self.gateway)
        for server in (self.cache, self.upstream):
            self.addCleanup(server.server_close)
            self.addCleanup(server.shutdown)

    def start_gateway(self, cache_url):
        upstream = openai.OpenAI(
            base_url=f"http://127.0.0.1:{self.upstream.server_address[1]}/v1", api_key="none", max_retries=0
        )
        cache = Semcached(cache_url, deadline=20)
        gateway = serving(Gateway(("127.0.0.1", 0), cache, upstream, wait_ms=10_000))
        self.addCleanup(gateway.server_close)
        self.addCleanup(gateway.shutdown)
        return gateway

    def client_of(self, gateway):
        return openai.OpenAI(base_url=f"http://127.0.0.1:{gateway.server_address[1]}/v1", api_key="none", max_retries=0)

    def ask(self, question, client=None, **options):
        messages = [{"role": "user", "content": question}]
        completions = (client or self.client).chat.completions
        answer = completions.with_raw_response.create(model=MODEL, messages=messages, **options)
        outcome = answer.headers["x-gateway-cache"]
        if not options.get("stream"):
            completion = answer.parse()
            return outcome, completion.choices[0].message.content, completion.usage
        chunks = list(answer.parse())
        text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
        return outcome, text, next((chunk.usage for chunk in chunks if chunk.usage), None)

    def test_a_miss_is_answered_by_the_upstream_and_stored_with_its_ticket(self):
        outcome, text, _ = self.ask("Where is my card?")
        self.assertEqual((outcome, text), ("miss", answer_text(MODEL, "Where is my card?")))
        eventually(lambda: self.cache.bodies("/v1/store"))
        stored = self.cache.bodies("/v1/store")[0]
        self.assertEqual(stored["response"]["choices"][0]["message"]["content"], text)
        self.assertTrue(stored["ticket"].startswith("ticket-"))
        lookup, *more = self.cache.bodies("/v1/lookup")
        self.assertEqual((lookup["cache"], more), ({"wait_ms": 0, "asks_again": True}, []))
        self.assertEqual(lookup["request"]["model"], MODEL)

    def test_a_hit_calls_no_upstream(self):
        self.ask("Where is my card?")
        outcome, text, _ = self.ask("Where is my card?")
        self.assertEqual((outcome, text), ("hit", answer_text(MODEL, "Where is my card?")))
        self.assertEqual(self.upstream.calls, 1)

    def test_a_stream_is_passed_on_and_stored_as_events(self):
        outcome, text, usage = self.ask("Where?", stream=True, stream_options={"include_usage": True})
        self.assertEqual((outcome, text), ("miss", answer_text(MODEL, "Where?")))
        eventually(lambda: self.cache.bodies("/v1/store"))
        events = self.cache.bodies("/v1/store")[0]["events"]
        self.assertEqual(events[-1], "[DONE]")
        self.assertEqual(json.loads(events[-2])["usage"]["total_tokens"], usage.total_tokens)

    def test_what_was_stored_from_a_stream_answers_without_one_and_the_other_way_round(self):
        for first, second in ((True, False), (False, True)):
            question = f"stream first: {first}"
            self.ask(question, stream=first)
            outcome, text, _ = self.ask(question, stream=second)
            self.assertEqual((outcome, text), ("hit", answer_text(MODEL, question)))
        self.assertEqual(self.upstream.calls, 2)

    def test_equal_questions_at_the_same_time_at_two_gateways_are_one_upstream_call(self):
        self.upstream.latency = 0.2
        clients = (self.client, self.client_of(self.start_gateway(self.cache.url)))
        answers = []
        threads = [
            threading.Thread(target=lambda client=client: answers.append(self.ask("At once?", client)))
            for client in clients * 4
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual({text for _, text, _ in answers}, {answer_text(MODEL, "At once?")})
        self.assertEqual(sorted(outcome for outcome, _, _ in answers), ["hit"] * 7 + ["miss"])
        self.assertEqual(self.upstream.calls, 1)

    def test_a_bypass_calls_the_upstream_and_stores_nothing(self):
        self.cache.lookup_answer = (200, {"status": "bypass", "reason": "redis_unavailable", "ticket": None})
        outcome, text, _ = self.ask("Where?")
        self.assertEqual((outcome, text), ("bypass", answer_text(MODEL, "Where?")))
        self.assertEqual(self.cache.paths(), ["/v1/lookup"])

    def test_an_error_answer_of_the_cache_is_a_bypass(self):
        self.cache.lookup_answer = (401, {"code": "unauthorized"})
        self.assertEqual(self.ask("Where?")[0], "bypass")
        self.assertEqual(self.cache.paths(), ["/v1/lookup"])

    def test_nonsense_from_the_cache_is_a_bypass(self):
        self.cache.lookup_answer = (200, b"not json")
        self.assertEqual(self.ask("Where?")[0], "bypass")

    def test_an_unreachable_cache_is_a_bypass_streamed_or_not(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            client = self.client_of(self.start_gateway(f"http://127.0.0.1:{unused.getsockname()[1]}"))
            for stream in (False, True):
                outcome, text, _ = self.ask("Where?", client, stream=stream)
                self.assertEqual((outcome, text), ("bypass", answer_text(MODEL, "Where?")))

    def test_an_upstream_error_reaches_the_client_and_releases_the_lease(self):
        for stream in (False, True):
            self.upstream.refusals = [429]
            with self.assertRaises(openai.RateLimitError):
                self.ask(f"Where? {stream}", stream=stream)
        eventually(lambda: len(self.cache.bodies("/v1/release")) == 2)
        self.assertNotIn("/v1/store", self.cache.paths())
        self.assertEqual(self.cache.leases, {})

    def test_an_unreachable_upstream_is_a_502_and_releases_the_lease(self):
        self.gateway.upstream = openai.OpenAI(base_url="http://127.0.0.1:1/v1", api_key="none", max_retries=0)
        with self.assertRaises(openai.InternalServerError) as caught:
            self.ask("Where?")
        self.assertEqual(caught.exception.status_code, 502)
        eventually(lambda: self.cache.bodies("/v1/release"))

    def test_a_stream_that_breaks_off_is_released_and_not_stored(self):
        self.upstream.cut_after = 3
        with self.assertRaises(Exception):
            self.ask("Where?", stream=True)
        eventually(lambda: self.cache.bodies("/v1/release"))
        self.assertNotIn("/v1/store", self.cache.paths())

    def test_an_answer_whose_client_went_away_is_stored_all_the_same(self):
        self.upstream.latency = 0.2
        for stream in (False, True):
            body = json.dumps(
                {"model": MODEL, "stream": stream, "messages": [{"role": "user", "content": f"Gone? {stream}"}]}
            ).encode()
            with socket.create_connection(self.gateway.server_address) as connection:
                head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)
            expected = 1 + stream
            eventually(lambda: len(self.cache.bodies("/v1/store")) == expected)
            self.assertEqual(self.ask(f"Gone? {stream}")[0], "hit")

    def test_cache_options_go_to_semcached_and_no_further(self):
        self.ask("Where?", extra_body={"cache": {"ttl": 60, "no-cache": True}})
        lookup = self.cache.bodies("/v1/lookup")[0]
        self.assertEqual(lookup["cache"]["ttl"], 60)
        self.assertTrue(lookup["cache"]["no-cache"])
        self.assertNotIn("cache", lookup["request"])

    def test_a_body_without_model_and_messages_is_a_400(self):
        for body in ({"model": MODEL}, {"messages": []}, [1]):
            with self.assertRaises(openai.BadRequestError):
                self.client.post("/chat/completions", body=body, cast_to=object)
        self.assertEqual(self.cache.paths(), [])


if __name__ == "__main__":
    unittest.main()
