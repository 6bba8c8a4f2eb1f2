#!/usr/bin/env python3
"""kill -9 at seeded moments of a crawl of many hosts with delays, 429s and 503s; then on to the end.

usage: kill_hosts.py --vellum PROGRAM [--kills 50] [--seed 1] [--groups 20] [--pages 25] [--delay 60] [--longest 0.9]

Judged from the server's own log (host_server.py): no politeness group asked early, before a Retry-After ended or faster
than its Crawl-delay, across any number of kills. From the archive: every acknowledged capture is there, every page of
every host was captured, none twice in a run, `vellum check --read-data` is clean. A crawl that ends before its kills are
used up is followed by one into a new archive. Exit status 1 on any broken promise. The same seed gives the same
moments, not the same race.
"""
import argparse
import asyncio
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from host_server import JOINED, Hosts, judge

CONFIG = """
seeds = [{seeds}]
user_agent = "Vellum-test/1.0 (+https://example.org/crawl; mailto:archive@example.org)"
[scope]
hosts = ["*.test"]
max_depth = 30
[politeness]
delay = "{delay}ms"
after_crash = "250ms"
retries = 5
retry_delay = "150ms"
max_back_off = "1s"
[network]
proxy = "http://127.0.0.1:{port}"
[[site]]
hosts = [{joined}]
group = "joined"
delay = "{delay}ms"
"""


class Server:
    """The hosts, served from a thread of their own."""

    def __init__(self, hosts):
        self.hosts, ready = hosts, threading.Event()

        async def serve():
            await hosts.start()
            ready.set()
            await asyncio.Event().wait()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
        ready.wait(10)


class Round:
    """One archive, crawled to its end through as many kills as are left."""

    def __init__(self, options, folder, seed):
        self.options, self.folder = options, os.path.join(folder, f"archive-{seed}")
        self.hosts = Hosts(seed, options.groups, 2, options.pages)
        Server(self.hosts)
        self.config = self.folder + ".toml"
        with open(self.config, "w") as file:
            file.write(CONFIG.format(seeds=", ".join(f'"http://{name}/"' for name in self.hosts.names()), port=self.hosts.port,
                                     delay=options.delay, joined=", ".join(f'"*.{name}"' for name in JOINED)))
        self.kills, self.acknowledged, self.faults = [], [], []
        self.vellum("init", self.folder, archive=False)

    def vellum(self, *arguments, archive=True):
        command = [self.options.vellum] + (["-C", self.folder] if archive else []) + list(arguments)
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            self.faults.append(f"{' '.join(command)}: exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
        return done.stdout

    def crawl(self, kill_after):
        """True if it was killed before it ended."""
        process = subprocess.Popen([self.options.vellum, "-C", self.folder, "crawl", "--config", self.config, "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        killed = threading.Event()

        def kill():
            if process.poll() is None:
                killed.set()
                process.send_signal(signal.SIGKILL)
                self.kills.append(time.time())

        timer = threading.Timer(kill_after, kill) if kill_after is not None else None
        if timer:
            timer.start()
        last = {}
        for line in process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                break                     # the line that the kill cut
            if event["event"] == "captured":
                self.acknowledged.append(event)
            last = event
        errors, code = process.stderr.read(), process.wait()
        if timer:
            timer.cancel()
        if killed.is_set() and code == -signal.SIGKILL:
            return True
        if code not in (0, 1) or last.get("state") != "finished":
            self.faults.append(f"a crawl ended with exit {code}, {last}: {errors[-500:]}")
        return False

    def check(self):
        slack = self.options.slack / 1000
        faults, counted = judge(self.hosts.log, self.kills, self.options.delay / 1000, slack, self.hosts.lags)
        self.faults += faults
        rows = [json.loads(line) for line in self.vellum("ledger", "--json").splitlines()]
        captured = [row for row in rows if row["outcome"] == "captured"]
        pages = collections.Counter((row["run"], row["url"]) for row in captured if row["role"] == "page")
        self.faults += [f"captured {count} times in run {run}: {url}" for (run, url), count in pages.items() if count > 1]
        stored = {url for _, url in pages}
        self.faults += [f"acknowledged and lost: {event['url']}" for event in self.acknowledged
                        if event["role"] == "page" and event["url"] not in stored]
        wanted = {f"http://{name}/" + (f"p/{number}" if number else "") for name in self.hosts.names()
                  for number in range(self.options.pages)}
        self.faults += [f"never captured: {url}" for url in sorted(wanted - stored)]
        self.vellum("check", "--read-data")
        return counted, len(wanted)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--groups", type=int, default=20)
    parser.add_argument("--pages", type=int, default=25, help="of each host; there are two hosts a group")
    parser.add_argument("--delay", type=int, default=60, help="milliseconds")
    parser.add_argument("--longest", type=float, default=0.9, help="seconds that a crawl lives at most before its kill")
    parser.add_argument("--slack", type=float, default=25, help="milliseconds that the server's clock readings may be off")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    total, kills, faults, requests = collections.Counter(), 0, [], 0
    began = time.time()
    with tempfile.TemporaryDirectory(prefix="vellum-hosts-") as folder:
        seed = options.seed
        while kills < options.kills:
            at_work = Round(options, folder, seed)
            while kills < options.kills and at_work.crawl(dice.uniform(0.05, options.longest)):
                kills += 1
            if at_work.kills and kills == options.kills:
                at_work.crawl(None)
            counted, pages = at_work.check()
            total.update(counted)
            total["pages"] += pages
            requests += len(at_work.hosts.log)
            faults += [f"seed {seed}: {fault}" for fault in at_work.faults]
            seed += 1000
    for fault in faults[:40]:
        print(fault)
    print(f"{kills} kills in {time.time() - began:.0f} s, {total['pages']} pages, {requests} requests, {total['pairs']} gaps and "
          f"{total['holds']} Retry-Afters judged ({total['excepted']} on their way at a kill), {len(faults)} broken promises")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
