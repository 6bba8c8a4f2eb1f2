#!/usr/bin/env python3
"""kill -9 in the middle of a take-down, at seeded moments.

usage: kill_takedown.py --vellum PROGRAM [--kills 8] [--seed 1]

Asserts, after each kill: `vellum check --read-data` is clean as the archive lies there; once a program has opened it for
writing and a second one has renewed the list of files, the take-down is either not begun (every capture is there) or
whole (none is, and no file of the database holds bytes of them); every other capture reads back with its digest.
Prints what it did and a closing line; exit status 1 on any broken promise.
"""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PAGES, VISITS = 12, 6
GONE = "http://a.example/gone/"
KEPT = "http://a.example/kept/"


def noise(dice, size):
    return dice.randbytes(size)


def response(url, visit, body):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(body)
    block = head + body
    fields = (f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{hashlib.md5(url.encode() + bytes([visit])).hexdigest()}>\r\n"
              f"WARC-Date: 2024-01-0{visit + 1}T00:00:00Z\r\nWARC-Target-URI: {url}\r\n"
              f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n")
    return fields.encode() + block + b"\r\n\r\n"


def write_warc(path, dice):
    """Recaptures that differ in a few bytes, which no compressor shortens; returns these bytes by address, and digests."""
    marks, digests = collections.defaultdict(list), collections.defaultdict(list)
    urls = [prefix + str(n) for n in range(PAGES) for prefix in (GONE, KEPT)]
    texts = {url: (noise(dice, 20_000), noise(dice, 20_000)) for url in urls}
    with open(path, "wb") as file:
        for visit in range(VISITS):
            for url in urls:
                mark = noise(dice, 64)
                body = texts[url][0] + mark + texts[url][1]
                marks[url].append(mark)
                digests[url].append("sha256:" + hashlib.sha256(body).hexdigest())
                file.write(response(url, visit, body))
    return marks, digests


class Archive:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def command(self, *arguments):
        return [self.program, "-C", str(self.folder), *arguments]

    def run(self, *arguments, ok=(0,)):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True)
        if done.returncode not in ok:
            sys.exit(f"{' '.join(done.args)}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def take_down(self, kill_after=None):
        """Exit status of a take-down that is killed after so many seconds, and how long it took."""
        began = time.monotonic()
        process = subprocess.Popen(self.command("takedown", "--prefix", GONE, "--reason", "asked for"),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=kill_after)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        return process.wait(), time.monotonic() - began

    def open_for_writing(self):
        self.run("repack")

    def digests(self, url):
        done = self.run("log", url, "--json", ok=(0, 1))
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return [row["digest"] for row in rows if "status" in row]

    def payload(self, url, visit):
        done = subprocess.run(self.command("cat", url, "--at", f"2024-01-0{visit + 1}T00:00:00Z"), capture_output=True)
        return "sha256:" + hashlib.sha256(done.stdout).hexdigest() if done.returncode == 0 else done.stderr.decode()

    def holds(self, marks):
        """Names of files of the database that have one of these bytes."""
        return [file.name for file in (self.folder / "db").iterdir()
                if any(mark in data for data in [file.read_bytes()] for mark in marks)]


def judge(archive, marks, digests, is_done):
    """Broken promises, and whether the take-down was carried out."""
    faults = []
    check = archive.run("check", "--read-data", ok=(0, 1, 2, 3))
    if check.returncode != 0:
        faults.append(f"check after the kill: exit {check.returncode}: {check.stdout}{check.stderr}")
    archive.open_for_writing()
    archive.open_for_writing()
    gone = [url for url in digests if url.startswith(GONE)]
    left = {url: archive.digests(url) for url in gone}
    is_whole = not any(left.values())
    if not is_whole and any(sorted(left[url]) != sorted(digests[url]) for url in gone):
        faults.append(f"a part was taken down: {({url: len(rows) for url, rows in left.items()})}")
    if not is_whole and is_done:
        faults.append("the take-down said that it was done, and was not")
    if is_whole:
        files = archive.holds([mark for url in gone for mark in marks[url]])
        if files:
            faults.append(f"taken down, but its bytes are in {files}")
    for url in digests:
        if url in gone and is_whole:
            continue
        for visit, digest in enumerate(digests[url]):
            found = archive.payload(url, visit)
            if found != digest:
                faults.append(f"{url} visit {visit} reads back as {found}")
    check = archive.run("check", "--read-data", ok=(0, 1, 2, 3))
    if check.returncode != 0:
        faults.append(f"check at the end: exit {check.returncode}: {check.stdout}{check.stderr}")
    return faults, is_whole


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    faults, outcomes = [], collections.Counter()
    with tempfile.TemporaryDirectory(prefix="vellum-takedown-") as name:
        folder = pathlib.Path(name)
        marks, digests = write_warc(folder / "all.warc", dice)
        base = Archive(options.vellum, folder / "base")
        subprocess.run([options.vellum, "init", str(base.folder)], check=True, stdout=subprocess.DEVNULL)
        base.run("import", str(folder / "all.warc"))
        base.run("repack")
        if not base.holds([mark for url in marks if url.startswith(GONE) for mark in marks[url]]):
            sys.exit("the bytes to look for are in no file before the take-down: this test would prove nothing")

        def fresh(label):
            shutil.copytree(base.folder, folder / label)
            return Archive(options.vellum, folder / label)

        whole = fresh("whole")
        code, seconds = whole.take_down()
        found, is_whole = judge(whole, marks, digests, code == 0)
        faults += found
        if code != 0 or not is_whole:
            sys.exit(f"the undisturbed take-down failed: exit {code}: {found}")
        for kill in range(options.kills):
            archive = fresh(f"kill{kill}")
            after = seconds * (kill + dice.random()) / options.kills
            code, took = archive.take_down(kill_after=after)
            found, is_whole = judge(archive, marks, digests, code == 0)
            faults += [f"kill {kill} after {after:.3f} s: {fault}" for fault in found]
            outcomes["ended before its kill" if code == 0 else "carried out" if is_whole else "not begun"] += 1
            shutil.rmtree(archive.folder)
    for fault in faults:
        print(fault)
    print(f"{options.kills} kills within {seconds:.2f} s: {dict(outcomes)}, {len(faults)} broken promises")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
