"""The dashboard in Chromium, with figures of real traffic at two replicas."""

import json
import pathlib
import tempfile

from selenium.webdriver.common.keys import Keys

from browser import Browser
from scene import ASKED, HOSTILE, OTHER_WORDS, WRONG_WORDS, Traffic, chat, key_of, settings
from service import ServiceTests, call, wait_until


class DashboardTests(ServiceTests):
    replicas = 2

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="semcached-keys-")
        cls.addClassCleanup(folder.cleanup)
        cls.settings = settings(pathlib.Path(folder.name) / "keys.yaml")
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.traffic = Traffic(cls.urls, key_of("chief"))
        cls.wrong_entry = cls.traffic.drive()

    def setUp(self):
        self.browser.emulate()
        self.browser.open(self.url + "/")
        self.sent = []

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [], "the policy or the console complains")
        self.assertIsNone(self.browser.script("return window.hacked ?? null"))
        for request in self.requests():
            self.assertTrue(request["url"].startswith((self.url + "/", "data:", "about:blank")), request["url"])

    def requests(self):
        self.sent += self.browser.requests()
        return self.sent

    def unlock(self, name="chief"):
        self.browser.wait(lambda: self.browser.is_shown("#key"), "the page asks for a key")
        self.browser.type("#key", key_of(name))
        self.browser.press("#key", Keys.ENTER)

    def show(self, **query):
        """Opens the figures, of a namespace if one is named; returns what the server says."""
        self.unlock()
        if "namespace" in query:
            self.browser.type("#namespace", query["namespace"])
        if "window" in query:
            self.browser.click(f'#windows input[value="{query["window"]}"]')
        stats = self.traffic.stats(**query)
        self.browser.wait(lambda: self.tile("Lookups") == f"{stats['lookups']:,}", "the figures are there")
        return stats

    def tile(self, name):
        tiles = self.browser.script(
            "return [...document.querySelectorAll('.tile')].map((tile) => [tile.children[0].textContent,"
            " tile.children[1].textContent, tile.children[2].textContent])"
        )
        found = {title: (value, note) for title, value, note in tiles}
        self.note = found.get(name, ("", ""))[1]
        return found.get(name, ("", ""))[0]

    def explain(self, text, namespace=""):
        self.browser.type("#explain-namespace", namespace)
        self.browser.script("document.querySelector('#explain-body').value = arguments[0]", text)
        self.browser.script("document.querySelector('#explanation').replaceChildren()")
        self.browser.click("#explain-go")
        self.browser.wait(lambda: self.browser.text("#explanation"), "there is an explanation")
        return self.browser.text("#explanation")

    # The key.

    def test_nothing_is_shown_before_a_key_that_is_known(self):
        self.browser.wait(lambda: self.browser.is_shown("#key"), "the page asks for a key")
        self.assertFalse(self.browser.is_shown("#contents"))
        self.unlock("nobody")
        self.browser.wait_for_text("#lock-problem", "not known")
        self.assertFalse(self.browser.is_shown("#contents"))
        self.browser.type("#key", "schlüssel")
        self.browser.press("#key", Keys.ENTER)
        self.browser.wait_for_text("#lock-problem", "ASCII")
        self.show()
        self.assertFalse(self.browser.is_shown("#lock"))

    def test_the_key_is_kept_nowhere_but_in_memory(self):
        self.show()
        self.explain(json.dumps(chat(ASKED["faq"])), "faq")
        kept = self.browser.script(
            "return [localStorage.length, sessionStorage.length, document.cookie, location.href, history.length,"
            " document.documentElement.outerHTML, [...document.querySelectorAll('input')].map((i) => i.value).join()]"
        )
        self.assertEqual(kept[:4], [0, 0, "", self.url + "/"])
        self.assertNotIn(key_of("chief"), "".join(map(str, kept)))
        for request in self.requests():
            self.assertNotIn(key_of("chief"), request["url"])
        self.browser.open(self.url + "/")
        self.browser.wait(lambda: self.browser.is_shown("#key"), "the page asks for a key again")

    def test_a_key_that_is_forgotten_takes_the_figures_with_it(self):
        self.show()
        self.explain(json.dumps(chat(ASKED["support"])), "support")
        self.browser.click("#forget")
        self.browser.wait(lambda: self.browser.is_shown("#key"), "the page asks for a key")
        self.assertEqual(self.browser.all(".tile"), [])
        self.assertEqual(self.browser.text("#explanation"), "")
        self.assertNotIn("support", self.browser.text("#namespaces"))

    def test_a_key_for_some_namespaces_is_asked_for_one(self):
        self.unlock("support-admin")
        self.browser.wait_for_text("#notice", "not for every namespace")
        self.assertEqual(self.browser.all(".tile"), [])
        self.browser.type("#namespace", "support")
        self.browser.wait(lambda: self.tile("Lookups") == "16", "the figures of the namespace")
        self.assertFalse(self.browser.is_shown("#notice"))
        self.browser.type("#namespace", "faq")
        self.browser.wait_for_text("#notice", "not for namespace faq")
        self.assertEqual(self.browser.all(".tile"), [], "figures of what was shown before")

    def test_a_key_without_the_scope_is_told_so(self):
        self.unlock("reader")
        self.browser.wait_for_text("#notice", "lacks the scope admin")
        self.unlock("chief")
        self.browser.wait(lambda: self.tile("Lookups") == "30", "the figures")

    # The figures.

    def test_tiles_are_the_figures_of_the_server(self):
        stats = self.show()
        self.assertEqual(stats["hits"], {"total": 16, "exact": 14, "semantic": 2, "coalesced": 0})
        self.assertEqual(self.tile("Hit ratio"), f"{100 * stats['hit_ratio']:.1f} %")
        self.assertEqual(self.note, "16 of 30 lookups")
        self.assertEqual(self.tile("Requests saved"), "16")
        self.assertEqual(self.note, "exact 14, semantic 2, coalesced 0")
        saved = stats["saved"]
        self.assertEqual(self.tile("Tokens saved"), f"{saved['prompt_tokens'] + saved['completion_tokens']:,}")
        self.assertEqual(self.tile("Saved"), f"${saved['usd']:.2f}")
        self.assertEqual(self.tile("Entries now"), str(stats["entries"]))

    def test_the_series_shows_each_tier(self):
        stats = self.show()
        self.browser.click("#timeline-table summary")
        self.browser.wait(lambda: self.browser.rows("#timeline-table"), "the table of the series")
        rows = self.browser.rows("#timeline-table")
        busy = [point for point in stats["series"] if point["lookups"]]
        self.assertEqual(
            [row[2:] for row in rows],
            [[str(point[name]) for name in ("exact", "semantic", "coalesced", "misses", "bypasses")] for point in busy],
        )
        self.assertEqual(sum(int(row[2]) for row in rows), 14)
        self.assertEqual(len(self.browser.all("#timeline rect.exact")), sum(point["exact"] > 0 for point in busy))
        self.assertIn("exact 46.7 %, semantic 6.7 %", self.browser.one("#timeline").get_attribute("aria-label"))

    def test_the_arrow_keys_read_single_spans(self):
        stats = self.show()
        place = max(range(len(stats["series"])), key=lambda place: stats["series"][place]["lookups"])
        for _ in range(len(stats["series"]) - place):
            self.browser.press("#timeline", Keys.ARROW_LEFT)
        self.browser.wait_for_text("#timeline-readout", f"of {stats['series'][place]['lookups']} lookups")
        self.browser.press("#timeline", Keys.ESCAPE)
        self.browser.wait_for_text("#timeline-readout", "All together")

    def test_latencies_are_the_percentiles(self):
        stats = self.show()
        rows = {row[0]: row[1:4] for row in self.browser.rows("#latency")}
        for name, kind in [("Exact hit", "lookup_exact"), ("Semantic hit", "lookup_semantic"), ("Miss", "lookup_miss")]:
            shown = [float(text.removesuffix(" ms").removesuffix(" s")) for text in rows[name]]
            for percentile, value in zip(("p50", "p95", "p99"), shown):
                self.assertAlmostEqual(value / stats["latency_ms"][kind][percentile], 1, delta=0.1)

    def test_namespaces_are_listed_and_sorted(self):
        stats = self.show()
        rows = self.browser.rows("#namespaces")
        names = sorted(stats["namespaces"], key=lambda name: (-stats["namespaces"][name]["lookups"], name))
        self.assertEqual([row[0] for row in rows], names)
        self.assertEqual(names[:3], ["support", "faq", "hostile.ns"])
        for row in rows:
            counts = stats["namespaces"][row[0]]
            hits = counts["hits"]
            expected = [counts["lookups"], hits["exact"], hits["semantic"], hits["coalesced"], counts["misses"]]
            self.assertEqual([int(row[place]) for place in (1, 3, 4, 5, 6)], expected)
            self.assertEqual(row[8], str(counts["feedback"]["wrong"]))
        misses = max(names, key=lambda name: stats["namespaces"][name]["misses"])
        for column, order, first in [
            ("0", "ascending", "faq"),
            ("0", "descending", "support"),
            ("6", "descending", misses),
        ]:
            self.browser.press(f'#namespaces [data-column="{column}"]', Keys.ENTER)
            self.browser.wait(lambda: self.browser.rows("#namespaces")[0][0] == first, f"{first} is first")
            head = self.browser.one('#namespaces th:not([aria-sort="none"])')
            self.assertEqual(head.get_attribute("aria-sort"), order)
            focused = self.browser.script("return document.activeElement.dataset.column")
            self.assertEqual(focused, column, "the focus stays where it was")

    def test_a_click_on_a_namespace_shows_it_alone(self):
        stats = self.show()
        self.browser.click('#namespaces [data-namespace="faq"]')
        self.browser.wait(lambda: self.tile("Lookups") == str(stats["namespaces"]["faq"]["lookups"]), "faq alone")
        self.assertEqual([row[0] for row in self.browser.rows("#namespaces")], ["faq"])
        self.assertIn(
            "namespace=faq", [request["url"] for request in self.requests() if "/v1/stats" in request["url"]][-1]
        )
        self.browser.click("#everything")
        self.browser.wait(lambda: self.tile("Lookups") == "30", "all again")

    def test_replicas_are_listed(self):
        stats = self.show()
        rows = self.browser.rows("#replicas")
        self.assertEqual(len(rows), 2)
        for row, replica in zip(rows, stats["replicas"]):
            self.assertEqual(
                [row[0], row[1], row[3], row[6]],
                [replica["id"], replica["version"], str(replica["index_entries"]), "up"],
            )
            self.assertRegex(row[4], r"^[0-9.]+ m?s$")
        self.assertEqual(self.browser.text("#version"), stats["replicas"][0]["version"])
        self.assertEqual(self.browser.text("#readiness"), "ready")

    def test_the_threshold_stands_where_the_columns_have_it(self):
        stats = self.show()
        counted = {verdict: sum(counts.values()) for verdict, counts in stats["similarity"].items()}
        self.assertEqual(counted, {"served": 2, "guarded": 1, "below_threshold": 1})
        label = self.browser.one("#similarity").get_attribute("aria-label")
        self.assertIn("2 served, 1 guarded, 1 below the threshold of 0.80", label)
        self.assertIn("faq 0.90", label)

        def xs(selector, name):
            return [float(part.get_attribute(name)) for part in self.browser.all(f"#similarity {selector}")]

        served = sorted(map(float, stats["similarity"]["served"]))
        (below,) = map(float, stats["similarity"]["below_threshold"])
        (origin,), columns = xs("rect.miss", "x"), sorted(xs("rect.exact", "x"))
        self.assertEqual(len(columns), len(served))
        scale = (columns[-1] - origin) / (served[-1] - below)
        for column, similarity in zip(columns, served):
            self.assertAlmostEqual(column, origin + scale * (similarity - below), delta=0.1)
        for selector, threshold in [(":not(.other)", 0.8), (".other", 0.9)]:
            (line,) = xs(f"line.threshold{selector}", "x1")
            self.assertAlmostEqual(line, origin + scale * (threshold - below), delta=0.1)

    def test_a_namespace_has_its_own_threshold(self):
        self.show(namespace="faq")
        self.browser.wait_for_text("#similarity", "The threshold is 0.90")
        self.browser.click("#everything")
        self.browser.type("#namespace", "support")
        self.browser.wait_for_text("#similarity", "threshold 0.80")

    def test_a_false_hit_that_was_reported_is_shown(self):
        stats = self.show()
        (false_hit,) = stats["recent_feedback"]
        (row,) = self.browser.rows("#feedback")
        self.assertEqual(row[1:3], ["support", "semantic"])
        self.assertEqual(row[3:5], [f"{false_hit['similarity']:.3f}", f"{false_hit['score']:.3f}"])
        self.assertEqual(row[5], "pair blocked")
        self.assertEqual(self.browser.one("#feedback code").get_attribute("title"), self.wrong_entry)
        self.assertIn("1 wrong", self.browser.text("#feedback-counts"))

    def test_reasons_are_counted(self):
        stats = self.show()
        text = self.browser.text("#reasons")
        for reason, count in stats["misses_by_reason"].items():
            self.assertIn(f"{reason.replace('_', ' ')}{count}", text)
        self.assertIn(f"stored{stats['stores']}", text)

    def test_every_window_can_be_chosen(self):
        self.show()
        for window in ("5m", "24h", "7d", "1h", "all"):
            stats = self.traffic.stats(window=window)
            self.browser.script(f"document.querySelector('#windows input[value=\"{window}\"]').focus()")
            self.browser.press(f'#windows input[value="{window}"]', Keys.SPACE)
            asked = f"/v1/stats?window={window}"
            self.browser.wait(lambda: any(request["url"].endswith(asked) for request in self.requests()), asked)
            columns = sum(point["lookups"] > 0 for point in stats["series"])
            self.browser.wait(
                lambda: len(self.browser.all("#timeline rect.volume")) == columns, f"the series of {window}"
            )
            self.browser.wait(lambda: self.tile("Lookups") == str(stats["lookups"]), f"the figures of {window}")
        self.assertIn("totals only", self.browser.text("#timeline"))

    # Refreshing.

    def test_new_figures_come_by_themselves_unless_the_page_is_hidden_or_paused(self):
        self.show(window="5m")
        asked = len(self.requests())
        self.browser.wait(lambda: len(self.requests()) > asked, "the page asks again")
        hide = "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });"
        hide += "document.dispatchEvent(new Event('visibilitychange'));"
        pending = "return pendingTimers.size"
        self.browser.wait(lambda: self.browser.script(pending) == 1, "the next refresh is due")
        self.assertEqual(self.browser.script(hide + pending, True), 0, "nothing is due while the page is hidden")
        asked = len(self.requests())
        self.browser.script(hide, False)
        self.browser.wait(lambda: len(self.requests()) > asked, "the page asks as soon as it is seen")
        self.browser.wait(lambda: self.browser.script(pending) == 1, "the next refresh is due")
        due = self.browser.script("document.querySelector('#pause').click();" + pending)
        self.assertEqual(due, 0, "nothing is due while the page is paused")
        self.assertEqual(self.browser.text("#pause"), "Resume")
        self.browser.click("#pause")
        self.browser.wait(lambda: self.browser.script(pending) == 1, "the next refresh is due")

    # Explaining.

    def test_a_request_that_would_hit_is_explained(self):
        self.show()
        text = self.explain(json.dumps(chat(ASKED["support"])), "support")
        self.assertIn("Exact hit. This request has an entry of its own.", text)
        self.assertIn("Like this.", text)
        text = self.explain(json.dumps(chat("How could I reset my password?")), "support")
        said = self.traffic.explain("How could I reset my password?", "support")["outcome"]
        self.assertEqual((said["status"], said["tier"]), ("hit", "semantic"))
        self.assertIn(f"Semantic hit. A stored question is near enough: similarity {said['similarity']:.3f}", text)
        self.assertIn(ASKED["support"], text)
        self.assertIn("were answered before", self.explain(json.dumps(chat(OTHER_WORDS)), "support"))

    def test_a_request_that_would_miss_is_explained(self):
        self.show()
        text = self.explain(json.dumps(chat("How do I not reset my password?")), "support")
        self.assertIn("Miss. A stored question is near enough", text)
        self.assertIn("the guard “negation” refuses it", text)
        (row,) = self.browser.rows("#explanation")
        said = self.traffic.explain("How do I not reset my password?", "support")["neighbors"][0]
        self.assertEqual(
            row[:5],
            [
                f"{said['similarity']:.3f}",
                f"{said['score']:.3f}",
                ASKED["support"],
                "veto: negation",
                "refused: negation",
            ],
        )
        self.assertIn("below the threshold of 0.80", self.explain(json.dumps(chat("How do I bake bread?")), "support"))
        blocked = self.explain(json.dumps(chat(WRONG_WORDS)), "support")
        self.assertIn("the pair was blocked by feedback", blocked)
        self.assertIn("no stored question to compare with", self.explain(json.dumps(chat("Where?")), "nowhere"))

    def test_a_lookup_body_names_its_own_namespace(self):
        self.show()
        body = {"namespace": "support", "request": chat(OTHER_WORDS), "cache": {"no-cache": True}}
        self.assertIn("The caller said no-cache", self.explain(json.dumps(body), "faq"))

    def test_numbers_reach_the_server_and_the_reader_as_they_were_written(self):
        self.show()
        request = json.dumps({**chat("How long?"), "seed": 1})
        text = self.explain(request.replace('"seed": 1', '"seed": 9007199254740993'), "support")
        self.assertIn("9007199254740993", text)

    def test_what_is_no_request_is_refused_in_words(self):
        self.show()
        self.assertIn("This is not JSON", self.explain("{"))
        self.assertIn("no object", self.explain("[]"))
        self.assertIn("$.request", self.explain("{}"))
        self.assertIn("namespace", self.explain(json.dumps(chat("Where?")), "no/where"))

    # What comes from strangers.

    def test_names_and_texts_from_strangers_are_shown_as_text(self):
        self.show()
        text = self.explain(json.dumps(chat(f"{HOSTILE} please")), "hostile.ns")
        self.assertIn(HOSTILE, text)
        questions = [row[2] for row in self.browser.rows("#explanation")]
        self.assertIn(HOSTILE, questions)
        self.assertIn(HOSTILE, self.explain(json.dumps(chat(ASKED["support"], model=HOSTILE)), "support"))
        self.browser.type("#flush-namespace", "hostile.ns")
        self.browser.type("#flush-model", HOSTILE)
        self.browser.type("#flush-tags", HOSTILE)
        self.browser.click("#flush-count")
        self.browser.wait(lambda: self.browser.is_shown("#confirm"), "the page asks before it flushes")
        self.assertEqual(self.browser.text("#confirm-title"), "Flush 1 entry?")
        self.assertIn(HOSTILE, self.browser.text("#confirm-text"))
        self.browser.click("#confirm-no")
        self.assertEqual(self.browser.all("img, iframe, object, main script"), [])

    # Flushing.

    def test_a_flush_counts_first_and_asks(self):
        for number in range(3):
            self.traffic.store(f"Which is {number}?", "That.", "flushed", tags=[f"t{number % 2}"])
        self.show()
        self.browser.click("#flush-count")
        self.browser.wait_for_text("#flush-result", "Name the namespace")
        self.browser.type("#flush-namespace", "flushed")
        self.browser.type("#flush-tags", "t0")
        self.browser.click("#flush-count")
        self.browser.wait(lambda: self.browser.is_shown("#confirm"), "the page asks before it flushes")
        self.assertEqual(self.browser.text("#confirm-title"), "Flush 2 entries?")
        self.assertIn("with the tag t0", self.browser.text("#confirm-text"))
        self.assertFalse(self.browser.is_shown("#confirm-typed"))
        self.browser.click("#confirm-no")
        self.browser.wait_for_text("#flush-result", "Nothing was flushed")
        self.assertEqual(self.traffic.stats(namespace="flushed")["entries"], 3)
        self.browser.click("#flush-count")
        self.browser.wait(lambda: self.browser.is_shown("#confirm"), "the page asks again")
        self.browser.click("#confirm-yes")
        self.browser.wait_for_text("#flush-result", "Flushed 2 entries of the namespace flushed, with the tag t0")
        self.assertEqual(self.traffic.stats(namespace="flushed")["entries"], 1)
        self.browser.type("#flush-tags", "")
        self.browser.click("#flush-count")
        self.browser.wait(lambda: self.browser.is_shown("#confirm"), "the page asks a third time")
        self.browser.press("#confirm-yes", Keys.ENTER)
        self.browser.wait_for_text("#flush-result", "Flushed 1 entry of the namespace flushed.")

    def test_everything_is_flushed_only_after_that_was_typed(self):
        self.show()
        before = self.traffic.stats()["entries"]
        self.browser.click("#flush-all")
        self.assertFalse(self.browser.one("#flush-namespace").is_enabled())
        self.browser.click("#flush-count")
        self.browser.wait(lambda: self.browser.is_shown("#confirm"), "the page asks before it flushes")
        self.assertFalse(self.browser.one("#confirm-yes").is_enabled())
        self.browser.press("#confirm-typed", "flush everythin", Keys.ENTER)
        self.assertFalse(self.browser.one("#confirm-yes").is_enabled())
        self.assertTrue(self.browser.is_shown("#confirm"))
        self.browser.press("#confirm-typed", "g")
        self.assertTrue(self.browser.one("#confirm-yes").is_enabled())
        self.browser.press("#confirm-typed", Keys.ESCAPE)
        self.browser.wait_for_text("#flush-result", "Nothing was flushed")
        self.assertEqual(self.traffic.stats()["entries"], before)
        posted = [
            json.loads(request["postData"]) for request in self.requests() if request["url"].endswith("/v1/flush")
        ]
        self.assertEqual(posted, [{"all": True, "dry_run": True}])
        self.browser.click("#flush-all")

    # How it looks.

    def test_texts_have_enough_contrast(self):
        for scheme in ("light", "dark"):
            with self.subTest(scheme=scheme):
                self.browser.emulate(scheme=scheme)
                self.browser.open(self.url + "/")
                self.show()
                self.explain(json.dumps(chat("How do I not reset my password?")), "support")
                self.assertEqual(self.browser.script(CONTRAST), [])

    def test_the_page_fits_on_a_phone(self):
        self.browser.emulate(width=375)
        self.show()
        self.explain(json.dumps(chat("w" * 400)), "support")
        widths = self.browser.script("return [document.documentElement.scrollWidth, innerWidth]")
        self.assertEqual(widths, [375, 375])
        self.assertEqual(
            self.browser.one("#timeline svg").get_attribute("width"), str(self.browser.one("#timeline").size["width"])
        )

    def test_nothing_moves_for_who_does_not_want_that(self):
        self.browser.emulate(motion="reduce")
        self.show()
        moving = (
            "return [...document.querySelectorAll('*')]"
            ".filter((element) => parseFloat(getComputedStyle(element).transitionDuration))"
        )
        self.assertEqual(self.browser.script(moving), [])
        self.browser.emulate(motion="no-preference")
        self.assertNotEqual(self.browser.script(moving), [])

    def test_everything_that_takes_input_has_a_name(self):
        self.show()
        unnamed = self.browser.script(
            "return [...document.querySelectorAll('input, select, textarea, button, [role=region], [role=group]')]"
            ".filter((e) => !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-label')))"
            ".map((element) => element.outerHTML)"
        )
        self.assertEqual(unnamed, [])
        ids = self.browser.script("return [...document.querySelectorAll('[id]')].map((element) => element.id)")
        self.assertEqual(len(ids), len(set(ids)))


class OutageTests(ServiceTests):
    """Without keys, and with a Redis that goes away."""

    @classmethod
    def setUpClass(cls):
        cls.settings = settings()
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def test_the_last_figures_stay_while_redis_or_the_server_is_away(self):
        browser = self.browser
        browser.open(self.url + "/")
        browser.wait(lambda: browser.is_shown(".tile"), "the figures are there without a key")
        self.assertFalse(browser.is_shown("#lock"))
        for place, text in [
            ("#timeline-readout", "Nothing was looked up"),
            ("#namespaces", "No namespace was asked"),
            ("#feedback", "No caller has reported"),
            ("#latency", "Nothing was measured"),
            ("#similarity", "No question had a neighbor"),
        ]:
            self.assertIn(text, browser.text(place))
        traffic = Traffic(self.urls)
        traffic.store("How do I reset my password?", "Like this.")
        traffic.lookup("How do I reset my password?")
        browser.click('#windows input[value="5m"]')
        browser.wait_for_text("#tiles", "1 of 1 lookups")

        self.processes.stop(self.redis)
        browser.wait_for_text("#notice", "Redis does not answer")
        self.assertIn("1 of 1 lookups", browser.text("#tiles"))
        self.assertRegex(browser.text("#age"), r"^Figures of \d\d:\d\d:\d\d, ")
        self.assertEqual(browser.text("#readiness"), "not ready")
        browser.script("document.querySelector('#explain-body').value = arguments[0]", json.dumps(chat("Who?")))
        browser.click("#explain-go")
        browser.wait_for_text("#explanation", "Bypass.")
        browser.type("#flush-namespace", "default")
        browser.click("#flush-count")
        browser.wait_for_text("#flush-result", "Redis did not answer")

        type(self).redis, _ = self.processes.redis()
        browser.wait(lambda: not browser.is_shown("#notice"), "the page has new figures")
        wait_until(lambda: call(self.url, "/readyz")[0] == 200, "the server is ready again")

        browser.wait(lambda: browser.is_shown(".tile"), "the figures are there")
        self.processes.stop(self.servers[0])
        browser.wait_for_text("#notice", "The server does not answer")
        self.assertTrue(browser.is_shown(".tile"))
        self.assertRegex(browser.text("#age"), r"^Figures of ")
        self.assertEqual(browser.text("#readiness"), "unreachable")
        self.assertEqual(browser.complaints(), [])


# The texts whose contrast with what is behind them is below WCAG's AA: 4.5, or 3 for large ones.
CONTRAST = """
const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const parse = (color) => color.match(/[\\d.]+/g).map(Number);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const color = parse(getComputedStyle(at).backgroundColor);
    if (color.length < 4 || color[3] === 1) return color;
  }
  return [255, 255, 255];
};
const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = texts.nextNode(); node; node = texts.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || !element.checkVisibility()) continue;
  if (element.closest('script, style, .unseen, .skip, :disabled')) continue;
  const style = getComputedStyle(element);
  const ink = parse(element instanceof SVGElement ? style.fill : style.color);
  const [light, dark] = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (isLarge ? 3 : 4.5)) found.push(`${node.data.trim()}: ${ratio.toFixed(2)}`);
}
return found;
"""
