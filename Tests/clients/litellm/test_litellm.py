"""Two LiteLLM proxies with the plugin, two replicas of semcached, one upstream that counts."""

import json
import threading
import time
import unittest
import urllib.error
import urllib.request

import anthropic
import openai
import proxies
from models import Models, answer_text, vector_of
from service import ServiceTests, call

MODEL = "gpt-4o"


def messages(text):
    return [{"role": "user", "content": text}]


def text_of(stream):
    return "".join(choice.delta.content or "" for chunk in stream for choice in chunk.choices)


class LiteLLMTests(ServiceTests):
    settings = {
        "semantic": {"enabled": False},
        "namespaces": {"litellm.team-words": {"semantic": {"enabled": True}}},
        "lease": {"seconds": 60},
    }
    replicas = 2

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upstream = cls.enterClassContext(Models())
        started = []
        for number, url in enumerate(cls.urls):
            tree = proxies.configuration(cls.upstream.url, url)
            started.append((f"proxy-{number}", *proxies.start(cls.processes, f"proxy-{number}", tree)))
        cls.proxies = []
        for name, process, url in started:
            proxies.wait(cls.processes, name, process, url)
            cls.proxies.append(url)

    def setUp(self):
        self.upstream.reset()
        self.question = f"What is {self.id().rpartition('.')[2]}?"

    def client(self, proxy=0, team="red", user="ann"):
        return openai.OpenAI(base_url=f"{self.proxies[proxy]}/v1", api_key=f"sk-{team}-{user}", max_retries=0)

    def ask(self, proxy=0, text=None, cache=None, team="red", user="ann", **members):
        """Returns the outcome by the response's header, and the text."""
        if cache is not None:
            members["extra_body"] = {"cache": cache, **members.get("extra_body", {})}
        with self.client(proxy, team, user) as client:
            asked = {"model": MODEL, "messages": messages(text or self.question), **members}
            answer = client.chat.completions.with_raw_response.create(**asked)
            parsed = answer.parse()
            self.headers = answer.headers
            said = text_of(parsed) if members.get("stream") else parsed.choices[0].message.content
        self.assertEqual(said, answer_text(MODEL, text or self.question))
        return answer.headers["cache-status"].split(";")[1].strip()

    def filled(self, **arguments):
        """Asks the first proxy for the first time and waits until the answer is stored; then calls are counted anew."""
        before = self.stores()
        self.assertEqual(self.ask(0, **arguments), "fwd=miss")
        self.until(lambda: self.stores() > before)
        self.upstream.calls = 0

    def until(self, condition):
        bound = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), bound)
            time.sleep(0.02)

    def stores(self):
        """Counted by both replicas themselves."""
        return sum(self.metric(url, "semcached_stores_total") for url in self.urls)

    @staticmethod
    def metric(url, name):
        with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name) and 'stored"' in line)

    def lease(self, namespace="litellm.team-red", text=None, **members):
        asked = {
            "namespace": namespace,
            "request": {"model": MODEL, "messages": messages(text or self.question), **members},
        }
        found = call(self.url, "/v1/lookup", {**asked, "cache": {"lease": True}})[2]
        if found["status"] == "miss" and found["lease"]["state"] == "granted":
            call(self.url, "/v1/release", {"ticket": found["ticket"]})
        return found["lease"]["state"] if found["status"] == "miss" else found["status"]

    def test_the_second_proxy_answers_what_the_first_was_told(self):
        self.filled()
        self.assertEqual(self.ask(1), "hit")
        self.assertEqual(self.upstream.calls, 0)
        self.assertEqual(self.headers["x-semcached-tier"], "exact")
        self.assertTrue(self.headers["x-litellm-cache-key"].startswith("semcached:"))
        # LiteLLM leaves the header out when there is no cost.
        self.assertEqual(float(self.headers.get("x-litellm-response-cost", 0)), 0)

    def test_the_upstream_receives_nothing_of_the_cache(self):
        self.ask(cache={"ttl": 60, "namespace": "n"})
        path, body, _ = self.upstream.received[0]
        self.assertEqual(path, "/v1/chat/completions")
        self.assertEqual(set(body), {"model", "messages"})

    def test_streams_are_stored_and_replayed_either_way(self):
        for first, second in ((True, True), (True, False), (False, True)):
            with self.subTest(stored_from_a_stream=first, asked_as_a_stream=second):
                text = f"{self.question} {first} {second}"
                self.filled(text=text, stream=first)
                self.assertEqual(self.ask(1, text=text, stream=second), "hit")
                self.assertEqual(self.upstream.calls, 0)

    def test_a_replayed_stream_has_the_usage_if_asked_for(self):
        self.filled()
        with self.client(1) as client:
            asked = {"model": MODEL, "messages": messages(self.question)}
            chunks = list(client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
        self.assertGreater(chunks[-1].usage.completion_tokens, 10)
        self.assertEqual(self.upstream.calls, 0)

    def test_ttl_is_how_long_an_answer_is_kept(self):
        self.filled(cache={"ttl": 1})
        self.until(lambda: self.ask(1, cache={"no-store": True}) == "fwd=miss")
        self.assertEqual(self.upstream.calls, 1)

    def test_s_maxage_is_how_old_an_answer_may_be(self):
        self.filled()
        self.assertEqual(self.ask(1, cache={"s-maxage": 600}), "hit")
        self.until(lambda: self.ask(1, cache={"s-maxage": 1, "no-store": True}) == "fwd=miss")
        self.assertIn("too-old", self.headers["cache-status"])

    def test_no_cache_calls_the_upstream_and_stores_what_it_says(self):
        for streamed in (False, True):
            with self.subTest(streamed=streamed):
                text = f"{self.question} {streamed}"
                self.filled(text=text)
                before = self.stores()
                self.assertEqual(self.ask(1, text=text, cache={"no-cache": True}, stream=streamed), "fwd=miss")
                self.until(lambda: self.stores() > before)  # noqa: B023
                self.assertEqual(self.upstream.calls, 1)
                self.assertEqual(self.ask(0, text=text), "hit")

    def test_no_store_keeps_nothing(self):
        for streamed in (False, True):
            self.assertEqual(self.ask(0, cache={"no-store": True}, stream=streamed), "fwd=miss")
        self.assertEqual(self.lease(), "granted")
        self.filled()
        self.assertEqual(self.ask(1, cache={"no-store": True}), "hit")

    def test_a_namespace_is_apart_from_others_within_its_tenant(self):
        self.filled(cache={"namespace": "faq"})
        self.assertEqual(self.ask(1), "fwd=miss")
        self.assertEqual(self.ask(1, cache={"namespace": "faq"}), "hit")
        self.assertEqual(self.ask(1, cache={"namespace": "faq"}, team="blue"), "fwd=miss")

    def test_another_tenant_does_not_hit(self):
        self.filled()
        self.assertEqual(self.ask(1, user="bob"), "hit")
        self.assertEqual(self.ask(1, team="blue"), "fwd=miss")
        self.assertEqual(self.upstream.calls, 1)

    def test_keys_without_a_team_are_apart(self):
        self.filled(team="none")
        self.assertEqual(self.ask(1, team="none"), "hit")
        self.assertEqual(self.ask(1, team="none", user="bob"), "fwd=miss")

    def test_nothing_that_a_request_says_makes_it_another_tenants(self):
        self.filled()
        forged = {"user_api_key_team_id": "red", "user_api_key": "sk-red-ann", "redis_namespace": "litellm.team-red"}
        forgeries = (
            {"cache": {"namespace": "litellm.team-red"}},
            {"cache": {"namespace": "../litellm.team-red"}},
            {"cache_key": "semcached:forged"},
            {"metadata": forged},
            {"litellm_metadata": forged},
            {"user": "red"},
        )
        for forgery in forgeries:
            with self.subTest(forgery=forgery):
                self.upstream.calls = 0
                try:
                    outcome = self.ask(1, team="blue", extra_body={**forgery})
                except openai.APIStatusError as refused:  # by LiteLLM itself
                    self.assertLess(refused.status_code, 500)
                    continue
                if "cache_key" in forgery or "user" in forgery or "metadata" in str(forgery):
                    self.until(lambda: self.lease("litellm.team-blue") != "held")
                    call(self.url, "/v1/flush", {"namespace": "litellm.team-blue"})
                self.assertNotEqual(outcome, "hit")

    def test_what_a_client_adds_counts(self):
        self.filled(extra_body={"house_style": "formal"})
        self.assertEqual(self.ask(1, extra_body={"house_style": "formal"}), "hit")
        self.assertEqual(self.ask(1, extra_body={"house_style": "casual"}), "fwd=miss")
        self.assertEqual(self.ask(1, temperature=0.2), "fwd=miss")

    def test_a_failed_call_releases_the_lease_and_the_client_learns_of_it(self):
        for streamed in (False, True):
            with self.subTest(streamed=streamed):
                self.upstream.refusals = [500]
                with self.assertRaises(openai.InternalServerError):
                    self.ask(0, stream=streamed)
                self.until(lambda: self.lease() == "granted")
        self.assertEqual(self.upstream.calls, 2)

    def test_an_answer_of_a_fallback_is_kept_as_its_own_and_the_first_lease_is_given_up_before(self):
        self.upstream.refusals = [500]
        self.upstream.held, self.upstream.held_model = threading.Event(), "mini"
        self.addCleanup(self.upstream.held.set)
        asked = {"model": MODEL, "messages": messages(self.question)}
        answers = []

        def ask():
            with self.client() as client:
                answers.append(client.chat.completions.create(**asked, extra_body={"fallbacks": ["mini"]}))

        thread = threading.Thread(target=ask)
        thread.start()
        self.until(lambda: self.upstream.calls == 2)
        self.assertEqual(self.lease(), "granted")
        before = self.stores()
        self.upstream.held.set()
        thread.join(30)
        self.assertEqual(answers[0].choices[0].message.content, answer_text("mini", self.question))
        self.until(lambda: self.stores() > before)
        self.assertEqual(self.lease(), "granted")
        self.assertEqual(self.lease(model="mini"), "hit")

    def test_a_stream_that_breaks_off_is_released_and_not_stored(self):
        self.upstream.cut_after = 3
        with self.assertRaises(Exception):
            self.ask(0, stream=True)
        self.until(lambda: self.lease() == "granted")

    def test_a_stream_whose_client_goes_away_is_released_and_not_stored(self):
        self.upstream.chunk_pause = 0.3
        with self.client() as client:
            stream = client.chat.completions.create(model=MODEL, messages=messages(self.question), stream=True)
            next(iter(stream))
            stream.close()
        self.until(lambda: self.lease() == "granted")

    def test_equal_requests_at_both_proxies_are_one_call(self):
        self.upstream.held = threading.Event()
        outcomes = []
        threads = [
            threading.Thread(target=lambda number=number: outcomes.append(self.ask(number % 2))) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        self.until(lambda: self.upstream.calls)
        time.sleep(0.5)
        self.upstream.held.set()
        for thread in threads:
            thread.join(60)
        self.assertEqual(sorted(outcomes), ["fwd=miss"] + ["hit"] * 7)
        self.assertEqual(self.upstream.calls, 1)

    def test_other_words_hit(self):
        self.filled(team="words", text="How do I reset my password?")
        with self.client(1, team="words") as client:
            asked = {"model": MODEL, "messages": messages("how do i reset my password")}
            answer = client.chat.completions.with_raw_response.create(**asked)
        self.assertEqual(answer.headers["x-semcached-tier"], "semantic", answer.headers)
        self.assertGreater(float(answer.headers["x-litellm-semantic-similarity"]), 0.9)
        self.assertEqual(self.upstream.calls, 0)

    def test_embeddings_are_kept_by_input(self):
        with self.client() as client:
            client.embeddings.create(model="vectors", input=["one", "three"], encoding_format="float")
        self.until(lambda: call(self.url, "/v1/entries?namespace=litellm.team-red&model=vectors")[2]["entries"][1:])
        self.upstream.calls = 0
        with self.client(1) as client:
            for texts, calls in ((["three"], 0), ("one", 0), (["one", "three"], 0), (["one", "four", "three"], 1)):
                answer = client.embeddings.create(model="vectors", input=texts, encoding_format="float")
                texts = [texts] if isinstance(texts, str) else texts
                self.assertEqual([item.embedding for item in answer.data], [vector_of(text) for text in texts])
                self.assertEqual(self.upstream.calls, calls)
        self.assertEqual(self.upstream.received[-1][1]["input"], ["four"])

    def test_an_input_that_is_twice_in_a_list_does_not_wait_for_itself(self):
        with self.client() as client:
            began = time.monotonic()
            answer = client.embeddings.create(model="vectors", input=["twice", "twice"], encoding_format="float")
            self.assertLess(time.monotonic() - began, 9, "it waited for its own lease")
        self.assertEqual([item.embedding for item in answer.data], [vector_of("twice")] * 2)

    def test_responses_are_cached_streamed_or_not(self):
        before = self.stores()
        with self.client() as client:
            first = client.responses.create(model=MODEL, input=self.question)
        self.until(lambda: self.stores() > before)
        with self.client(1) as client:
            again = client.responses.create(model=MODEL, input=self.question)
            events = list(client.responses.create(model=MODEL, input=self.question, stream=True))
        self.assertEqual(again.output_text, first.output_text)
        self.assertEqual(events[-1].response.output_text, first.output_text)
        self.assertEqual(self.upstream.calls, 1)

    def test_a_streamed_response_is_stored(self):
        before = self.stores()
        with self.client() as client:
            list(client.responses.create(model=MODEL, input=self.question, stream=True))
        self.until(lambda: self.stores() > before)
        with self.client(1) as client:
            again = client.responses.create(model=MODEL, input=self.question)
        self.assertEqual(again.output_text, answer_text(MODEL, self.question))
        self.assertEqual(self.upstream.calls, 1)

    def test_messages_of_anthropic_are_cached_streamed_or_not(self):
        for streamed_first in (False, True):
            with self.subTest(streamed_first=streamed_first):
                asked = {
                    "model": "claude",
                    "max_tokens": 500,
                    "messages": messages(f"{self.question} {streamed_first}"),
                }
                said = [self.message(0, streamed_first, asked)]
                said += [self.message(1, streamed, asked) for streamed in (False, True)]
                self.assertEqual(len({text.strip() for text in said}), 1)
                self.assertEqual(self.upstream.calls, 1 + streamed_first)

    def message(self, proxy, streamed, asked, team="red"):
        before = self.stores()
        client = anthropic.Anthropic(base_url=self.proxies[proxy], api_key=f"sk-{team}-ann", max_retries=0)
        with client:
            if streamed:
                with client.messages.stream(**asked) as stream:
                    text = "".join(stream.text_stream)
            else:
                text = client.messages.create(**asked).content[0].text
        if proxy == 0:
            self.until(lambda: self.stores() > before)
        return text

    def test_messages_to_another_providers_model_are_one_fill(self):
        asked = {"model": MODEL, "max_tokens": 500, "messages": messages(self.question)}
        said = [self.message(*how, asked, "bridge") for how in ((0, False), (1, False), (1, True))]
        self.assertEqual(len({text.strip() for text in said}), 1)
        self.assertEqual(self.upstream.calls, 1)
        entries = call(self.url, "/v1/entries?namespace=litellm.team-bridge")[2]["entries"]
        self.assertEqual([entry["endpoint"] for entry in entries], ["messages"])


class WithoutSemcachedTests(ServiceTests):
    settings = {"semantic": {"enabled": False}}

    def test_a_proxy_goes_on_without_semcached_and_finds_it_again(self):
        with Models() as upstream:
            tree = proxies.configuration(upstream.url, self.url, cool_down=0.5)
            process, proxy = proxies.start(self.processes, "proxy", tree)
            proxies.wait(self.processes, "proxy", process, proxy)
            self.assertEqual(self.ask(proxy), "fwd=miss")
            self.until_hit(proxy)
            server = self.servers[0]
            server.kill()
            server.wait()
            before = upstream.calls
            for streamed in (False, True, False, True):
                self.assertEqual(self.ask(proxy, streamed), "fwd=bypass")
            self.assertEqual(upstream.calls, before + 4)
            port = self.url.rpartition(":")[2]
            file = self.processes.path / "semcached-0.yaml"
            command = ["serve", "--host", "127.0.0.1", "--port", port, "--config", str(file)]
            self.processes.start("semcached-again", [server.args[0], *command])
            self.until_hit(proxy)

    def until_hit(self, proxy):
        bound = time.monotonic() + 30
        while self.ask(proxy) != "hit":
            self.assertLess(time.monotonic(), bound)
            time.sleep(0.05)

    @staticmethod
    def ask(proxy, stream=False):
        body = {"model": MODEL, "messages": messages("Still there?"), "stream": stream}
        headers = {"Content-Type": "application/json", "Authorization": "Bearer sk-red-ann"}
        request = urllib.request.Request(f"{proxy}/v1/chat/completions", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert b"Still there?" in answer.read()
            return answer.headers["Cache-Status"].split(";")[1].strip()


class WithoutAuthenticationTests(ServiceTests):
    settings = {"semantic": {"enabled": False}}

    def test_it_caches_what_all_share_and_tells_routes_by_tags_apart(self):
        with Models() as upstream:
            urls = {}
            for tenant in ("team", "shared"):
                tree = proxies.configuration(upstream.url, self.url, tenant=tenant)
                tree["general_settings"] = {"dangerously_permit_weak_or_unset_master_key": True}
                tree["router_settings"]["enable_tag_filtering"] = True
                models = tree["model_list"]
                first = models[0]["litellm_params"]
                models.append({**models[0], "litellm_params": {**first, "model": "openai/other", "tags": ["b"]}})
                first["tags"] = ["default", "a"]
                process, urls[tenant] = proxies.start(self.processes, f"proxy-{tenant}", tree)
                proxies.wait(self.processes, f"proxy-{tenant}", process, urls[tenant])
            self.assertEqual([self.ask(urls["team"]) for _ in range(2)], ["fwd=bypass"] * 2)
            for tags in ("", "b"):
                self.assertEqual(self.ask(urls["shared"], tags), "fwd=miss", tags)
                bound = time.monotonic() + 20
                while self.ask(urls["shared"], tags) != "hit":
                    self.assertLess(time.monotonic(), bound)
            self.assertEqual(self.ask(urls["shared"], "a"), "hit")
            self.assertEqual([body["model"] for _, body, _ in upstream.received[-2:]], [MODEL, "other"])
            self.assertEqual(len(call(self.url, "/v1/entries?namespace=litellm.shared")[2]["entries"]), 2)

    @staticmethod
    def ask(proxy, tags=""):
        body = {"model": MODEL, "messages": messages("Who is there?")}
        headers = {"Content-Type": "application/json", **({"x-litellm-tags": tags} if tags else {})}
        request = urllib.request.Request(f"{proxy}/v1/chat/completions", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.headers["Cache-Status"].split(";")[1].strip()


if __name__ == "__main__":
    unittest.main()
