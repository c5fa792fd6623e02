"""The rules of the plugin that need no proxy."""

import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

from service import ROOT

# Prices are not fetched.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

sys.path[:0] = [str(ROOT / "Examples" / package) for package in ("python", "litellm")]

from semcached_litellm.questions import Question, options_of, request_of  # noqa: E402
from semcached_litellm.settings import Settings  # noqa: E402
from semcached_litellm.tenancy import chosen_namespace, tenant_namespace  # noqa: E402

CHAT = "chat.completions"


def caller(**identity):
    fields = ("team_id", "api_key", "user_id", "org_id", "end_user_id")
    return types.SimpleNamespace(**{name: identity.get(name) for name in fields})


class TenancyTests(unittest.TestCase):
    def test_a_tenant_is_who_the_key_says(self):
        ann = caller(team_id="red", api_key="k1", user_id="ann", org_id="o", end_user_id="e")
        for tenant, expected in (
            ("team", "l.team-red"),
            ("key", "l.key-k1"),
            ("user", "l.user-ann"),
            ("organization", "l.organization-o"),
            ("end_user", "l.end_user-e"),
            ("shared", "l"),
        ):
            self.assertEqual(tenant_namespace("l", tenant, ann), expected)

    def test_who_has_no_team_is_told_apart_by_key(self):
        self.assertEqual(tenant_namespace("l", "team", caller(api_key="k1")), "l.key-k1")
        self.assertEqual(tenant_namespace("l", "team", caller()), "l.anonymous")

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
        namespace = tenant_namespace("l" * 30, "organization", caller(org_id="a" * 36))
        self.assertLessEqual(len(chosen_namespace(namespace, "b" * 36)), 128)


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


class PackageTests(unittest.TestCase):
    def test_it_installs(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            command += ["--no-deps", "--no-build-isolation", "--target", folder, str(ROOT / "Examples" / "litellm")]
            subprocess.run(command, check=True)
            self.assertTrue((pathlib.Path(folder) / "semcached_litellm" / "plugin.py").exists())


if __name__ == "__main__":
    unittest.main()
