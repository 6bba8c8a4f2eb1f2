#!/usr/bin/env python3
"""Runs the guide of docs/plugins.md as a newcomer would: every ```sh block of its section "From nothing to a passing plugin",
one after the other in one shell, in an empty folder, with no network and no plugins of its own.

usage: guide_test.py VELLUM GUIDE
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

SECTION = "## From nothing to a passing plugin"


def commands(guide):
    text = guide.read_text(encoding="utf-8")
    assert SECTION in text, f"{guide} has no section {SECTION!r}"
    section = text.split(SECTION, 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 4, "the guide has lost its commands"
    # `set -e` passes over a line with `!`: that such a command fails is what the guide says of it.
    return "\n".join(re.sub(r"^! (.*)$", r"if \1; then echo 'this was to fail' >&2; exit 1; fi", block, flags=re.MULTILINE)
                     for block in blocks)


def main():
    vellum = pathlib.Path(sys.argv[1]).resolve()
    script = commands(pathlib.Path(sys.argv[2]))
    with tempfile.TemporaryDirectory() as folder:
        tools = pathlib.Path(folder) / "bin"
        work = pathlib.Path(folder) / "work"
        tools.mkdir()
        work.mkdir()
        (tools / "vellum").symlink_to(vellum)
        environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(work), "LANG": "C.UTF-8"}
        done = subprocess.run(["bash", "-euxo", "pipefail", "-c", script], cwd=work, env=environment)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
