"""The Debian package: built, inspected, unpacked, and its service run."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Examples" / "demo"))

from processes import Processes, free_port, wait_until, answers  # noqa: E402

BINARIES = pathlib.Path(os.environ.get("SEMCACHED_BINARIES", ROOT / ".build" / "debug"))
# Debug builds take the Swift runtime from the toolchain's folder and are linked without what only a release wants.
OF_DEBUG_BUILDS = ("custom-library-search-path", "hardening-no-pie", "hardening-no-relro")
EPOCH = "1790000000"
# The programs refuse settings that they do not know.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("SEMCACHED_")}
MANUALS = ("man8/semcached.8", "man1/semcachectl.1", "man5/semcached.yaml.5", "man8/semcached-fetch-model.8")


def run(*command, env=CLEAN):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, env=env)


def build(output, **environment):
    command = [ROOT / "Scripts" / "package-deb", "--fast", "--binaries", BINARIES, "--output", output]
    done = run(*command, env={**CLEAN, "SOURCE_DATE_EPOCH": EPOCH, **environment})
    if done.returncode:
        raise AssertionError(f"package-deb failed: {done.stderr}")
    return pathlib.Path(done.stdout.strip())


def with_defaults(reference):
    """The reference with every setting that has a default put in, and the sections that these need."""
    lines, sections = [], {}
    for indent, name, value in re.findall(r"(?m)^#( *)([a-z_]+):(.*)$", reference.partition("\n\n")[2]):
        depth = len(indent)
        sections = {other: line for other, line in sections.items() if other < depth}
        if value:
            lines += [line for line in sections.values() if line]
            lines.append(f"{indent}{name}:{value}")
            sections = dict.fromkeys(sections, "")
        else:
            sections[depth] = f"{indent}{name}:"
    return "\n".join(lines) + "\n"


class PackageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="semcached-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.package = build(cls.folder / "first")
        cls.tree = cls.folder / "tree"
        subprocess.run(["dpkg-deb", "--extract", cls.package, cls.tree], check=True)

    def field(self, name):
        return run("dpkg-deb", "--field", self.package, name).stdout.strip()

    def program(self, name, *arguments):
        return run(self.tree / "usr" / "bin" / name, *arguments)

    def configuration(self):
        return (self.tree / "etc/semcached/semcached.yaml").read_text()

    def test_lintian_has_nothing_to_say(self):
        done = run("lintian", "--fail-on", "error,warning", "--suppress-tags", ",".join(OF_DEBUG_BUILDS), self.package)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_same_inputs_make_the_same_bytes(self):
        second = build(self.folder / "second", TZ="Asia/Tokyo", LC_ALL="C.UTF-8", HOME=str(self.folder))
        self.assertEqual(second.name, self.package.name)
        self.assertTrue(second.read_bytes() == self.package.read_bytes(), "the second package differs")

    def test_its_version_is_that_of_the_programs(self):
        for name in ("semcached", "semcachectl"):
            version = self.program(name, "--version").stdout.strip()
            self.assertRegex(version, r"^\d+\.\d+\.\d+$")
            self.assertEqual(self.field("Version"), f"{version}-1")

    def test_it_depends_on_the_libraries_that_the_programs_are_linked_with(self):
        for library in ("libc6", "libhiredis0.14", "libstdc++6", "libzstd1"):
            self.assertRegex(self.field("Depends"), rf"(^|, ){re.escape(library)} \(>= ")

    def test_the_programs_carry_no_symbols(self):
        for name in ("semcached", "semcachectl"):
            self.assertIn("no symbols", run("nm", self.tree / "usr" / "bin" / name).stderr)

    def test_everything_belongs_to_root_and_is_of_one_time(self):
        listing = run("dpkg-deb", "--contents", self.package, env={**CLEAN, "TZ": "UTC0"}).stdout
        for line in listing.splitlines():
            self.assertRegex(line, r"^[-d]rw(x|-)r-(x|-)r-(x|-) root/root +\d+ 2026-09-21 14:13 ")

    def test_the_configuration_is_accepted_as_it_is_and_with_every_default_put_in(self):
        text = self.configuration()
        given = with_defaults(text)
        self.assertGreater(len(re.findall(r"(?m)^ +[a-z_]+: ", given)), 40)
        for name, content in {"as it is": text, "with the defaults": given}.items():
            with self.subTest(name):
                file = self.folder / "check.yaml"
                file.write_text(content)
                done = self.program("semcached", "config", "--check", file)
                self.assertEqual((done.returncode, done.stderr), (0, ""), content)

    def test_shells_take_the_completions(self):
        for name in ("semcached", "semcachectl"):
            for shell, option, path in (
                ("bash", "-n", f"bash-completion/completions/{name}"),
                ("zsh", "-n", f"zsh/vendor-completions/_{name}"),
                ("fish", "--no-execute", f"fish/vendor_completions.d/{name}.fish"),
            ):
                with self.subTest(name, shell=shell):
                    done = run(shell, option, self.tree / "usr/share" / path)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
        file = self.tree / "usr/share/bash-completion/completions/semcachectl"
        done = run("bash", "-c", f"source '{file}' && complete -p semcachectl")
        self.assertIn("semcachectl", done.stdout, done.stderr)

    def test_manuals_are_well_formed_and_have_a_name(self):
        for manual in MANUALS:
            with self.subTest(manual):
                file = self.tree / "usr/share/man" / f"{manual}.gz"
                environment = {**CLEAN, "LC_ALL": "C.UTF-8", "MANWIDTH": "120"}
                done = run("man", "--warnings", "--local-file", file, env=environment)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("NAME", done.stdout)
                self.assertEqual(run("lexgrog", file).returncode, 0)
        text = run("man", "--local-file", self.tree / "usr/share/man/man1/semcachectl.1.gz").stdout
        for command in ("flush", "warm", "replay", "keys new"):
            self.assertIn(f"semcachectl {command}", text)

    def test_the_unit_is_right_and_hardened(self):
        unit = (self.tree / "lib/systemd/system/semcached.service").read_text()
        self.assertIn("ExecStart=/usr/bin/semcached serve\n", unit)
        file = self.folder / "semcached.service"
        file.write_text(unit.replace("/usr/bin/semcached", f"{self.tree}/usr/bin/semcached"))
        done = run("systemd-analyze", "verify", "--man=no", file)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        # Tenths: 1.5 of 10, where 0 is least exposed.
        done = run("systemd-analyze", "security", "--offline=yes", "--threshold=15", file)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])

    def test_every_license_of_what_is_linked_is_there(self):
        text = (self.tree / "usr/share/doc/semcached/copyright").read_text()
        for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]:
            self.assertIn(pin["location"], text)
        for words in ("Kevin Atkinson", "Princeton University", "Unicode, Inc.", "WIDE Project", "Yury Malkov"):
            self.assertIn(words, text)
        for name in set(re.findall(r"(?m)^License: (.*)$", text)):
            self.assertRegex(text, rf"(?m)^License: {re.escape(name)}\n ")

    def test_the_command_that_fetches_the_model_is_whole_and_fetches_no_second_time(self):
        file = self.tree / "usr/sbin/semcached-fetch-model"
        self.assertEqual(run("bash", "-n", file).returncode, 0)
        data = self.folder / "data"
        model = data / "models" / "all-MiniLM-L6-v2"
        model.mkdir(parents=True)
        for name in ("model.safetensors", "vocab.txt"):
            (model / name).touch()
        done = run(file, env={**CLEAN, "SEMCACHED_DATA_DIR": str(data)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"the model is in {model}", done.stderr)

    def test_the_packaged_service_serves_from_its_own_configuration(self):
        with Processes() as processes:
            _, redis = processes.redis()
            port = free_port()
            url = f"http://127.0.0.1:{port}"
            log = open(processes.path / "semcached.log", "wb")
            settings = {
                "SEMCACHED_CONFIG": str(self.tree / "etc/semcached/semcached.yaml"),
                "SEMCACHED_DATA_DIR": str(processes.path),
                "SEMCACHED_REDIS_URL": redis,
                "SEMCACHED_PORT": str(port),
            }
            process = subprocess.Popen(
                [self.tree / "usr/bin/semcached", "serve"], stdout=log, stderr=log, env={**CLEAN, **settings}
            )
            processes.running.append(process)
            wait_until(lambda: answers(f"{url}/readyz"), "semcached", process)
            body = {"request": {"model": "m", "messages": [{"role": "user", "content": "Is it packaged?"}]}}
            request = urllib.request.Request(f"{url}/v1/lookup", json.dumps(body).encode())
            with urllib.request.urlopen(request, timeout=30) as response:
                self.assertEqual(json.load(response)["status"], "miss")
            done = self.program("semcachectl", "--url", url, "doctor")
            self.assertRegex(done.stdout, r"(?m)^ok +ready ", done.stderr)
            processes.stop(process)
            self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
