"""RedisVL's and LangChain's semantic caches, which stand on the LangCache client, pointed at semcached."""

import asyncio

from langchain_core.outputs import Generation
from langchain_redis import LangCacheSemanticCache as LangChainCache
from redisvl.extensions.cache.llm import LangCacheSemanticCache as RedisVLCache

from service import ServiceTests

QUESTION = "What is the capital of France?"
REWORDED = "What's the capital of France?"


class RedisVL(ServiceTests):
    def setUp(self):
        self.name = self.id().rsplit(".", 1)[-1]

    def cache(self, **options):
        return RedisVLCache(server_url=self.url, cache_id=self.name, api_key="none", **options)

    def test_whatWasStoredIsFound(self):
        cache = self.cache(ttl=60)
        entry = cache.store(prompt=QUESTION, response="Paris", metadata={"topic": "geography, easy/100 %"})
        (hit,) = cache.check(prompt=QUESTION)
        self.assertEqual((hit["entry_id"], hit["response"], hit["vector_distance"]), (entry, "Paris", 0.0))
        self.assertEqual(hit["metadata"], {"topic": "geography, easy/100 %"})
        (near,) = cache.check(prompt=REWORDED, distance_threshold=0.2)
        self.assertEqual(near["response"], "Paris")
        self.assertEqual(cache.check(prompt=REWORDED, attributes={"topic": "history"}), [])
        self.assertEqual(len(cache.check(prompt=REWORDED, attributes={"topic": "geography, easy/100 %"})), 1)

    def test_bothScalesOfDistanceAreUnderstood(self):
        self.cache().store(prompt=QUESTION, response="Paris")
        for scale, distance in [("normalized", 0.2), ("redis", 0.4)]:
            with self.subTest(scale):
                self.assertEqual(len(self.cache(distance_scale=scale).check(prompt=REWORDED, distance_threshold=distance)), 1)
                self.assertEqual(self.cache(distance_scale=scale).check(prompt=REWORDED, distance_threshold=0.0001), [])

    def test_anExactCacheFindsTheSamePromptOnly(self):
        cache = self.cache(use_semantic_search=False)
        cache.store(prompt=QUESTION, response="Paris")
        self.assertEqual(len(cache.check(prompt=QUESTION)), 1)
        self.assertEqual(cache.check(prompt=REWORDED), [])

    def test_entriesAreDeletedByIdByAttributesAndAll(self):
        cache = self.cache()
        first = cache.store(prompt=QUESTION, response="Paris", metadata={"n": "1"})
        cache.store(prompt="Who wrote Faust?", response="Goethe", metadata={"n": "2"})
        cache.store(prompt="How tall is Mont Blanc?", response="4,806 m", metadata={"n": "3"})
        cache.delete_by_id(first)
        self.assertEqual(cache.check(prompt=QUESTION), [])
        self.assertEqual(cache.delete_by_attributes({"n": "2"})["deleted_entries_count"], 1)
        self.assertEqual(cache.check(prompt="Who wrote Faust?"), [])
        self.assertEqual(len(cache.check(prompt="How tall is Mont Blanc?")), 1)
        cache.clear()
        self.assertEqual(cache.check(prompt="How tall is Mont Blanc?"), [])

    def test_theAsynchronousMethodsDoTheSame(self):
        async def run():
            cache = self.cache()
            entry = await cache.astore(prompt=QUESTION, response="Paris")
            self.assertEqual(len(await cache.acheck(prompt=REWORDED)), 1)
            await cache.adelete_by_id(entry)
            self.assertEqual(await cache.acheck(prompt=QUESTION), [])
            await cache.aclear()

        asyncio.run(run())


class LangChain(ServiceTests):
    # LangChain describes the model and its parameters in an attribute of some kilobytes.
    GPT = "[('model', 'gpt-4o'), ('temperature', 0.3), ('schema', '" + "x" * 3000 + "')]"
    OTHER = GPT.replace("gpt-4o", "gpt-4.1")

    def setUp(self):
        self.name = self.id().rsplit(".", 1)[-1]
        self.cache = LangChainCache(server_url=self.url, cache_id=self.name, api_key="none", ttl=60)

    def test_anAnswerIsFoundForTheSameModelOnly(self):
        self.assertIsNone(self.cache.lookup(QUESTION, self.GPT))
        self.cache.update(QUESTION, self.GPT, [Generation(text="Paris")])
        self.assertEqual(self.cache.lookup(QUESTION, self.GPT), [Generation(text="Paris")])
        self.assertEqual(self.cache.lookup(REWORDED, self.GPT), [Generation(text="Paris")])
        self.assertIsNone(self.cache.lookup(QUESTION, self.OTHER))
        self.assertIsNone(self.cache.lookup("What is the capital of Germany?", self.GPT))

    def test_clearingForgets(self):
        self.cache.update(QUESTION, self.GPT, [Generation(text="Paris")])
        self.cache.clear()
        self.assertIsNone(self.cache.lookup(QUESTION, self.GPT))

    def test_theAsynchronousMethodsDoTheSame(self):
        async def run():
            await self.cache.aupdate(QUESTION, self.GPT, [Generation(text="Paris")])
            self.assertEqual(await self.cache.alookup(REWORDED, self.GPT), [Generation(text="Paris")])
            await self.cache.aclear()
            self.assertIsNone(await self.cache.alookup(REWORDED, self.GPT))

        asyncio.run(run())
