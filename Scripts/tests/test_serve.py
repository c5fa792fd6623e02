"""Scripts/serve in a tree of its own, with a stand-in for the daemon and for the compiler."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
BOUND = 30

DAEMON = """#!/usr/bin/env python3
import os, signal, sys
def say(*words): print(*words, file=sys.stderr, flush=True)
def stop(number, _):
    say("stopped by", signal.Signals(number).name)
    sys.exit(0 if number == signal.SIGTERM else 7)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGHUP, lambda *_: say("reloaded"))
say("daemon", *sys.argv[1:], "redis", os.environ.get("SEMCACHED_REDIS_URL"))
if "--refuse" in sys.argv: sys.exit(3)
while True: signal.pause()
"""
COMPILER = "#!/bin/sh\necho \"compiler $*\"\n"


class ServeTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="semcached-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        shutil.copytree(SCRIPTS, self.root / "Scripts")
        (self.root / "Sources").mkdir()
        (self.root / "Sources" / "Main.swift").touch()
        (self.root / "Package.swift").touch()
        self.put("bin/swift", COMPILER)
        for product in ("semcached", "semcachectl"):
            self.put(f".build/release/{product}", DAEMON)
        # The model is there; tests of its fetching remove it.
        self.model = self.root / "data" / "models" / "all-MiniLM-L6-v2"
        for name in ("model.safetensors", "vocab.txt"):
            self.put(f"data/models/all-MiniLM-L6-v2/{name}", "")
        self.socket = self.root / "data" / "redis.sock"
        self.running = []
        self.addCleanup(self.stop_all)

    def put(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def serve(self, *arguments, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SEMCACHED_")}
        clean |= {"PATH": f"{self.root}/bin:{clean['PATH']}", "SEMCACHED_DATA_DIR": f"{self.root}/data", **environment}
        log = self.root / f"log-{len(self.running)}"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [self.root / "Scripts" / "serve", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                env=clean,
                start_new_session=True,
                # Who runs the tests may ignore it, as nohup does, and shells cannot trap what they found ignored.
                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
            )
        process.log = log
        self.running.append(process)
        return process

    def stop_all(self):
        for process in self.running:
            if process.poll() is None:
                process.terminate()
            process.wait(BOUND)
            process.stdout.close()

    def expect(self, process, text):
        deadline = time.monotonic() + BOUND
        while text not in process.log.read_text():
            self.assertLess(time.monotonic(), deadline, f"{text!r} is not in {process.log.read_text()!r}")
            time.sleep(0.01)

    def end(self, process, number):
        process.send_signal(number)
        return process.wait(BOUND)

    def redis_answers(self):
        run = subprocess.run(["redis-cli", "-s", self.socket, "ping"], capture_output=True, text=True)
        return run.stdout.strip() == "PONG"

    def test_without_the_model_it_serves_all_the_same_and_says_so(self):
        shutil.rmtree(self.model)
        # No module can be run, so the model cannot be fetched.
        self.put("bin/python3", f'#!/bin/sh\n[ "$1" = -m ] && exit 1\nexec {sys.executable} "$@"\n')
        process = self.serve()
        self.expect(process, "daemon serve")
        text = process.log.read_text()
        self.assertIn("fetching the embedding model", text)
        self.assertIn("only exact requests hit", text)

    def test_a_model_that_is_not_wanted_is_not_fetched(self):
        shutil.rmtree(self.model)
        for environment in (
            {"SEMCACHED_SEMANTIC_ENABLED": "false"},
            {"SEMCACHED_EMBEDDER_MODEL_DIR": "/models/mine"},
            {"SEMCACHED_EMBEDDER_URL": "http://there/v1"},
        ):
            with self.subTest(environment=environment):
                process = self.serve("--refuse", **environment)
                process.wait(BOUND)
                self.assertNotIn("fetching", process.log.read_text())

    def test_the_daemon_gets_the_arguments_and_a_private_redis(self):
        process = self.serve("--port", "1234")
        self.expect(process, f"daemon serve --port 1234 redis unix://{self.socket}\n")
        self.assertTrue(self.redis_answers())
        self.assertNotIn("compiler", process.log.read_text())
        self.assertEqual(self.end(process, signal.SIGTERM), 0)
        self.assertEqual(process.stdout.read(), b"")
        self.assertFalse(self.redis_answers())

    def test_entries_are_there_after_a_restart(self):
        for expected in ("", "kept"):
            process = self.serve()
            self.expect(process, "daemon")
            seen = subprocess.run(["redis-cli", "-s", self.socket, "get", "a"], capture_output=True, text=True)
            self.assertEqual(seen.stdout.strip(), expected)
            subprocess.run(["redis-cli", "-s", self.socket, "set", "a", "kept"], capture_output=True, check=True)
            self.end(process, signal.SIGTERM)

    def test_signals_reach_the_daemon_and_its_status_comes_back(self):
        process = self.serve()
        self.expect(process, "daemon")
        process.send_signal(signal.SIGHUP)
        self.expect(process, "reloaded")
        self.assertEqual(self.end(process, signal.SIGINT), 7)
        self.assertIn("stopped by SIGINT", process.log.read_text())

    def test_a_terminal_interrupt_reaches_the_daemon_once(self):
        process = self.serve()
        self.expect(process, "daemon")
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(BOUND), 7)
        self.assertEqual(process.log.read_text().count("stopped by"), 1)

    def test_a_second_one_shares_the_redis_and_the_last_stops_it(self):
        first, second = self.serve(), self.serve()
        self.expect(first, "daemon")
        self.expect(second, "daemon")
        self.end(first, signal.SIGTERM)
        self.assertTrue(self.redis_answers())
        self.end(second, signal.SIGTERM)
        self.assertFalse(self.redis_answers())

    def test_a_daemon_that_refuses_to_start_leaves_the_other_ones_redis_alone(self):
        first = self.serve()
        self.expect(first, "daemon")
        self.assertEqual(self.serve("--refuse").wait(BOUND), 3)
        self.assertTrue(self.redis_answers())

    def test_a_redis_left_by_a_killed_one_is_used_again_and_stopped(self):
        first = self.serve()
        self.expect(first, "daemon")
        daemon = subprocess.run(["pgrep", "-P", str(first.pid)], capture_output=True, text=True, check=True)
        first.kill()
        os.kill(int(daemon.stdout), signal.SIGKILL)
        first.wait(BOUND)
        self.assertTrue(self.redis_answers())
        second = self.serve()
        self.expect(second, "daemon")
        self.end(second, signal.SIGTERM)
        self.assertFalse(self.redis_answers())

    def test_a_redis_that_is_named_is_used(self):
        (self.root / "file.yaml").write_text("server: {port: 1}\nredis:\n  key_prefix: a\n  url: redis://there\n")
        (self.root / "flow.yaml").write_text("embedder: {url: http://x}\nredis: {url: redis://there}\n")
        for arguments, environment in (
            ([], {"SEMCACHED_REDIS_URL": "redis://there"}),
            (["--redis", "redis://there"], {}),
            (["--redis=redis://there"], {}),
            (["--config", str(self.root / "file.yaml")], {}),
            ([f"--config={self.root}/flow.yaml"], {}),
            ([], {"SEMCACHED_CONFIG": str(self.root / "file.yaml")}),
        ):
            with self.subTest(arguments=arguments, environment=environment):
                process = self.serve("--refuse", *arguments, **environment)
                self.assertEqual(process.wait(BOUND), 3)
                self.assertNotIn("private Redis", process.log.read_text())

    def test_a_file_that_names_no_redis_gets_a_private_one(self):
        (self.root / "file.yaml").write_text("embedder:\n  url: http://x\nredis:\n  key_prefix: a\n")
        process = self.serve("--refuse", "--config", str(self.root / "file.yaml"))
        self.assertEqual(process.wait(BOUND), 3)
        self.assertIn("private Redis", process.log.read_text())

    def test_a_data_folder_with_a_long_or_odd_path_works(self):
        folder = f"{self.root}/with space/{'x' * 100}"
        process = self.serve(SEMCACHED_DATA_DIR=folder, SEMCACHED_SEMANTIC_ENABLED="false")
        self.expect(process, "redis unix:///tmp/semcached-")
        self.assertEqual(self.end(process, signal.SIGTERM), 0)

    def test_it_builds_when_a_source_is_newer_and_only_then(self):
        os.utime(self.root / "Sources" / "Main.swift", (time.time() + 5, time.time() + 5))
        process = self.serve("--refuse")
        process.wait(BOUND)
        self.assertEqual(process.log.read_text().count("compiler build"), 2)
        os.utime(self.root / "Sources" / "Main.swift")
        (self.root / ".build" / "release.built").touch()
        process = self.serve("--refuse")
        process.wait(BOUND)
        self.assertNotIn("compiler", process.log.read_text())
        process = self.serve("--refuse", SEMCACHED_REBUILD="1")
        process.wait(BOUND)
        self.assertIn("compiler build", process.log.read_text())

    def test_a_failed_build_ends_it(self):
        self.put("bin/swift", "#!/bin/sh\nexit 1\n")
        process = self.serve(SEMCACHED_REBUILD="1")
        self.assertEqual(process.wait(BOUND), 1)
        self.assertIn("the build failed", process.log.read_text())


if __name__ == "__main__":
    unittest.main()
