#!/usr/bin/env python3
"""kill -9 in the middle of a crawl, again and again, then on to the end.

usage: kill_crawl.py --vellum PROGRAM --demo-site PROGRAM [--config TOML] [--kills 10] [--articles 60] [--seed 1]

Asserts: every capture that was acknowledged before a kill is in the archive with its digest; every page is recorded once in
the run; `vellum check --read-data` is clean; the resumed crawl ends with exit code 0 or 1 and finishes the same run.
Prints what it did and a closing line; exit status 1 on any broken promise.
"""
import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile

CONFIG = """
seeds = ["http://pubmed.ncbi.nlm.nih.gov/30526772/"]
user_agent = "Vellum-test/1.0 (+https://example.org/crawl; mailto:archive@example.org)"
[scope]
hosts = ["*.ncbi.nlm.nih.gov"]
max_depth = 12
[politeness]
delay = "2ms"
retry_delay = "10ms"
after_crash = "50ms"
retries = 0
[network]
proxy = "http://127.0.0.1:{port}"
"""


class DemoSite:
    def __init__(self, program, articles):
        self.process = subprocess.Popen([program, "--articles", str(articles), "--port", "0"], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)", line)
        if not found:
            sys.exit(f"demo site did not say its port: {line!r}")
        self.port = int(found.group(1))

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


class Archive:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.run("init", folder, archive=False)

    def run(self, *arguments, archive=True, ok=(0,)):
        command = [self.program] + (["-C", self.folder] if archive else []) + list(arguments)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in ok:
            sys.exit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr}")
        return done

    def crawl(self, config, kill_after=None):
        """Events of one crawl; killed -9 right after the event number `kill_after` was read."""
        process = subprocess.Popen([self.program, "-C", self.folder, "crawl", "--config", config, "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        events, captured = [], 0
        for line in process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                break                       # the line that the kill cut: never acknowledged
            events.append(event)
            captured += event["event"] == "captured"
            if kill_after is not None and captured >= kill_after:
                os.kill(process.pid, signal.SIGKILL)
                kill_after = None
        errors = process.stderr.read()
        return events, process.wait(), errors

    def log(self, url):
        return [json.loads(line) for line in self.run("log", url, "--json").stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    parser.add_argument("--demo-site", required=True)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    faults = []

    with tempfile.TemporaryDirectory(prefix="vellum-kill-") as folder:
        site = DemoSite(options.demo_site, options.articles)
        try:
            config = os.path.join(folder, "crawl.toml")
            with open(config, "w") as file:
                file.write(CONFIG.format(port=site.port))

            whole = Archive(options.vellum, os.path.join(folder, "whole"))
            events, code, errors = whole.crawl(config)
            total = sum(e["event"] == "captured" for e in events)
            pages = {e["url"] for e in events if e["event"] == "captured" and e["role"] == "page"}
            if code not in (0, 1) or total == 0:
                sys.exit(f"the undisturbed crawl failed: exit {code}: {errors}")

            archive = Archive(options.vellum, os.path.join(folder, "killed"))
            acknowledged = []
            for kill in range(options.kills):
                step = max(1, (total - len(acknowledged)) // (options.kills - kill + 1))
                events, code, errors = archive.crawl(config, kill_after=dice.randint(1, 2 * step))
                if code != -signal.SIGKILL:
                    faults.append(f"crawl {kill} ended by itself with {code} before its kill: {errors}")
                acknowledged += [e for e in events if e["event"] == "captured"]
            events, code, errors = archive.crawl(config)
            acknowledged += [e for e in events if e["event"] == "captured"]
            if code not in (0, 1):
                faults.append(f"the last crawl ended with {code}: {errors}")
            summary = events[-1] if events else {}
            if summary.get("event") != "summary" or summary.get("state") != "finished" or not summary.get("resumed"):
                faults.append(f"the last crawl did not finish the run: {summary}")

            runs = {e["run"] for e in acknowledged}
            if len(runs) != 1:
                faults.append(f"one run was expected, there are {runs}")
            by_url = collections.defaultdict(set)
            for event in acknowledged:
                by_url[event["url"]].add(event["digest"])
            for url, digests in by_url.items():
                rows = archive.log(url)
                missing = digests - {row["digest"] for row in rows if row["url"] == url}
                if missing:
                    faults.append(f"acknowledged and lost: {url} {missing}")
            for url in pages:
                rows = [row for row in archive.log(url) if row["url"] == url and row["run"] in runs]
                if len(rows) != 1:
                    faults.append(f"recorded {len(rows)} times in the run: {url}")
            check = archive.run("check", "--read-data", ok=(0, 1, 2, 3))
            if check.returncode != 0:
                faults.append(f"check --read-data: exit {check.returncode}: {check.stdout}{check.stderr}")
        finally:
            site.stop()

    for fault in faults:
        print(fault)
    print(f"{options.kills} kills, {len(acknowledged)} acknowledged captures of {len(by_url)} URLs, {len(pages)} pages, "
          f"{len(faults)} broken promises")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
