#!/usr/bin/env python3
"""What an author of plugins sees: each case of the file is a script in an empty folder, and what it must say.

usage: plugin_verbs_test.py VELLUM CASES

    case NAME
    $ COMMAND        run by bash in the case's folder, with `vellum` on the PATH
    rc N             its exit code (0 unless said)
    has TEXT         its output, or its errors, hold this
    not TEXT         they do not

A page of 2020-06-01 and one of 2021-06-01 lie in the archive A; U is their address.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

URL = "https://www.example.org/article/1"
PAGE = """<!doctype html><html><head><title>Of Cells</title><meta name="citation_title" content="Of Cells {year}">
<meta name="citation_author" content="Lee, Ann"><meta name="citation_doi" content="10.1234/cells.5"></head>
<body><h1>Of Cells</h1><h2>References</h2><ol><li>Ek B. Of water. Cells. 2001.</li></ol></body></html>
"""


def cases(file):
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        if word == "case":
            found.append((rest, []))
        elif word == "$":
            found[-1][1].append({"command": rest, "rc": 0, "has": [], "not": [], "line": number})
        elif word == "rc":
            found[-1][1][-1]["rc"] = int(rest)
        elif word in ("has", "not"):
            found[-1][1][-1][word].append(rest)
        elif line and not line.startswith("#"):
            sys.exit(f"{file}:{number}: what is `{word}`?")
    assert len(found) >= 8, "the file has lost its cases"
    return found


def run(command, folder, tools):
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", "U": URL}
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="strict")


def faults_of(step, done):
    if done.returncode != step["rc"]:
        yield f"exit code {done.returncode}, not {step['rc']}"
    yield from (f"does not say `{text}`" for text in step["has"] if text not in done.stdout)
    yield from (f"says `{text}`" for text in step["not"] if text in done.stdout)


def prepare(base, tools):
    base.mkdir()
    script = "vellum init A"
    for year in (2020, 2021):
        (base / f"{year}.html").write_text(PAGE.format(year=year), encoding="utf-8")
        script += f" && vellum -C A import --page {year}.html --url $U --at {year}-06-01"
    done = run(script, base, tools)
    assert done.returncode == 0, done.stdout


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        (top / "bin").mkdir()
        (top / "bin" / "vellum").symlink_to(pathlib.Path(sys.argv[1]).resolve())
        prepare(top / "base", top / "bin")
        for number, (case, steps) in enumerate(cases(pathlib.Path(sys.argv[2]))):
            folder = top / str(number)
            shutil.copytree(top / "base", folder)
            for step in steps:
                done = run(step["command"], folder, top / "bin")
                for fault in faults_of(step, done):
                    failed += 1
                    print(f"{sys.argv[2]}:{step['line']}: {case}: {step['command']}\n  {fault}\n{done.stdout}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
