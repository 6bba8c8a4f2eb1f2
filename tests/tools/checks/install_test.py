"""tools/lib/install.sh with stand-ins for dpkg-query, apt-get and sudo. usage: install_test.py ROOT"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
WANTED = [line for line in (text.split("#")[0].strip() for text in (ROOT / "tools/lib/packages.txt").read_text().splitlines()) if line]

DPKG_QUERY = """#!/bin/sh
for name; do :; done
if grep -qx "$name" "$INSTALLED"; then echo installed; else echo "no such package" >&2; exit 1; fi
"""
APT_GET = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *" install "*) [ ! -e "$APT_FAILS" ] || exit 100; for name; do echo "$name" >> "$INSTALLED"; done ;; esac
"""
SUDO = """#!/bin/sh
exec "$@"
"""


class Install(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        (self.path / "bin").mkdir()
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET), ("sudo", SUDO)):
            file = self.path / "bin" / name
            file.write_text(text)
            file.chmod(0o755)
        self.installed, self.calls = self.path / "installed", self.path / "calls"
        self.calls.touch()

    def tearDown(self):
        self.folder.cleanup()

    def install(self):
        environment = dict(os.environ, PATH=f"{self.path / 'bin'}:{os.environ['PATH']}", INSTALLED=str(self.installed),
                           CALLS=str(self.calls), APT_FAILS=str(self.path / "apt-fails"))
        script = f"source {ROOT}/tools/lib/common.sh; source {ROOT}/tools/lib/install.sh; install_packages; echo done"
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)

    def test_installs_what_is_missing_and_says_what(self):
        self.installed.write_text("\n".join(WANTED[2:]) + "\n")
        done = self.install()
        self.assertEqual((done.returncode, done.stdout), (0, "done\n"), done.stderr)
        self.assertIn(f"installing with apt: {WANTED[0]} {WANTED[1]}", done.stderr)
        update, install = self.calls.read_text().splitlines()
        self.assertTrue(update.endswith(" update"), update)
        self.assertTrue(install.endswith(f" --no-remove {WANTED[0]} {WANTED[1]}"), install)

    def test_does_nothing_twice(self):
        self.installed.write_text("")
        self.assertEqual(self.install().returncode, 0)
        before = self.calls.read_text()
        done = self.install()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.calls.read_text(), before)

    def test_stops_where_apt_fails(self):
        self.installed.write_text("")
        (self.path / "apt-fails").touch()
        done = self.install()
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("done", done.stdout)

    @unittest.skipIf(os.geteuid() == 0, "root needs no sudo")
    def test_without_sudo_says_what_to_run_as_root(self):
        self.installed.write_text("")
        (self.path / "bin" / "sudo").unlink()
        if shutil.which("sudo"):
            self.skipTest("a sudo is installed")
        done = self.install()
        self.assertEqual(done.returncode, 1)
        self.assertIn("run this as root: env DEBIAN_FRONTEND=noninteractive apt-get", done.stderr)


if __name__ == "__main__":
    unittest.main()
