"""The examples of README.md, run as they stand there against a server of their own."""

import json
import os
import re
import subprocess
import sys
import threading

from service import BINARY, ROOT, ServiceTests

sys.path.insert(0, str(ROOT / "Examples" / "gateway"))

from upstream import Upstream  # noqa: E402

README = (ROOT / "README.md").read_text()
ADDRESS = "localhost:9470"
MODEL = os.path.expanduser(os.environ.get("SEMCACHED_DATA_DIR", "~/.local/share/semcached")) + "/models/all-MiniLM-L6-v2"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(block):
    """Each command of a block, with the answer that a comment behind it promises (None without one)."""
    # A command goes on while its quotes are open or its line ends in a backslash.
    pending, found = "", []
    for line in block.splitlines():
        if not pending and line.startswith("#"):
            if found:
                found[-1] = (found[-1][0], line[1:].strip())
        elif pending or line.strip():
            pending += line + "\n"
            if pending.count("'") % 2 == 0 and not line.endswith("\\"):
                found.append((pending.strip(), None))
                pending = ""
    return found


def pattern(promised):
    """What an answer must match: `…` stands for anything, and an age is any number."""
    text = re.escape(promised.replace("AQE…", "…")).replace("…", ".*?")
    return re.sub(r'"age":\d+', r'"age":\\d+', text)


class Readme(ServiceTests):
    settings = {"embedder": {"model_dir": MODEL}, "namespaces": {"support": {}}}

    def setUp(self):
        self.folder = self.processes.path / self.id().rsplit(".", 1)[-1]
        self.folder.mkdir()
        for name in ("semcached", "semcachectl"):
            (self.folder / name).symlink_to(BINARY.parent / name)

    def run_shell(self, command, directory=ROOT):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SEMCACHED_")}
        environment["PATH"] = f"{self.folder}:{environment['PATH']}"
        environment["SEMCACHED_URL"] = self.url
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], cwd=directory, env=environment, capture_output=True, text=True, timeout=300
        )
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_curlIsAnsweredAsPromised(self):
        ticket, checked = "", 0
        for block in blocks("sh"):
            for command, promised in commands(block):
                if not command.startswith("curl"):
                    continue
                self.assertIn(ADDRESS, command)
                answer = self.run_shell(command.replace(ADDRESS, self.url.removeprefix("http://")).replace("AQE…", ticket))
                ticket = json.loads(answer).get("ticket", ticket)
                self.assertIsNotNone(promised, command)
                self.assertRegex(answer.strip(), f"(?s)^{pattern(promised)}$")
                checked += 1
        self.assertEqual(checked, 3)

    def test_semcachectlDoesWhatItShows(self):
        request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
        (self.folder / "request.json").write_text(json.dumps({"request": request}))
        shown = [
            command for block in blocks("sh") for command, _ in commands(block) if command.startswith("semcachectl") and "replay" not in command
        ]
        self.assertGreaterEqual(len(shown), 3)
        for command in shown:
            with self.subTest(command):
                self.assertTrue(self.run_shell(command, self.folder).strip())

    def test_aThresholdIsChosenFromALogAsShown(self):
        (block,) = [block for block in blocks("sh") if "semcachectl replay" in block]
        shown = README[README.index("```\nrequests ") + 4 :].split("\n```")[0]
        printed = self.run_shell(block.replace("log.jsonl", str(self.folder / "log.jsonl")))
        for line in shown.splitlines()[:2] + [line for line in shown.splitlines() if line.startswith("THRESHOLD")]:
            self.assertIn(line.rstrip(), printed)

    def test_pythonPrintsWhatItSays(self):
        upstream = Upstream(("127.0.0.1", 0), latency_ms=0)
        threading.Thread(target=upstream.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(upstream.server_close)
        self.addCleanup(upstream.shutdown)
        (block,) = blocks("python")
        environment = {
            **os.environ,
            "OPENAI_API_KEY": "none",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream.server_address[1]}/v1",
            "PYTHONPATH": str(ROOT / "Examples" / "python"),
        }
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", block.replace(f"http://{ADDRESS}", self.url)],
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
            )
            self.assertEqual((done.returncode, done.stdout.strip()), (0, "In the settings."), done.stderr)
        # The second run's question was answered by semcached.
        self.assertEqual(upstream.calls, 1)

    def test_theScriptsThatItNamesAreThere(self):
        named = set(re.findall(r"\bScripts/[a-z-]+", README))
        self.assertGreaterEqual(len(named), 6)
        for name in named:
            self.assertTrue(os.access(ROOT / name, os.X_OK), name)

    def test_everyLinkLeadsSomewhere(self):
        anchors = {
            re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", README, re.MULTILINE)
        }
        links = re.findall(r"\]\(([^)]+)\)", README)
        self.assertGreater(len(links), 4)
        for link in links:
            path, _, anchor = link.partition("#")
            if path.startswith("http"):
                continue
            with self.subTest(link):
                self.assertTrue((ROOT / path).exists() if path else anchor in anchors)
