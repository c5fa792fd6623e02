"""Redis' own LangCache client, pointed at semcached."""

import asyncio
import http.server
import json
import os
import threading
import time
import unittest

from langcache import LangCache, errors
from langcache.models import SearchStrategy
from langcache.utils import BackoffStrategy, RetryConfig

from service import ServiceTests, call, free_port

EVERYTHING = ["read", "write", "admin"]
EXACT, SEMANTIC = SearchStrategy.EXACT, SearchStrategy.SEMANTIC
QUESTION = "How do I reset my password?"
REWORDED = "How can I reset my password?"
ANSWER = "Open the settings and choose Reset password."


class LangCacheTests(ServiceTests):
    """A server with keys: `owner` may do all, in namespaces that begin with `t-`."""

    settings = {"limits": {"entry_bytes": 65536}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keys = cls.keys_file(owner=(EVERYTHING, ["t-*"]), reader=(["read"], ["t-*"]))
        cls.start_replica("keyed", auth={"keys_file": keys})
        cls.url = cls.urls[-1]

    def setUp(self):
        self.cache_id = f"t-{self.id().rsplit('.', 1)[-1]}"[:100]
        self.cache = self.client()

    def client(self, key="owner", **options):
        client = LangCache(server_url=self.url, api_key=key, cache_id=options.pop("cache_id", self.cache_id), **options)
        self.enterContext(client)
        return client

    def found(self, prompt, **options):
        return self.cache.search(prompt=prompt, **options).data


class SettingAndSearching(LangCacheTests):
    def test_whatWasSetIsFoundByTheSamePrompt(self):
        stored = self.cache.set(prompt=QUESTION, response=ANSWER)
        (entry,) = self.found(QUESTION, search_strategies=[EXACT])
        self.assertEqual(entry.id, stored.entry_id)
        self.assertEqual((entry.prompt, entry.response), (QUESTION, ANSWER))
        self.assertEqual((entry.attributes, entry.similarity, entry.search_strategy), ({}, 1.0, EXACT))

    def test_anExactSearchIgnoresCaseAndNothingElse(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        self.assertEqual(len(self.found(QUESTION.upper(), search_strategies=[EXACT])), 1)
        self.assertEqual(self.found(REWORDED, search_strategies=[EXACT]), [])

    def test_theDefaultStrategyIsSemantic(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        (entry,) = self.found(REWORDED)
        self.assertEqual((entry.search_strategy, entry.response), (SEMANTIC, ANSWER))
        self.assertGreater(entry.similarity, 0.9)
        self.assertLess(entry.similarity, 1.0)
        (same,) = self.found(QUESTION)
        self.assertEqual((same.search_strategy, same.similarity), (SEMANTIC, 1.0))

    def test_bothStrategiesFindEachEntryOnce(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        both = self.found(QUESTION, search_strategies=[EXACT, SEMANTIC], max_results=5)
        self.assertEqual([entry.search_strategy for entry in both], [EXACT])
        (reworded,) = self.found(REWORDED, search_strategies=[EXACT, SEMANTIC])
        self.assertEqual(reworded.search_strategy, SEMANTIC)

    def test_aLookAlikeIsNotFound(self):
        self.cache.set(prompt="How do I enable two-factor authentication?", response="Like this.")
        self.assertEqual(self.found("How do I disable two-factor authentication?"), [])
        self.cache.set(prompt="What is the price of plan 2?", response="20")
        self.assertEqual(self.found("What is the price of plan 3?"), [])

    def test_aThresholdRaisesTheNamespaceOwnAndCannotLowerIt(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        (entry,) = self.found(REWORDED)
        self.assertEqual(len(self.found(REWORDED, similarity_threshold=entry.similarity - 0.001)), 1)
        self.assertEqual(self.found(REWORDED, similarity_threshold=entry.similarity + 0.001), [])
        self.assertEqual(self.found("How do I bake bread at home?", similarity_threshold=0.0), [])

    def test_noMoreResultsThanAskedForTheBestFirst(self):
        wordings = [QUESTION, "How do I reset my password", "how do I reset my password ?", "How can I reset my password?"]
        for place, wording in enumerate(wordings):
            self.cache.set(prompt=wording, response=f"answer {place}")
        entries = self.found(QUESTION, max_results=10)
        self.assertGreaterEqual(len(entries), 2)
        self.assertEqual(entries[0].similarity, max(entry.similarity for entry in entries))
        self.assertEqual(len(self.found(QUESTION, max_results=2)), 2)
        self.assertEqual(len(self.found(QUESTION)), 1)

    def test_settingAgainReplaces(self):
        first = self.cache.set(prompt=QUESTION, response="old")
        second = self.cache.set(prompt=QUESTION, response="new")
        self.assertEqual(first.entry_id, second.entry_id)
        self.assertEqual([entry.response for entry in self.found(QUESTION, max_results=5)], ["new"])

    def test_anEntryExpires(self):
        self.cache.set(prompt=QUESTION, response=ANSWER, ttl_millis=1000)
        deadline = time.monotonic() + 20
        while self.found(QUESTION, search_strategies=[EXACT]):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.assertEqual(self.found(REWORDED), [])

    def test_theGreatestTimeToLiveIsTaken(self):
        self.cache.set(prompt=QUESTION, response=ANSWER, ttl_millis=31_556_952_000)
        self.assertEqual(len(self.found(QUESTION)), 1)

    def test_textsComeBackAsTheyWere(self):
        prompt, response = 'Ünïcode "quotes" \\ \n and 🦊 in it?', 'line\r\n\ttab "\\" \u2028 end 🦊'
        self.cache.set(prompt=prompt, response=response, attributes={"who": "ünï, 🦊"})
        (entry,) = self.found(prompt, search_strategies=[EXACT])
        self.assertEqual((entry.prompt, entry.response, entry.attributes), (prompt, response, {"who": "ünï, 🦊"}))

    def test_cachesAreApart(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        other = self.client(cache_id="t-another")
        self.assertEqual(other.search(prompt=QUESTION, search_strategies=[EXACT, SEMANTIC]).data, [])

    def test_anotherReplicaFindsIt(self):
        _, url = self.start_replica("other")
        self.cache.set(prompt=QUESTION, response=ANSWER, attributes={"team": "a"})
        with LangCache(server_url=url, api_key="none", cache_id=self.cache_id) as other:
            self.assertEqual(len(other.search(prompt=QUESTION, search_strategies=[EXACT]).data), 1)
            deadline = time.monotonic() + 20
            while not other.search(prompt=REWORDED, attributes={"team": "a"}).data:
                self.assertLess(time.monotonic(), deadline)
            self.assertEqual(other.search(prompt=REWORDED, attributes={"team": "b"}).data, [])

    def test_theAsynchronousClientDoesTheSame(self):
        async def run():
            async with LangCache(server_url=self.url, api_key="owner", cache_id=self.cache_id) as cache:
                stored = await cache.set_async(prompt=QUESTION, response=ANSWER)
                found = await asyncio.gather(*(cache.search_async(prompt=REWORDED) for _ in range(20)))
                self.assertEqual({entry.id for result in found for entry in result.data}, {stored.entry_id})
                self.assertTrue(all(len(result.data) == 1 for result in found))
                await cache.delete_by_id_async(entry_id=stored.entry_id)
                self.assertEqual((await cache.search_async(prompt=QUESTION)).data, [])

        asyncio.run(run())

    def test_lookupsAreCounted(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        self.found(QUESTION, search_strategies=[EXACT])
        self.found(REWORDED)
        self.found("What is the tallest mountain in Europe?")
        deadline = time.monotonic() + 20
        while True:
            owner = {"Authorization": "Bearer owner"}
            _, _, stats = call(self.url, f"/v1/stats?namespace={self.cache_id}", headers=owner)
            counts = stats["lookups"], stats["hits"]["exact"], stats["hits"]["semantic"], stats["misses"], stats["stores"]
            if counts == (3, 1, 1, 1, 1):
                break
            self.assertLess(time.monotonic(), deadline, counts)
            time.sleep(0.1)


class Attributes(LangCacheTests):
    def setUp(self):
        super().setUp()
        self.alice = self.cache.set(prompt=QUESTION, response="for Alice", attributes={"user": "alice", "lang": "en"})
        self.bob = self.cache.set(prompt=QUESTION, response="for Bob", attributes={"user": "bob", "lang": "en"})

    def answers(self, prompt, **options):
        return sorted(entry.response for entry in self.found(prompt, max_results=10, **options))

    def test_allOfTheAttributesMustMatch(self):
        for prompt, strategies in [(QUESTION, [EXACT]), (QUESTION, [SEMANTIC]), (REWORDED, [SEMANTIC])]:
            with self.subTest(prompt, strategies=strategies):
                find = lambda **wanted: self.answers(prompt, search_strategies=strategies, attributes=wanted)  # noqa: E731
                self.assertEqual(find(user="alice"), ["for Alice"])
                self.assertEqual(find(user="bob", lang="en"), ["for Bob"])
                self.assertEqual(find(user="alice", lang="de"), [])
                self.assertEqual(find(user="carol"), [])
                self.assertEqual(find(tenant="alice"), [])

    def test_fewerAttributesFindMore(self):
        self.assertEqual(self.answers(REWORDED, attributes={"lang": "en"}), ["for Alice", "for Bob"])
        self.assertEqual(self.answers(REWORDED), ["for Alice", "for Bob"])
        self.assertEqual(self.answers(QUESTION, search_strategies=[EXACT], attributes={"lang": "en"}), ["for Bob"])

    def test_onesOwnEntryIsFoundAmongManyOfTheSamePrompt(self):
        for number in range(40):
            self.cache.set(prompt=QUESTION, response=f"for {number}", attributes={"user": f"u{number}"})
        for number in (0, 17, 39):
            self.assertEqual(self.answers(REWORDED, attributes={"user": f"u{number}"}), [f"for {number}"])

    def test_valuesAreOpaque(self):
        for value in ["a,b", "user%2Cname", "x" * 20_000, "=", "alice=1", "{\"a\": [1]}", "\n"]:
            with self.subTest(value[:20]):
                self.cache.set(prompt=REWORDED, response="odd", attributes={"odd": value})
                self.assertEqual(self.answers(REWORDED, attributes={"odd": value}), ["odd"])
                self.assertEqual(self.answers(REWORDED, attributes={"odd": value + "."}), [])
                self.assertEqual(self.cache.delete_query(attributes={"odd": value}).deleted_entries_count, 1)
                self.assertEqual(self.answers(REWORDED, attributes={"odd": value}), [])

    def test_deletingByAttributesDeletesThoseThatHaveAll(self):
        self.assertEqual(self.cache.delete_query(attributes={"user": "alice", "lang": "de"}).deleted_entries_count, 0)
        self.assertEqual(self.cache.delete_query(attributes={"user": "alice"}).deleted_entries_count, 1)
        self.assertEqual(self.answers(REWORDED), ["for Bob"])
        self.assertEqual(self.answers(QUESTION, search_strategies=[EXACT], attributes={"user": "alice"}), [])

    def test_deletingByNoAttributesDeletesAll(self):
        self.assertEqual(self.cache.delete_query(attributes={}).deleted_entries_count, 2)
        self.assertEqual(self.answers(QUESTION, search_strategies=[EXACT, SEMANTIC]), [])

    def test_anIdDeletesOneEntry(self):
        self.cache.delete_by_id(entry_id=self.bob.entry_id)
        self.assertEqual(self.answers(REWORDED), ["for Alice"])
        with self.assertRaises(errors.NotFoundErrorResponseContent):
            self.cache.delete_by_id(entry_id=self.bob.entry_id)

    def test_aFlushLeavesOtherCachesAlone(self):
        other = self.client(cache_id="t-spared")
        other.set(prompt=QUESTION, response="spared")
        self.cache.flush()
        self.assertEqual(self.answers(QUESTION, search_strategies=[EXACT, SEMANTIC]), [])
        self.assertEqual(len(other.search(prompt=QUESTION).data), 1)

    def test_theyAreTagsForAdministrators(self):
        owner = {"Authorization": "Bearer owner"}
        path = f"/v1/entries?namespace={self.cache_id}&tag=user%3Dalice"
        _, _, listing = call(self.url, path, headers=owner)
        self.assertEqual([entry["entry_id"] for entry in listing["entries"]], [self.alice.entry_id])
        self.assertEqual(listing["entries"][0]["endpoint"], "prompts")


class Conversations(LangCacheTests):
    def test_aQuestionThatStandsByItselfIsFound(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        result = self.cache.conversational_search(prompt=REWORDED, context=["Hello", "I am locked out of my account"])
        self.assertEqual(result.actual_prompt, REWORDED)
        self.assertEqual([entry.response for entry in result.data], [ANSWER])

    def test_aQuestionThatLeansOnWhatWasSaidIsNot(self):
        for prompt in ["How long does it take?", "And in the mobile app?", "What about the second one?", "Why?"]:
            with self.subTest(prompt):
                self.cache.set(prompt=prompt, response="of another conversation")
                result = self.cache.conversational_search(prompt=prompt, context=["How do I return a parcel?"])
                self.assertEqual((result.actual_prompt, result.data), (prompt, []))
                self.assertEqual(len(self.cache.conversational_search(prompt=prompt).data), 1)


class Errors(LangCacheTests):
    def test_withoutOrWithAWrongKeyNothingIsAnswered(self):
        for key in (None, "wrong"):
            with self.subTest(key), self.assertRaises(errors.AuthenticationErrorResponseContent) as caught:
                self.client(key).search(prompt=QUESTION)
            self.assertIn("key" if key else "Authorization", caught.exception.data.detail)

    def test_aKeyForOtherThingsIsForbidden(self):
        for attempt in [
            lambda: self.client("reader").set(prompt=QUESTION, response=ANSWER),
            lambda: self.client("reader").flush(),
            lambda: self.client("reader").delete_query(attributes={}),
            lambda: self.client(cache_id="elsewhere").search(prompt=QUESTION),
        ]:
            with self.assertRaises(errors.ForbiddenErrorResponseContent):
                attempt()

    def test_badRequestsSayWhichField(self):
        six = {f"a{number}": "v" for number in range(6)}
        for field, attempt in {
            "prompt": lambda: self.cache.set(prompt=" \n", response=ANSWER),
            "response": lambda: self.cache.set(prompt=QUESTION, response=""),
            "ttlMillis": lambda: self.cache.set(prompt=QUESTION, response=ANSWER, ttl_millis=0),
            "attributes": lambda: self.cache.set(prompt=QUESTION, response=ANSWER, attributes=six),
            "attributes.a": lambda: self.cache.search(prompt=QUESTION, attributes={"a": ""}),
            "attributes.b": lambda: self.cache.delete_query(attributes={"b": ""}),
            "similarityThreshold": lambda: self.cache.search(prompt=QUESTION, similarity_threshold=1.5),
            "maxResults": lambda: self.cache.search(prompt=QUESTION, max_results=0),
            "searchStrategies": lambda: self.cache.search(prompt=QUESTION, search_strategies=[]),
        }.items():
            with self.subTest(field), self.assertRaises(errors.BadRequestErrorResponseContent) as caught:
                attempt()
            self.assertEqual([one.field for one in caught.exception.data.fields or []], [field])

    def test_deletingWantsAttributes(self):
        owner = {"Authorization": "Bearer owner"}
        path = f"/v1/caches/{self.cache_id}/entries"
        status, headers, problem = call(self.url, path, {}, method="DELETE", headers=owner)
        self.assertEqual((status, problem["type"]), (400, "/errors/invalid-data"))
        self.assertEqual(headers["Content-Type"], "application/json")

    def test_whatIsNotThereIsNotFound(self):
        for attempt in [
            lambda: self.cache.delete_by_id(entry_id="0" * 32),
            lambda: self.cache.delete_by_id(entry_id="0" * 64),
            lambda: self.cache.delete_by_id(entry_id="a/b"),
            lambda: self.client(cache_id=None).search(prompt=QUESTION),
            lambda: self.client(cache_id="no such cache").search(prompt=QUESTION),
        ]:
            with self.assertRaises(errors.NotFoundErrorResponseContent):
                attempt()

    def test_whatIsTooLargeIsRefused(self):
        with self.assertRaises(errors.PayloadTooLargeErrorResponseContent):
            self.cache.set(prompt=QUESTION, response=os.urandom(50_000).hex())
        with self.assertRaises(errors.PayloadTooLargeErrorResponseContent):
            self.cache.set(prompt=QUESTION, response="x" * (5 << 20))

    def test_anotherMethodIsNotAllowed(self):
        status, headers, problem = call(self.url, f"/v1/caches/{self.cache_id}/flush")
        self.assertEqual((status, headers["Allow"], headers["Content-Type"]), (405, "POST", "application/json"))
        self.assertEqual(problem["status"], 405)


class RateLimit(ServiceTests):
    settings = {"limits": {"requests_per_second": 1}}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_replica("keyed", auth={"keys_file": cls.keys_file(owner=(EVERYTHING, ["*"]))})

    def test_tooManyRequestsAreToldAndTriedAgain(self):
        with LangCache(server_url=self.urls[-1], api_key="owner", cache_id="t") as cache:
            with self.assertRaises(errors.TooManyRequestsErrorResponseContent) as caught:
                for _ in range(50):
                    cache.search(prompt=QUESTION)
            self.assertGreaterEqual(int(caught.exception.headers["retry-after"]), 1)
            patient = RetryConfig("backoff", BackoffStrategy(100, 2000, 1.5, 30_000), False)
            for _ in range(3):
                self.assertEqual(cache.search(prompt=QUESTION, retries=patient).data, [])


class Outage(LangCacheTests):
    def test_withoutRedisEverythingIsAFailedDependencyAndRecovers(self):
        self.cache.set(prompt=QUESTION, response=ANSWER)
        self.processes.stop(self.redis)
        for attempt in [
            lambda: self.cache.search(prompt=QUESTION, search_strategies=[EXACT, SEMANTIC]),
            lambda: self.cache.search(prompt=REWORDED),
            lambda: self.cache.conversational_search(prompt=QUESTION),
            lambda: self.cache.set(prompt=QUESTION, response=ANSWER),
            lambda: self.cache.delete_by_id(entry_id="0" * 64),
            lambda: self.cache.delete_query(attributes={"a": "b"}),
            lambda: self.cache.flush(),
        ]:
            with self.assertRaises(errors.FailedDependencyErrorResponseContent):
                attempt()
        type(self).redis, _ = self.processes.redis()
        deadline = time.monotonic() + 30
        while True:
            try:
                self.cache.set(prompt=QUESTION, response=ANSWER)
                break
            except errors.FailedDependencyErrorResponseContent:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)
        self.assertEqual(len(self.found(QUESTION)), 1)


class Embedder(http.server.BaseHTTPRequestHandler):
    """Gives every text the same vector, until it is away."""

    away = False

    def do_POST(self):
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        if type(self).away:
            return self.send_error(503)
        vectors = [{"object": "embedding", "index": place, "embedding": [1.0, 0.5]} for place, _ in enumerate(texts)]
        body = json.dumps({"object": "list", "data": vectors, "model": "m"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class EmbedderAway(ServiceTests):
    @classmethod
    def setUpClass(cls):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Embedder)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.addClassCleanup(setattr, Embedder, "away", False)
        url = f"http://127.0.0.1:{server.server_port}/v1"
        cls.settings = {"embedder": {"kind": "openai", "url": url, "model": "m"}}
        super().setUpClass()

    def test_theExactStrategyGoesOnAndTheSemanticOneFails(self):
        with LangCache(server_url=self.url, api_key="none", cache_id="t") as cache:
            cache.set(prompt=QUESTION, response=ANSWER)
            self.assertEqual(len(cache.search(prompt=REWORDED).data), 1)
            Embedder.away = True
            self.assertEqual(len(cache.search(prompt=QUESTION, search_strategies=[EXACT, SEMANTIC]).data), 1)
            self.assertEqual(cache.search(prompt="Another question", search_strategies=[EXACT]).data, [])
            with self.assertRaises(errors.FailedDependencyErrorResponseContent):
                cache.search(prompt="Another question")


class ServerAway(unittest.TestCase):
    def test_theClientSaysSo(self):
        with LangCache(server_url=f"http://127.0.0.1:{free_port()}", api_key="k", cache_id="t") as cache:
            with self.assertRaises(Exception) as caught:
                cache.search(prompt=QUESTION)
            self.assertIn("refused", str(caught.exception).lower())
