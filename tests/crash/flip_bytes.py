#!/usr/bin/env python3
"""Flips bytes in the files of an archive, of every kind in turn, and asks `vellum check --read-data` and `vellum repair`.

usage: flip_bytes.py --vellum PROGRAM [--rounds 50] [--seed 1]

The archive is one whose crawl was killed (rows in SST files and in the WAL), or the same one repacked and closed; a backup
was made in the middle of the crawl. A round flips one to four bytes of one file of a fresh copy. Then
  detected   the check names a fault or the archive does not open; else what it lists is as before: harmless
  healed     after `repair --from` the backup every request that was listed before is listed again, and the check is clean
  named      what the backup cannot heal is named, exit code 3, or repair says why it cannot
Broken promises, which make the exit status 1: a check that is content with an archive that lists something else, and a
repair that is content although something is missing. The same seed gives the same crawl plan and the same flips.
"""
import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import types

from kill_hosts import Round

KINDS = {
    "SST": lambda name: name.endswith(".sst"), "WAL": lambda name: name.endswith(".log"),
    "MANIFEST": lambda name: name.startswith("MANIFEST"), "CURRENT": lambda name: name == "CURRENT",
    "OPTIONS": lambda name: name.startswith("OPTIONS"), "IDENTITY": lambda name: name == "IDENTITY",
    "mark": lambda name: name == "ACKNOWLEDGED",
}


class Vellum:
    def __init__(self, program):
        self.program = program

    def run(self, folder, *arguments):
        return subprocess.run([self.program, "-C", folder, *arguments], capture_output=True, text=True, timeout=300)

    def listed(self, folder):
        """What the archive says it holds: each request of each crawl; None if it cannot tell."""
        done = self.run(folder, "ledger", "--json")
        return sorted(done.stdout.splitlines()) if done.returncode == 0 else None


def make_archives(vellum, folder, seed):
    """[(archive, backup, what it lists)]: one killed, one closed."""
    options = types.SimpleNamespace(vellum=vellum.program, groups=6, pages=40, delay=5)
    crawl = Round(options, folder, seed)
    backup = os.path.join(folder, "backup")
    for wanted in (60, 160):  # however slow the machine is
        while len(crawl.acknowledged) < wanted:
            crawl.crawl(2.5)
        if wanted == 60:
            crawl.vellum("backup", backup)
    if crawl.faults:
        sys.exit("\n".join(crawl.faults))
    closed = os.path.join(folder, "closed")
    shutil.copytree(crawl.folder, closed, ignore=shutil.ignore_patterns("*.sock"))  # of the program that was killed
    done = vellum.run(closed, "repack")
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [(archive, backup, vellum.listed(archive)) for archive in (crawl.folder, closed)]


def files_of(archive):
    found = collections.defaultdict(list)
    for folder, _, names in os.walk(archive):
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), archive)
            for kind, is_one in KINDS.items():
                if is_one(name) and os.path.getsize(os.path.join(archive, path)) > 0:
                    found[kind].append(path)
    return found


def flip(path, dice):
    with open(path, "r+b") as file:
        content = bytearray(file.read())
        places = dice.sample(range(len(content)), min(len(content), dice.randint(1, 4)))
        for place in places:
            content[place] ^= dice.randint(1, 255)
        file.seek(0)
        file.write(content)
    return places


def judge(vellum, copy, backup, before):
    """(outcome, broken promise or None) of one damaged copy."""
    checked = vellum.run(copy, "check", "--read-data")
    if checked.returncode < 0:
        return "crashed", f"check died of signal {-checked.returncode}"
    if checked.returncode == 0:
        now = vellum.listed(copy)
        return "harmless", None if now == before else "the check is content, but the archive lists something else"
    repaired = vellum.run(copy, "repair", "--from", backup)
    if repaired.returncode < 0:
        return "crashed", f"repair died of signal {-repaired.returncode}"
    if repaired.returncode != 0:
        return "named", None if repaired.stdout or repaired.stderr else "repair failed without a word"
    now = vellum.listed(copy)
    missing = len(set(before) - set(now or []))
    if missing:
        return "lost", f"repair is content, but {missing} of {len(before)} requests are missing"
    again = vellum.run(copy, "check", "--read-data")
    return "healed", None if again.returncode == 0 else f"not clean after repair: {again.stdout[-300:]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    vellum, dice, began = Vellum(os.path.abspath(options.vellum)), random.Random(options.seed), time.time()
    counts, broken = collections.defaultdict(collections.Counter), []
    with tempfile.TemporaryDirectory(prefix="vellum-flips-") as folder:
        archives = make_archives(vellum, folder, options.seed)
        print(f"archives list {len(archives[0][2])} requests")
        for number in range(options.rounds):
            kind = list(KINDS)[number % len(KINDS)]
            choices = [(archive, path) for archive in archives for path in files_of(archive[0])[kind]]
            (archive, backup, before), path = dice.choice(choices)
            copy = os.path.join(folder, "copy")
            shutil.copytree(archive, copy, ignore=shutil.ignore_patterns("*.sock"))
            places = flip(os.path.join(copy, path), dice)
            outcome, fault = judge(vellum, copy, backup, before)
            counts[kind][outcome] += 1
            if fault:
                broken.append(f"round {number}: {os.path.basename(archive)}/{path}, bytes {places}: {fault}")
            for name in os.listdir(folder):
                if name.startswith("copy"):
                    shutil.rmtree(os.path.join(folder, name))
    for line in broken[:40]:
        print(line)
    for kind, outcomes in counts.items():
        print(f"  {kind:9}", ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    print(f"{options.rounds} rounds in {time.time() - began:.0f} s, {len(broken)} broken promises")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
