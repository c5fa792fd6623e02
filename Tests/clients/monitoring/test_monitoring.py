"""What Examples/monitoring names is what a running semcached has, and what Prometheus and its own parser take."""

import json
import re
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import yaml
from prometheus_client.parser import text_string_to_metric_families

from service import ROOT, ServiceTests, call, free_port, wait_until

FOLDER = ROOT / "Examples" / "monitoring"
RULES = FOLDER / "semcached.rules.yml"
DASHBOARD = FOLDER / "grafana-dashboard.json"
# Metrics that Prometheus itself makes for each target and rule.
OF_PROMETHEUS = {"up", "ALERTS"}
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "How many?"}]}
ANSWER = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "42"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9},
}


def scrape(url):
    with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return answer.read().decode()


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(text, name, **labels):
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None


def exposed_names(text):
    """The names that a query may use: of histograms those of their parts."""
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        names |= {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
    return names


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def dashboard_queries():
    """The expressions of all panels, with the variables of the dashboard replaced."""
    dashboard = json.loads(DASHBOARD.read_text())
    queries = []
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            queries.append((panel["title"], re.sub(r"\$\w+", "5m", re.sub(r"~\"\$\w+\"", '~".*"', target["expr"]))))
    return dashboard, queries


def names_in(expression):
    """Metric names of an expression: what stands before a selector, or alone."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"(by|on|ignoring|group_left|group_right|without)\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\{[^}]*\}", "{}", bare)
    return set(re.findall(r"\b(?:semcached|process)_\w+", bare)) | ({"up"} & set(re.findall(r"\bup\b", bare)))


def promtool(*arguments, text=None):
    result = subprocess.run(["promtool", *map(str, arguments)], input=text, capture_output=True, text=True, timeout=120)
    return result.returncode, result.stdout + result.stderr


class FilesTests(unittest.TestCase):
    """The files by themselves."""

    def test_rules_are_good_and_each_alert_says_what_to_do(self):
        status, output = promtool("check", "rules", RULES)
        self.assertEqual(status, 0, output)
        for rule in rules():
            self.assertIn(rule["labels"]["severity"], {"page", "ticket"}, rule["alert"])
            self.assertTrue(rule["annotations"]["summary"], rule["alert"])
            self.assertGreater(len(rule["annotations"]["action"]), 20, rule["alert"])

    def test_every_alert_fires_in_its_unit_test(self):
        status, output = promtool("test", "rules", FOLDER / "semcached.rules.test.yml")
        self.assertEqual(status, 0, output)
        tests = yaml.safe_load((FOLDER / "semcached.rules.test.yml").read_text())["tests"]
        self.assertEqual({rule["alert"] for rule in rules()} - {test["name"] for test in tests}, set())

    def test_every_query_of_the_dashboard_parses(self):
        dashboard, queries = dashboard_queries()
        self.assertGreater(len(queries), 50)
        names = [variable["name"] for variable in dashboard["templating"]["list"]]
        self.assertEqual(names, ["datasource", "job", "instance", "namespace"])
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]))
        recorded = [{"record": f"query:{number}", "expr": query} for number, (_, query) in enumerate(queries)]
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recorded}]}, file)
            file.flush()
            status, output = promtool("check", "rules", file.name)
        self.assertEqual(status, 0, output)


class ExpositionTests(ServiceTests):
    """What a running replica exposes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for namespace in ("default", "support"):
            miss = call(cls.url, "/v1/lookup", {"namespace": namespace, "request": REQUEST})[2]
            assert miss["status"] == "miss", miss
            stored = call(cls.url, "/v1/store", {"ticket": miss["ticket"], "response": ANSWER})
            assert stored[0] == 201, stored
            for _ in range(3):
                assert call(cls.url, "/v1/lookup", {"namespace": namespace, "request": REQUEST})[2]["status"] == "hit"
        call(cls.url, "/v1/store", {"ticket": "no.ticket", "response": ANSWER})
        call(cls.url, "/nowhere")
        cls.text = scrape(cls.url)

    def test_promtool_finds_nothing_wrong(self):
        status, output = promtool("check", "metrics", text=self.text)
        self.assertEqual((status, output.strip()), (0, ""))

    def test_the_parser_of_prometheus_reads_it_and_counts_are_right(self):
        self.assertGreater(len(families(self.text)), 50)
        hits = {"namespace": "support", "outcome": "hit_exact"}
        self.assertEqual(value(self.text, "semcached_lookups_total", **hits), 3)
        self.assertEqual(value(self.text, "semcached_leases_total", namespace="support", state="granted"), 1)
        self.assertEqual(value(self.text, "semcached_saved_prompt_tokens_total", namespace="support"), 24)
        self.assertEqual(value(self.text, "semcached_tickets_refused_total", reason="forged"), 1)
        self.assertEqual(value(self.text, "semcached_ready"), 1)
        lookups = {"method": "POST", "route": "/v1/lookup", "code": "200"}
        self.assertEqual(value(self.text, "semcached_http_requests_total", **lookups), 8)
        # Every lookup asks once, every miss once more for the lease, every store once.
        self.assertGreaterEqual(value(self.text, "semcached_redis_commands_total", result="ok"), 12)
        self.assertGreaterEqual(value(self.text, "semcached_redis_round_trip_seconds_count"), 12)
        self.assertGreater(value(self.text, "process_resident_memory_bytes"), 1 << 20)
        self.assertLess(abs(value(self.text, "process_start_time_seconds") - time.time()), 3600)
        # Nothing that a caller chose but the namespace is in a label.
        self.assertNotIn("nowhere", self.text)

    def test_the_reference_is_what_is_exposed(self):
        rows = {}
        for line in (FOLDER / "README.md").read_text().splitlines():
            found = re.fullmatch(r"\| `(\w+)` \| (\w+) \| (.*?) \| (.+) \|", line)
            if found:
                name, kind, labels, meaning = found.groups()
                rows[name] = (kind, set(re.findall(r"`(\w+)`", labels)), meaning)
        kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", self.text, re.MULTILINE))
        helps = dict(re.findall(r"^# HELP (\S+) (.+)$", self.text, re.MULTILINE))
        self.assertEqual({name: (row[0], row[2]) for name, row in rows.items()},
                         {name: (kind, helps[name]) for name, kind in kinds.items()})
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                name = sample.name
                if name not in rows:
                    name = re.sub(r"_(bucket|sum|count)$", "", name)
                self.assertEqual(set(sample.labels) - {"le"}, rows[name][1], sample)

    def test_rules_and_dashboard_name_nothing_that_is_not_exposed(self):
        exposed = exposed_names(self.text) | OF_PROMETHEUS
        used = set()
        for where, expression in [(rule["alert"], rule["expr"]) for rule in rules()] + dashboard_queries()[1]:
            names = names_in(expression)
            self.assertTrue(names, f"{where}: {expression}")
            self.assertEqual(names - exposed, set(), where)
            used |= names
        # And the dashboard shows everything that there is to see.
        unused = {name for name in exposed if not re.search(r"_(sum|count)$", name)} - used - OF_PROMETHEUS
        self.assertEqual(unused, {"process_virtual_memory_bytes"})

    def test_label_values_that_expressions_name_exist(self):
        labels = {}
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                for label, text in sample.labels.items():
                    labels.setdefault((sample.name, label), set()).add(text)
        wanted = re.compile(r'(semcached_\w+)\{([^}]*)\}')
        for where, expression in [(rule["alert"], rule["expr"]) for rule in rules()] + dashboard_queries()[1]:
            for name, selector in wanted.findall(expression):
                for label, pattern in re.findall(r'(outcome|result|verdict|tier|state|reason)=~?"([^"]*)"', selector):
                    known = labels.get((name, label), set())
                    self.assertTrue(any(re.fullmatch(pattern, text) for text in known), f"{where}: {label}={pattern}")


class WithoutRedisTests(ServiceTests):
    """A replica whose Redis has gone."""

    def test_the_exposition_is_whole_when_redis_is_down(self):
        whole = re.findall(r"^# TYPE (\S+)", scrape(self.url), re.MULTILINE)
        self.processes.stop(self.redis)
        wait_until(lambda: value(scrape(self.url), "semcached_redis_up") == 0, "the replica knows that Redis is down")
        bypass = call(self.url, "/v1/lookup", {"request": REQUEST})[2]
        self.assertEqual(bypass["status"], "bypass")
        text = scrape(self.url)
        self.assertEqual(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE), whole)
        self.assertEqual(value(text, "semcached_ready"), 0)
        bypasses = {"namespace": "default", "outcome": "bypass_redis_unavailable"}
        self.assertEqual(value(text, "semcached_lookups_total", **bypasses), 1)
        self.assertEqual(value(text, "semcached_redis_connections", state="up"), 0)
        self.assertGreaterEqual(value(text, "semcached_redis_commands_total", result="not_connected")
                                + value(text, "semcached_redis_commands_total", result="breaker_open")
                                + value(text, "semcached_redis_commands_total", result="connection_closed"), 1)
        self.assertEqual(promtool("check", "metrics", text=text), (0, ""))


class PrometheusTests(ServiceTests):
    """A real Prometheus that scrapes two replicas."""

    replicas = 2

    def test_prometheus_scrapes_and_evaluates_the_rules(self):
        port = free_port()
        folder = self.processes.path / "prometheus"
        folder.mkdir()
        (folder / "prometheus.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [{
                "job_name": "semcached",
                "static_configs": [{"targets": [url.removeprefix("http://") for url in self.urls]}],
            }],
        }))
        status, output = promtool("check", "config", folder / "prometheus.yml")
        self.assertEqual(status, 0, output)
        process = self.processes.start("prometheus", [
            "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}",
        ])
        api = f"http://127.0.0.1:{port}/api/v1"

        def ask(path, **query):
            with urllib.request.urlopen(f"{api}/{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
                return json.loads(answer.read())["data"]

        def up():
            try:
                result = ask("query", query="up")["result"]
            except OSError:
                return False
            return len(result) == 2 and all(sample["value"][1] == "1" for sample in result)

        wait_until(up, "Prometheus has scraped both replicas", process, bound=60)
        call(self.url, "/v1/lookup", {"request": REQUEST})
        misses = 'sum(semcached_lookups_total{outcome="miss_absent"})'
        wait_until(
            lambda: [sample["value"][1] for sample in ask("query", query=misses)["result"]] == ["1"],
            "Prometheus has counted the lookup", process, bound=60,
        )

        def evaluated():
            groups = ask("rules")["groups"]
            return groups and all(rule["health"] == "ok" for group in groups for rule in group["rules"])

        wait_until(evaluated, "every rule was evaluated", process, bound=60)
        firing = [alert["labels"]["alertname"] for alert in ask("alerts")["alerts"] if alert["state"] == "firing"]
        self.assertEqual(firing, [])
        for title, query in dashboard_queries()[1]:
            with self.subTest(title):
                ask("query", query=query)
        # The index is complete, and Redis answers, so these alerts have nothing to say; the one for a dead replica has.
        self.processes.stop(self.servers[1])
        wait_until(
            lambda: "SemcachedDown" in [alert["labels"]["alertname"] for alert in ask("alerts")["alerts"]],
            "the alert of a dead replica is pending", process, bound=60,
        )


if __name__ == "__main__":
    unittest.main()
