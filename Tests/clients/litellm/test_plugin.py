"""The rules of the plugin that need no proxy."""

import asyncio
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest
import unittest.mock

from service import ROOT

# Prices are not fetched.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

sys.path[:0] = [str(ROOT / "Examples" / package) for package in ("python", "litellm")]

from semcached_litellm.cache import SemcachedCache  # noqa: E402
from semcached_litellm.plugin import SemcachedPlugin  # noqa: E402
from semcached_litellm.proxy import authenticates  # noqa: E402
from semcached_litellm.questions import Question, options_of, request_of  # noqa: E402
from semcached_litellm.settings import Settings  # noqa: E402
from semcached_litellm.tenancy import chosen_namespace, tenant_namespace  # noqa: E402
from semcached_litellm.turn import Turn  # noqa: E402

CHAT = "chat.completions"


def caller(**identity):
    fields = ("team_id", "api_key", "user_id", "org_id", "end_user_id")
    return types.SimpleNamespace(**{name: identity.get(name) for name in fields})


def router_of(enable_tag_filtering=False, **model):
    return types.SimpleNamespace(enable_tag_filtering=enable_tag_filtering, model_list=[model])


def running(**configured):
    """A proxy with this configuration, in the place of the one that would be running."""
    server = types.SimpleNamespace(**configured)
    return unittest.mock.patch.dict(sys.modules, {"litellm.proxy.proxy_server": server})


# A key never stands in a namespace as it is.
K1 = "_" + hashlib.sha256(b"k1").hexdigest()[:32]


class TenancyTests(unittest.TestCase):
    def test_a_tenant_is_who_the_key_says(self):
        ann = caller(team_id="red", api_key="k1", user_id="ann", org_id="o", end_user_id="e")
        for tenant, expected in (
            ("team", "l.team-red"),
            ("key", f"l.key-{K1}"),
            ("user", "l.user-ann"),
            ("organization", "l.organization-o"),
            ("end_user", "l.team-red.end_user-e"),
            ("shared", "l.shared"),
        ):
            self.assertEqual(tenant_namespace("l", tenant, ann), expected)

    def test_who_has_no_team_is_told_apart_by_key(self):
        self.assertEqual(tenant_namespace("l", "team", caller(api_key="k1")), f"l.key-{K1}")
        self.assertEqual(tenant_namespace("l", "team", caller(user_id="ann", org_id="o")), "l.user-ann")
        self.assertEqual(tenant_namespace("l", "team", caller(org_id="o")), "l.organization-o")

    def test_who_is_nobody_has_no_namespace_unless_all_share(self):
        for auth in (caller(), caller(end_user_id="e"), None):
            for tenant in ("team", "key", "user", "organization", "end_user"):
                self.assertIsNone(tenant_namespace("l", tenant, auth), tenant)
            self.assertEqual(tenant_namespace("l", "shared", auth), "l.shared")

    def test_an_end_user_is_a_part_below_who_asks(self):
        named = {tenant_namespace("l", "end_user", caller(team_id=team, end_user_id="e")) for team in ("red", "blue")}
        self.assertEqual(named, {"l.team-red.end_user-e", "l.team-blue.end_user-e"})
        alone = tenant_namespace("l", "end_user", caller(api_key="k1", end_user_id="e"))
        self.assertEqual(alone, f"l.key-{K1}.end_user-e")
        without = tenant_namespace("l", "end_user", caller(team_id="red"))
        self.assertEqual(without, "l.team-red.end_user")
        self.assertNotIn(chosen_namespace(without, "end_user-e"), named)

    def test_no_two_tenants_and_choices_are_one_namespace(self):
        odd = ["red", "red.blue", "red-blue", "_x", "é", "a" * 36, "a" * 37, "a" * 200, " red", "RED", "anonymous"]
        digest = chosen_namespace("", "é").removeprefix(".")
        odd += [digest, digest[1:], "team-red", "l.team-red", "../red", "red/../blue", "key-k1"]
        seen = set()
        for team in odd:
            for choice in [None, *odd]:
                namespace = chosen_namespace(tenant_namespace("l", "team", caller(team_id=team)), choice)
                self.assertRegex(namespace, r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\Z")
                self.assertNotIn(namespace, seen)
                seen.add(namespace)
        for key in odd:
            self.assertNotIn(tenant_namespace("l", "team", caller(api_key=key)), seen)

    def test_the_longest_namespace_is_one(self):
        longest = caller(org_id="a" * 36, end_user_id="b" * 36)
        for tenant in ("organization", "end_user"):
            namespace = tenant_namespace("l" * 30, tenant, longest)
            chosen = {chosen_namespace(namespace, letter * 36) for letter in "cd"}
            self.assertEqual(len(chosen), 2)
            self.assertLessEqual(max(map(len, {namespace, *chosen})), 128)


class RequestTests(unittest.TestCase):
    def request(self, said=(), endpoint=CHAT, **kwargs):
        asked = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "api_key": "secret"}
        asked |= {"metadata": {"model_group": "gpt-4o"}, "aws_secret_access_key": "secret", "api_base": "http://x"}
        return request_of({**asked, **kwargs}, endpoint, ["model", "messages", *said])

    def test_it_has_the_public_name_and_no_credentials(self):
        self.assertEqual(self.request(), {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]})

    def test_parameters_count_whoever_set_them(self):
        self.assertEqual(self.request(temperature=0.2)["temperature"], 0.2)
        self.assertEqual(self.request(["style"], style="formal")["style"], "formal")

    def test_what_cannot_change_an_answer_does_not_count(self):
        for name in ("user", "metadata", "cache", "num_retries", "timeout", "guardrails", "litellm_call_id"):
            request = self.request([name], **{name: "x" if name != "metadata" else {"model_group": "gpt-4o"}})
            self.assertIsNotNone(request, name)
            self.assertLessEqual(set(request), {"model", "messages", "user"}, name)

    def test_what_must_not_be_kept_is_no_request(self):
        for name in ("api_base", "base_url", "api_key", "mock_response", "extra_headers", "prompt_id", "model_list",
                     "aws_region_name", "custom_llm_provider", "_litellm_anything", "headers"):  # fmt: skip
            with self.subTest(name=name):
                self.assertIsNone(self.request([name], **{name: "x"}))
        self.assertIsNone(self.request(endpoint="responses", input="Hi", background=True))
        self.assertIsNone(self.request(endpoint="responses", input="Hi", conversation="c"))
        self.assertIsNone(self.request(endpoint="embeddings"))

    def test_tags_count_where_the_router_chooses_by_them(self):
        tagged = {"metadata": {"model_group": "gpt-4o", "tags": ["eu", "paid"]}}
        for router, counts in ((None, True), (router_of(enable_tag_filtering=True), True), (router_of(), False),
                               (router_of(model_info={"enable_tag_filtering": True}), True)):  # fmt: skip
            with self.subTest(router=router), running(llm_router=router):
                expected = ["eu", "paid"] if counts else None
                self.assertEqual(self.request(["tags"], **tagged).get("litellm_tags"), expected)
        with running(llm_router=router_of()):
            self.assertEqual(self.request(enable_tag_filtering=True, **tagged)["litellm_tags"], ["eu", "paid"])
        with running(llm_router=router_of(enable_tag_filtering=True)):
            self.assertEqual(self.request(litellm_metadata={"tags": ["eu"]})["litellm_tags"], ["eu"])

    def test_a_user_agent_counts_where_the_router_chooses_by_it(self):
        asked = {"metadata": {"model_group": "gpt-4o", "user_agent": "cli/1"}}
        with running(llm_router=router_of(enable_tag_filtering=True)):
            self.assertNotIn("litellm_tags", self.request(**asked))
        with running(llm_router=router_of(enable_tag_filtering=True, litellm_params={"tag_regex": ["^cli"]})):
            self.assertEqual(self.request(**asked)["litellm_tags"], ["user-agent: cli/1"])

    def test_half_of_a_surrogate_pair_is_a_request(self):
        self.assertIsNotNone(Question(CHAT, "n", {"messages": "\ud800"}, {}).request)

    def test_groups_that_share_answers_have_one_name(self):
        groups = [("gpt-4o", "gpt-4o-eu")]
        names = {self.request(metadata={"model_group": name, "caching_groups": groups})["model"] for name in groups[0]}
        self.assertEqual(len(names), 1)

    def test_a_client_does_not_say_which_model_answers(self):
        for endpoint in ("responses", "messages"):
            metadata = {"metadata": {"model_group": "forged"}, "litellm_metadata": {"model_group": "gpt-4o"}}
            self.assertEqual(self.request(endpoint=endpoint, input="Hi", **metadata)["model"], "gpt-4o")

    def test_a_header_of_anthropic_counts(self):
        incoming = {"headers": {"anthropic-beta": "context-1m"}}
        self.assertEqual(
            self.request(endpoint="messages", proxy_server_request=incoming)["anthropic_beta"], "context-1m"
        )

    def test_what_is_no_json_is_no_request(self):
        self.assertIsNone(Question(CHAT, "n", {"messages": object()}, {}).request)

    def test_questions_differ_by_namespace_and_endpoint(self):
        keys = {
            Question(endpoint, namespace, {"a": 1}, {}) for endpoint in (CHAT, "messages") for namespace in ("n", "m")
        }
        self.assertEqual(len(keys), 4)


class OptionTests(unittest.TestCase):
    def test_the_controls_of_litellm_become_options(self):
        for controls, expected in (
            ({}, {}),
            ({"ttl": 60}, {"ttl": 60}),
            ({"ttl": "60"}, {"ttl": 60}),
            ({"s-maxage": 5}, {"s-maxage": 5}),
            ({"s-max-age": 5}, {"s-maxage": 5}),
            ({"no-cache": True}, {"no-cache": True}),
            ({"no-cache": False, "no-store": None}, {}),
            ({"no-store": True}, {"no-store": True, "lease": False, "wait_ms": 0}),
            ({"ttl": 0}, {"no-store": True, "lease": False, "wait_ms": 0}),
            ({"no-store": True, "no-cache": True}, None),
            ({"ttl": "soon"}, None),
            ({"ttl": float("inf")}, None),
            ({"s-maxage": -1}, None),
            (
                {"semantic": False, "tags": ["a"], "wait_ms": 60_000, "lease": True, "x": 1},
                {"semantic": False, "tags": ["a"]},
            ),
            ("nonsense", {}),
        ):
            with self.subTest(controls=controls):
                self.assertEqual(options_of({"cache": controls}, {}, opt_in=False), expected)

    def test_opting_in(self):
        self.assertIsNone(options_of({}, {}, opt_in=True))
        self.assertEqual(options_of({"cache": {"use-cache": True}}, {"ttl": 5}, opt_in=True), {"ttl": 5})


class SettingsTests(unittest.TestCase):
    def test_unknown_and_wrong_settings_are_named(self):
        for section, named in (({"tennant": "team"}, "tennant"), ({"tenant": "tribe"}, "tribe"),
                               ({"namespace": "a.b"}, "namespace"), ({"mode": "on"}, "mode"),
                               ({"api_key": "os.environ/SEMCACHED_NOT_SET"}, "SEMCACHED_NOT_SET")):  # fmt: skip
            with self.assertRaisesRegex(ValueError, named):
                Settings.of(section)


    def test_text_becomes_what_the_setting_is(self):
        os.environ["W"] = "250"
        self.addCleanup(os.environ.pop, "W")
        settings = Settings.of({"wait_ms": "os.environ/W", "cool_down": "0.5", "semantic": "False", "ttl": None})
        self.assertEqual(settings, Settings(wait_ms=250, cool_down=0.5, semantic=False))
        self.assertEqual(Settings.of({"cool_down": 3, "semantic": True}), Settings(cool_down=3.0, semantic=True))

    def test_what_is_of_another_type_is_named_without_its_value(self):
        for name, value in (("wait_ms", "soon"), ("wait_ms", 1.5), ("wait_ms", True), ("wait_ms", -1), ("url", 9470),
                            ("semantic", "perhaps"), ("cool_down", "inf"), ("ttl", [60])):  # fmt: skip
            with self.subTest(name=name, value=value), self.assertRaisesRegex(ValueError, name) as caught:
                Settings.of({name: value})
            self.assertNotIn(str(value), str(caught.exception))


class ProxyTests(unittest.TestCase):
    def test_a_proxy_without_keys_authenticates_nobody(self):
        for configured, expected in (({}, False), ({"master_key": "sk-1"}, True), ({"user_custom_auth": len}, True),
                                     ({"general_settings": {"enable_jwt_auth": True}}, True)):  # fmt: skip
            with self.subTest(configured=configured), running(**configured):
                self.assertEqual(authenticates(), expected)

    def test_it_caches_only_what_all_share(self):
        for tenant, namespace in (("team", None), ("shared", "litellm.shared")):
            plugin = SemcachedPlugin(Settings(tenant=tenant))
            data = {"proxy_server_request": {"body": {"model": "gpt-4o"}}}

            async def begin(plugin=plugin, data=data):
                await plugin.async_pre_call_hook(caller(api_key="whatever"), None, data, "acompletion")
                return Turn.current().namespace

            with running():
                self.assertEqual(asyncio.run(begin()), namespace)


class FailureTests(unittest.TestCase):
    def setUp(self):
        self.released = []
        self.cache = SemcachedCache(self)
        self.question = Question(CHAT, "n", {"messages": []}, {})
        self.question.ticket = "ticket"

    async def lookup(self, *_, **__):
        raise RuntimeError("secret")

    async def store(self, *_, **__):
        raise RuntimeError("secret")

    async def release(self, ticket):
        self.released.append(ticket)

    def test_no_failure_of_the_cache_is_one_of_the_call(self):
        with self.assertLogs("semcached.litellm") as logged:
            self.assertIsNone(asyncio.run(self.cache.async_get_cache(cache_key=self.question)))
            asyncio.run(self.cache.async_add_cache({"choices": []}, cache_key=self.question))
            asyncio.run(self.cache.async_add_cache_pipeline(None, cache_key=self.question, input=["a"]))
        self.assertEqual(len(logged.output), 3)
        self.assertNotIn("secret", str(logged.output))
        self.assertEqual(self.released, ["ticket"])


class PackageTests(unittest.TestCase):
    def test_it_installs(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            command += ["--no-deps", "--no-build-isolation", "--target", folder, str(ROOT / "Examples" / "litellm")]
            subprocess.run(command, check=True)
            self.assertTrue((pathlib.Path(folder) / "semcached_litellm" / "plugin.py").exists())


if __name__ == "__main__":
    unittest.main()
