"""Dockerfile and docker-compose.yml, as far as they can be proven without an engine that builds and runs them."""

import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from ruamel.yaml import YAML

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("SEMCACHED_BINARIES", ROOT / ".build" / "debug"))
TOOLS = pathlib.Path(sys.prefix) / "bin"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("SEMCACHED_")}
# What the smallest Debian has: parts of, or needed by, what is essential.
OF_THE_BASE_IMAGE = {"libc6", "libgcc-s1", "zlib1g"}


def run(*command, env=CLEAN):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, env=env)


def instructions():
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [tuple(line.split(maxsplit=1)) for line in lines]


def stages():
    """The instructions of each FROM."""
    result = []
    for name, rest in instructions():
        if name == "FROM":
            result.append([])
        result[-1].append((name, rest))
    return result


def installed_packages(stage):
    words = [
        word
        for name, rest in stage
        if name == "RUN"
        for command in rest.split("&&")
        if "apt-get install" in command
        for word in command.split("apt-get install")[1].split()
    ]
    return {word for word in words if not word.startswith("-")}


def copies(stage):
    """(sources, target) of what is copied out of the repository."""
    for name, rest in stage:
        if name == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            yield sources, target


class DockerfileTests(unittest.TestCase):
    def test_hadolint_has_nothing_to_say(self):
        # DL3008 wants versions of Debian packages pinned, which would keep security updates out.
        done = run(TOOLS / "hadolint", "--no-color", "--ignore", "DL3008", ROOT / "Dockerfile")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_what_is_copied_is_there_and_sent(self):
        rules = (ROOT / ".dockerignore").read_text().split()
        self.assertEqual(rules[0], "*")
        sent = [rule[1:] for rule in rules if rule.startswith("!")]
        for stage in stages():
            for sources, _ in copies(stage):
                for source in sources:
                    self.assertTrue(any(ROOT.glob(source)), f"COPY {source}: there is no such thing")
                    found = [path.name for path in ROOT.glob(source)] if "*" in source else [source.split("/")[0]]
                    for name in set(found) & {path.name for path in ROOT.iterdir()}:
                        self.assertTrue(any(fnmatch.fnmatch(name, rule) for rule in sent), f"{name} is not sent")

    def test_every_folder_that_the_manifest_names_is_copied(self):
        manifest = (ROOT / "Package.swift").read_text()
        wanted = {"Sources", "Tests"} | {path.split("/")[0] for path in re.findall(r'path: "([^"]+)"', manifest)}
        copied = {source for sources, _ in copies(stages()[0]) for source in sources}
        self.assertEqual(wanted - {source.split("/")[0] for source in copied}, set())

    def test_debian_has_the_packages(self):
        for stage in stages():
            packages = installed_packages(stage)
            self.assertTrue(packages)
            for package in packages:
                with self.subTest(package):
                    done = run("apt-cache", "show", "--no-all-versions", package)
                    self.assertIn(f"Package: {package}\n", done.stdout)

    def test_the_image_has_every_library_that_the_programs_want(self):
        packages = installed_packages(stages()[-1]) | OF_THE_BASE_IMAGE
        for program in ("semcached", "semcachectl"):
            wanted = {}
            for name, path in re.findall(r"(\S+) => (\S+) \(", run("ldd", BINARIES / program).stdout):
                # A release has the Swift runtime inside.
                if "/swift/" in path:
                    continue
                owner = run("dpkg-query", "--search", f"*/{name}").stdout.partition(":")[0]
                self.assertTrue(owner, f"no package has {path}")
                wanted[name] = owner
            self.assertIn("libstdc++.so.6", wanted)
            self.assertEqual({name: owner for name, owner in wanted.items() if owner not in packages}, {})

    def test_its_commands_are_commands(self):
        found = dict(stages()[-1])
        self.assertEqual(json.loads(found["ENTRYPOINT"]), ["semcached"])
        health = json.loads(found["HEALTHCHECK"].partition("CMD ")[2])
        for command in (["semcached", *json.loads(found["CMD"])], health):
            done = run(BINARIES / command[0], *command[1:], "--help")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"USAGE: {' '.join(command)}", done.stdout)


class ComposeTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.file = ROOT / "docker-compose.yml"
        cls.tree = YAML(typ="safe").load(cls.file)

    def replicas(self):
        return {name: service for name, service in self.tree["services"].items() if name.startswith("semcached")}

    def test_it_is_a_compose_file(self):
        done = run(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", self.file)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_services_name_is_defined(self):
        for name, service in self.tree["services"].items():
            for kind in ("networks", "secrets"):
                for used in service.get(kind, []):
                    self.assertIn(used, self.tree[kind], name)
            for volume in service.get("volumes", []):
                self.assertIn(volume.partition(":")[0], self.tree["volumes"], name)
            for other, condition in service.get("depends_on", {}).items():
                self.assertEqual(condition, {"condition": "service_healthy"})
                self.assertIn("healthcheck", self.tree["services"][other])

    def test_the_environment_is_made_of_settings(self):
        image = dict(re.findall(r"(\w+)=(\S+)", dict(stages()[-1])["ENV"]))
        keys = {"keys": [{"id": "a", "sha256": "0" * 64, "scopes": ["read"], "namespaces": ["*"]}]}
        with tempfile.TemporaryDirectory(prefix="semcached-") as folder:
            file = pathlib.Path(folder) / "keys.yaml"
            file.write_text(json.dumps(keys))
            for name, service in self.replicas().items():
                secret = pathlib.PurePath(service["environment"]["SEMCACHED_AUTH_KEYS_FILE"])
                self.assertEqual(secret.parent, pathlib.PurePath("/run/secrets"))
                self.assertIn(secret.name, service["secrets"])
                environment = {**CLEAN, **image, **service["environment"], "SEMCACHED_AUTH_KEYS_FILE": str(file)}
                done = run(BINARIES / "semcached", "config", env=environment)
                self.assertEqual((done.returncode, done.stderr), (0, ""), name)
                self.assertIn("environment SEMCACHED_REDIS_URL", done.stdout)
                unknown = run(BINARIES / "semcached", "config", env={**environment, "SEMCACHED_REDIS_ULR": "x"})
                self.assertNotEqual(unknown.returncode, 0)

    def test_replicas_are_published_on_loopback_and_have_time_to_stop(self):
        for name, service in self.replicas().items():
            (port,) = service["ports"]
            self.assertRegex(port, r"^127\.0\.0\.1:\d+:9470$", name)
            self.assertGreater(int(service["stop_grace_period"].removesuffix("s")), 10)


if __name__ == "__main__":
    unittest.main()
