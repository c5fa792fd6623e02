"""Scripts/release in a repository of its own, with the programs of this one."""

import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("SEMCACHED_BINARIES", ROOT / ".build" / "debug"))
VERSION = "Sources/CacheAPI/Shapes/Version.swift"
PARTS = (
    "Scripts",
    VERSION,
    "Sources/CEnglishWords/COPYRIGHT.scowl",
    "Sources/SemanticCache/Guard/WordLists/wordnet-antonyms.txt",
    "Package.resolved",
    "README.md",
    "LICENSE",
    ".gitignore",
)
IDENTITY = {f"GIT_{who}": "release@test.invalid" for who in ("AUTHOR_NAME", "COMMITTER_NAME")}
IDENTITY |= {name.replace("NAME", "EMAIL"): value for name, value in IDENTITY.items()}


class ReleaseTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="semcached-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "clone"
        self.output = pathlib.Path(folder.name) / "out"
        for part in PARTS:
            target = self.root / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, target)
        (self.root / ".build").mkdir()
        (self.root / ".build" / "checkouts").symlink_to(ROOT / ".build" / "checkouts")
        said = subprocess.run([BINARIES / "semcached", "--version"], capture_output=True, text=True, check=True)
        self.version = said.stdout.strip()
        (self.root / "CHANGELOG.md").write_text(f"# Changelog\n\n## {self.version} (2026-11-22)\n\n- All of it.\n")
        self.git("init", "--quiet")
        self.commit("the whole")

    def git(self, *words):
        environment = {**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(["git", "-C", self.root, *words], capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def release(self, *arguments):
        command = [self.root / "Scripts" / "release", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **IDENTITY})

    def assert_refused(self, sentence):
        done = self.release("--check")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(sentence, done.stderr)
        self.assertEqual(self.git("tag"), "")

    def test_a_release_is_whole_and_tagged(self):
        done = self.release("--binaries", str(BINARIES), "--fast", "--output", str(self.output))
        self.assertEqual(done.returncode, 0, done.stderr)
        sums = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=self.output, capture_output=True, text=True)
        self.assertEqual((sums.returncode, sums.stdout.count(": OK\n")), (0, 3), sums.stdout)
        self.assertEqual(self.git("rev-parse", f"v{self.version}^{{commit}}"), self.git("rev-parse", "HEAD"))
        self.assertEqual(self.git("cat-file", "-t", f"v{self.version}"), "tag")
        (programs,) = self.output.glob("semcached-*-linux-*.tar.gz")
        with tarfile.open(programs) as archive:
            names = [member.name.partition("/")[2] for member in archive]
            self.assertEqual({(member.uid, member.gid) for member in archive}, {(0, 0)})
        for name in ("usr/bin/semcached", "usr/bin/semcachectl", "usr/share/doc/semcached/copyright", "LICENSE"):
            self.assertIn(name, names)
        with tarfile.open(self.output / f"semcached-{self.version}.tar.gz") as archive:
            self.assertIn(f"semcached-{self.version}/{VERSION}", archive.getnames())

    def test_it_can_be_made_again_from_its_own_commit_and_from_no_other(self):
        self.git("tag", f"v{self.version}")
        self.assertEqual(self.release("--check").returncode, 0)
        self.commit("one more")
        done = self.release("--check")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"v{self.version} is another commit", done.stderr)

    def test_what_is_not_committed_is_not_released(self):
        (self.root / "README.md").write_text("changed")
        self.assert_refused("changes that are not committed")

    def test_a_version_without_its_day_in_the_changelog_is_not_released(self):
        (self.root / "CHANGELOG.md").write_text(f"## {self.version} (unreleased)\n")
        self.commit("not yet")
        self.assert_refused(f"CHANGELOG.md has no heading '## {self.version} (YYYY-MM-DD)'")

    def test_programs_of_another_version_are_not_released(self):
        file = self.root / VERSION
        file.write_text(file.read_text().replace(self.version, "9.9.9"))
        (self.root / "CHANGELOG.md").write_text("## 9.9.9 (2026-11-22)\n")
        self.commit("the next")
        done = self.release("--binaries", str(BINARIES), "--output", str(self.output))
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"is version {self.version}: build it again", done.stderr)
        self.assertEqual(self.git("tag"), "")


if __name__ == "__main__":
    unittest.main()
