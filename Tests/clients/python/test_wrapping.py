"""SDKs of model providers over the cache: a real semcached, the real SDKs, an upstream that counts."""

import asyncio
import functools
import json
import logging
import sys
import threading
import time
import unittest

import anthropic
import anyio
import httpx
import openai
from models import Models, answer_text, vector_of
from service import ROOT, ServiceTests, call

sys.path.insert(0, str(ROOT / "Examples" / "python"))

from semcached import AsyncSemcached, Failed, Semcached, wrap  # noqa: E402
from semcached.wrapping import upstream_of  # noqa: E402

MODEL = "gpt-4o"
QUESTION = "Where is my card?"


def messages(text=QUESTION):
    return [{"role": "user", "content": text}]


def text_of(stream):
    return "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices)


class WrappingTests(ServiceTests):
    settings = {"semantic": {"enabled": False}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upstream = cls.enterClassContext(Models())

    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        self.upstream.reset()
        self.namespace = f"n-{self.id().rpartition('.')[2][:100]}"
        self.cache = Semcached(self.url, namespace=self.namespace, deadline=20)
        self.addCleanup(self.cache.close)
        self.plain = openai.OpenAI(base_url=f"{self.upstream.url}/v1", api_key="none", max_retries=0)
        self.client = wrap(self.plain, self.cache)
        self.addCleanup(self.client.close)

    def chat(self, text=QUESTION, client=None, **members):
        return (client or self.client).chat.completions.create(model=MODEL, messages=messages(text), **members)

    def lease(self, text=QUESTION, **members):
        return getattr(self.cache.lookup(self.asked(text, **members), lease=True), "lease", None)

    def asked(self, text=QUESTION, url=None, **members):
        """What `wrap` looks up."""
        call = httpx.Request("POST", f"{url or self.upstream.url}/v1/chat/completions")
        upstream = upstream_of(call, "/chat/completions")
        return {"model": MODEL, "messages": messages(text), "upstream": upstream, **members}

    def outcomes(self, client=None, **members):
        raw = (client or self.client).chat.completions.with_raw_response
        answer = raw.create(model=MODEL, messages=messages(), **members)
        return answer.headers["cache-status"].split(";")[1].strip()

    def test_the_second_call_is_a_hit(self):
        first, second = self.chat(), self.chat()
        self.assertEqual(second, first)
        self.assertEqual(first.choices[0].message.content, answer_text(MODEL, QUESTION))
        self.assertEqual(self.upstream.calls, 1)

    def test_headers_say_what_it_was(self):
        self.assertEqual([self.outcomes(), self.outcomes()], ["fwd=miss", "hit"])

    def test_a_stream_is_stored_and_replayed_as_chunks_of_the_sdk(self):
        for _ in range(2):
            with self.chat(stream=True, stream_options={"include_usage": True}) as stream:
                self.assertIsInstance(stream, openai.Stream)
                chunks = list(stream)
            self.assertIsInstance(chunks[0], openai.types.chat.ChatCompletionChunk)
            self.assertEqual(text_of(chunks), answer_text(MODEL, QUESTION))
            self.assertGreater(chunks[-1].usage.completion_tokens, 0)
        self.assertEqual(self.upstream.calls, 1)

    def test_a_stream_answers_without_one_and_the_other_way_round(self):
        for first, second in ((True, False), (False, True)):
            question = f"first streamed: {first}"
            for streamed in (first, second):
                raw = self.client.chat.completions.with_raw_response
                raw = raw.create(model=MODEL, messages=messages(question), stream=streamed)
                answer = list(raw.parse()) if streamed else raw.parse()
                text = text_of(answer) if streamed else answer.choices[0].message.content
                self.assertEqual(text, answer_text(MODEL, question), (raw.headers, answer))
        self.assertEqual(self.upstream.calls, 2)

    def test_the_stream_helper_of_the_sdk_works_on_hits(self):
        for _ in range(2):
            with self.client.chat.completions.stream(model=MODEL, messages=messages()) as stream:
                self.assertEqual(stream.get_final_completion().choices[0].message.content, answer_text(MODEL, QUESTION))
        self.assertEqual(self.upstream.calls, 1)

    def test_a_stream_that_is_given_up_is_released_and_not_stored(self):
        stream = self.chat(stream=True)
        next(iter(stream))
        stream.close()
        self.assertEqual(self.lease(), "granted")

    def test_a_stream_that_breaks_off_is_released_and_not_stored(self):
        self.upstream.cut_after = 3
        with self.assertRaises(Exception):
            list(self.chat(stream=True))
        self.assertEqual(self.lease(), "granted")

    def test_an_error_reaches_the_caller_and_releases(self):
        for streamed in (False, True):
            self.upstream.refusals = [429]
            with self.assertRaises(openai.RateLimitError):
                self.chat(f"streamed: {streamed}", stream=streamed)
            self.assertEqual(self.lease(f"streamed: {streamed}"), "granted")

    def test_a_retry_of_the_sdk_is_stored(self):
        client = self.client.with_options(max_retries=1)
        self.upstream.refusals = [500]
        self.chat(client=client)
        self.chat(client=client)
        self.assertEqual(self.upstream.calls, 2)

    def test_an_unreachable_upstream_releases(self):
        client = wrap(openai.OpenAI(base_url="http://127.0.0.1:1/v1", api_key="none", max_retries=0), self.cache)
        with self.assertRaises(openai.APIConnectionError):
            self.chat(client=client)
        found = self.cache.lookup(self.asked(url="http://127.0.0.1:1"))
        self.assertEqual(found.lease, "granted")

    def test_an_answer_that_cannot_be_stored_is_handed_on_and_releases(self):
        store = self.cache.store
        for number, streamed in enumerate((False, True)):
            with self.subTest(streamed=streamed):
                self.cache.store = lambda *_, **__: Failed(code="unavailable")
                text = f"number {number}"
                answer = self.chat(text, stream=streamed)
                said = text_of(answer) if streamed else answer.choices[0].message.content
                self.assertEqual(said, answer_text(MODEL, text))
                self.assertEqual(self.lease(text), "granted")
        self.cache.store = store

    def test_half_of_a_surrogate_pair_reaches_the_upstream(self):
        url = f"{self.upstream.url}/v1/chat/completions"
        for cache in ({"ttl": 60}, False):
            body = {"model": MODEL, "messages": messages(), "stop": "\ud800", "cache": cache}
            self.assertEqual(self.client._client.post(url, content=json.dumps(body).encode()).status_code, 200)
        self.assertEqual(self.upstream.received[0][1]["stop"], "\ud800")

    def test_the_same_model_elsewhere_is_another(self):
        with Models() as other:
            client = wrap(openai.OpenAI(base_url=f"{other.url}/v1", api_key="none", max_retries=0), self.cache)
            self.assertEqual([self.outcomes(), self.outcomes(client), self.outcomes(client)],
                             ["fwd=miss", "fwd=miss", "hit"])  # fmt: skip
            self.assertNotIn("upstream", other.received[0][1])

    def test_a_header_that_changes_the_answer_counts_and_a_key_does_not(self):
        self.assertEqual(self.outcomes(), "fwd=miss")
        for headers in ({"OpenAI-Beta": "x"}, {"OpenAI-Project": "p"}, {"anthropic-beta": "context-1m"}):
            outcomes = [self.outcomes(extra_headers=headers) for _ in range(2)]
            self.assertEqual(outcomes, ["fwd=miss", "hit"], headers)
        self.assertEqual(self.outcomes(self.client.with_options(api_key="another")), "hit")
        self.assertEqual(self.outcomes(extra_query={"key": "secret"}), "hit")

    def test_an_upstream_is_its_address_its_query_and_its_headers_without_credentials(self):
        def digest(url, **headers):
            return upstream_of(httpx.Request("POST", f"{url}", headers=headers), "/chat/completions")

        plain = digest("https://a/v1/chat/completions")
        self.assertRegex(plain, r"\A[0-9a-f]{16}\Z")
        for same in ("https://a:443/v1/chat/completions", "https://u:p@a/v1/chat/completions",
                     "https://a/v1/chat/completions?api-key=secret"):  # fmt: skip
            self.assertEqual(digest(same, authorization="Bearer secret"), plain, same)
        for other in ("https://b/v1/chat/completions", "https://a:8443/v1/chat/completions",
                      "https://a/v2/chat/completions", "https://a/v1/chat/completions?api-version=2"):  # fmt: skip
            self.assertNotEqual(digest(other), plain, other)

    def test_options_of_a_call_go_to_the_cache_and_no_further(self):
        options = {"ttl": 60, "tags": ["docs"], "namespace": f"{self.namespace}-other"}
        self.chat(extra_body={"cache": options})
        self.assertNotIn("cache", self.upstream.received[0][1])
        entries = list(self.cache.entries(namespace=f"{self.namespace}-other"))
        self.assertEqual([list(entry.tags) for entry in entries], [["docs"]])
        self.assertLessEqual(entries[0].ttl, 60)
        self.assertEqual(self.outcomes(), "fwd=miss")

    def test_no_cache_asks_the_upstream_and_stores(self):
        self.chat()
        self.assertEqual(self.outcomes(extra_body={"cache": {"no-cache": True}}), "fwd=miss")
        self.assertEqual(self.upstream.calls, 2)
        self.assertEqual(self.outcomes(), "hit")

    def test_no_store_stores_nothing(self):
        self.chat(extra_body={"cache": {"no-store": True}})
        self.assertEqual(self.outcomes(), "fwd=miss")

    def test_a_call_can_leave_the_cache_out(self):
        for _ in range(2):
            self.chat(extra_body={"cache": False})
        self.assertEqual(self.upstream.calls, 2)
        self.assertNotIn("cache", self.upstream.received[0][1])
        self.assertEqual(self.lease(), "granted")

    def test_what_the_upstream_receives_is_what_the_sdk_sends(self):
        self.chat("as it is", temperature=0.3, extra_body={"top_k": 5, "cache": {"ttl": 9}})
        self.chat("as it is", client=self.plain, temperature=0.3, extra_body={"top_k": 5})
        (path, body, headers), (other_path, other_body, other_headers) = self.upstream.received
        self.assertEqual((path, body), (other_path, other_body))
        self.assertEqual(set(headers), set(other_headers))

    def test_responses_are_cached_streamed_or_not(self):
        for streamed in (False, True, False, True):
            answer = self.client.responses.create(model=MODEL, input=QUESTION, stream=streamed)
            if streamed:
                events = list(answer)
                self.assertIsInstance(events[-1], openai.types.responses.ResponseCompletedEvent)
                answer = events[-1].response
            self.assertEqual(answer.output_text, answer_text(MODEL, QUESTION))
        self.assertEqual(self.upstream.calls, 1)

    def test_a_streamed_response_is_stored(self):
        list(self.client.responses.create(model=MODEL, input=QUESTION, stream=True))
        self.client.responses.create(model=MODEL, input=QUESTION)
        self.assertEqual(self.upstream.calls, 1)

    def test_embeddings_are_cached(self):
        for _ in range(2):
            answer = self.client.embeddings.create(model="e", input=["one", "three"], encoding_format="float")
            self.assertEqual([item.embedding for item in answer.data], [vector_of("one"), vector_of("three")])
        self.assertEqual(self.upstream.calls, 1)

    def test_other_calls_pass_through(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.models.list()

    def test_equal_calls_of_many_threads_are_one(self):
        self.upstream.latency = 0.3
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.chat().id)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual((len(answers), len(set(answers)), self.upstream.calls), (12, 1, 1))

    def test_equal_streams_of_many_threads_are_one_call(self):
        self.upstream.latency = 0.3
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(text_of(self.chat(stream=True)))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(answers, [answer_text(MODEL, QUESTION)] * 12)
        self.assertEqual(self.upstream.calls, 1)

    def test_without_semcached_calls_go_on(self):
        client = wrap(self.plain, Semcached("http://127.0.0.1:1"))
        for streamed in (False, True):
            answer = self.chat(client=client, stream=streamed)
            text = text_of(answer) if streamed else answer.choices[0].message.content
            self.assertEqual(text, answer_text(MODEL, QUESTION))
        self.assertEqual(self.outcomes(client), "fwd=bypass")

    def test_an_asynchronous_client_takes_the_asynchronous_cache(self):
        with self.assertRaises(TypeError):
            wrap(openai.AsyncOpenAI(api_key="none"), self.cache)

    def test_the_asynchronous_client(self):
        async def ask():
            async with AsyncSemcached(self.url, namespace=self.namespace, deadline=20) as cache:
                plain = openai.AsyncOpenAI(base_url=f"{self.upstream.url}/v1", api_key="none", max_retries=0)
                async with wrap(plain, cache) as client:
                    create = client.chat.completions.create
                    whole = await create(model=MODEL, messages=messages())
                    chunks = [chunk async for chunk in await create(model=MODEL, messages=messages(), stream=True)]
                    self.assertEqual(text_of(chunks), whole.choices[0].message.content)
                    self.assertEqual(self.upstream.calls, 1)

                    first = [chunk async for chunk in await create(model=MODEL, messages=messages("two"), stream=True)]
                    again = await create(model=MODEL, messages=messages("two"))
                    self.assertEqual(text_of(first), again.choices[0].message.content)
                    self.assertEqual(self.upstream.calls, 2)

                    self.upstream.chunk_pause = 0.05
                    stream = await create(model=MODEL, messages=messages("given up"), stream=True)
                    await anext(aiter(stream))
                    await stream.close()
                    found = await cache.lookup(self.asked("given up"))
                    self.assertEqual(found.lease, "granted")

                    store = cache.store

                    async def fail(*_, **__):
                        return Failed(code="unavailable")

                    cache.store = fail
                    for streamed in (False, True):
                        answer = await create(model=MODEL, messages=messages(f"lost {streamed}"), stream=streamed)
                        if streamed:
                            [_ async for _ in answer]
                        found = await cache.lookup(self.asked(f"lost {streamed}"))
                        self.assertEqual(found.lease, "granted")
                    cache.store = store

                    self.upstream.received.clear()
                    self.upstream.refusals = [500]
                    with self.assertRaises(openai.InternalServerError):
                        await create(model=MODEL, messages=messages("failed"))
                    found = await cache.lookup(self.asked("failed"))
                    self.assertEqual(found.lease, "granted")

                    self.upstream.latency = 30
                    async with anyio.create_task_group() as tasks:
                        asked = functools.partial(create, model=MODEL, messages=messages("cancelled"))
                        tasks.start_soon(asked)
                        while len(self.upstream.received) < 2:
                            await asyncio.sleep(0.01)
                        tasks.cancel_scope.cancel()
                    found = await cache.lookup(self.asked("cancelled"))
                    self.assertEqual(found.lease, "granted")

        asyncio.run(ask())

    def test_the_sdk_of_anthropic(self):
        plain = anthropic.Anthropic(base_url=self.upstream.url, api_key="none", max_retries=0)
        client = wrap(plain, self.cache)
        asked = {"model": "claude", "max_tokens": 500, "messages": messages()}
        with client.messages.stream(**asked) as stream:
            streamed = "".join(stream.text_stream)
        self.assertEqual(client.messages.create(**asked).content[0].text.strip(), streamed.strip())
        with client.messages.stream(**asked) as stream:
            self.assertEqual("".join(stream.text_stream), streamed)
        self.assertEqual(self.upstream.calls, 1)

    def test_an_sdk_on_the_older_httpx(self):
        class SDK:
            def __init__(self, client):
                self._client = client

            def with_options(self, *, http_client):
                return SDK(http_client)

        sdk = wrap(SDK(httpx.Client()), self.cache)
        url = f"{self.upstream.url}/v1/chat/completions"
        for streamed in (True, False, True):
            body = {"model": MODEL, "messages": messages(), "stream": streamed}
            answer = sdk._client.post(url, json=body)
            self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.text.endswith("data: [DONE]\n\n"))
        self.assertEqual(self.upstream.calls, 1)

    def test_hits_are_counted_by_the_server(self):
        self.chat()
        self.chat()
        bound = time.monotonic() + 20
        while call(self.url, f"/v1/stats?namespace={self.namespace}")[2]["hits"]["exact"] != 1:
            self.assertLess(time.monotonic(), bound)
            time.sleep(0.05)


if __name__ == "__main__":
    unittest.main()
