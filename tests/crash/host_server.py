"""Many hosts behind one HTTP proxy, in one process: pages, robots.txt, 429 and 503 by a seed, and a log of it all.

Hosts h00.g00.test, h01.g00.test ... Each politeness group has a few hosts; some groups have a Crawl-delay, and the groups
named in JOINED share one budget by a rule of the crawl's configuration. The log is what the judge reads: when each
request had arrived, when its answer had been handed to the network, and what the answer asked for.
"""
import asyncio
import random
import re
import time
from email.utils import formatdate

JOINED = ("g00.test", "g01.test", "g02.test")


class Hosts:
    def __init__(self, seed, groups=20, hosts_per_group=2, pages=50):
        self.dice = random.Random(seed)
        self.groups, self.hosts_per_group, self.pages = groups, hosts_per_group, pages
        self.log = []          # dicts: at, until, host, group, path, status, rest, crawl_delay
        self.refused = {}      # url -> how often it was throttled
        self.lags = []         # (when, seconds): the server itself was late, so its readings around then are
        self.port = 0

    def names(self):
        return [f"h{h:02}.g{g:02}.test" for g in range(self.groups) for h in range(self.hosts_per_group)]

    def budget(self, host):
        """The politeness group that `host` belongs to, as the configuration groups it."""
        domain = ".".join(host.split(".")[-2:])
        return "joined" if domain in JOINED else domain

    def crawl_delay(self, host):
        group = int(re.search(r"\.g(\d+)\.", host).group(1))
        return 0.25 if group % 5 == 4 else 0

    def page(self, host, number):
        links = [n for n in (2 * number + 1, 2 * number + 2) if n < self.pages]
        anchors = "".join(f'<a href="/p/{n}">page {n}</a> ' for n in links)
        words = random.Random(f"{host} {number}").choices("cell gene tumour senescence growth factor study".split(), k=60)
        return f"<!doctype html><title>{host} {number}</title><p>{' '.join(words)}</p>{anchors}".encode()

    def answer(self, host, path):
        """(status, header lines, body, seconds until which the group must rest)."""
        url = host + path
        times = self.refused.get(url, 0)
        if times < 2 and self.dice.random() < 0.04:
            self.refused[url] = times + 1
            kind = self.dice.choice(["seconds", "date", "none", "503"])
            if kind == "seconds":
                return 429, ["Retry-After: 1"], b"slow down", 1
            if kind == "date":
                until = int(time.time()) + 2
                return 429, [f"Retry-After: {formatdate(until, usegmt=True)}"], b"slow down", until - time.time()
            return (503 if kind == "503" else 429), [], b"busy", 0
        if path == "/robots.txt":
            delay = self.crawl_delay(host)
            text = "User-agent: *\nDisallow: /private\n" + (f"Crawl-delay: {delay}\n" if delay else "")
            return 200, ["Content-Type: text/plain"], text.encode(), 0
        found = re.fullmatch(r"/(?:p/(\d+))?", path)
        if not found or int(found.group(1) or 0) >= self.pages:
            return 404, ["Content-Type: text/html"], b"<title>none</title>", 0
        return 200, ["Content-Type: text/html"], self.page(host, int(found.group(1) or 0)), 0

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                at = time.time()
                host, path = re.match(rb"\w+ http://([^/ ]+)(\S*) ", head).groups()
                host, path = host.decode(), path.decode() or "/"
                status, lines, body, rest = self.answer(host, path)
                entry = {"at": at, "until": None, "host": host, "group": self.budget(host), "path": path, "status": status,
                         "rest": rest, "crawl_delay": self.crawl_delay(host) if path == "/robots.txt" and status == 200 else 0}
                self.log.append(entry)
                await asyncio.sleep(self.dice.uniform(0.001, 0.03))
                block = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"] + lines
                writer.write(("\r\n".join(block) + "\r\n\r\n").encode() + body)
                await writer.drain()
                entry["until"] = time.time()
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            pass
        finally:
            writer.close()

    async def watch_itself(self):
        while True:
            wanted = time.time() + 0.005
            await asyncio.sleep(0.005)
            if time.time() - wanted > 0.005:
                self.lags.append((time.time(), time.time() - wanted))

    async def start(self):
        self.watch = asyncio.create_task(self.watch_itself())
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server


def judge(log, kills, delay, slack, lags=()):
    """Broken manners, from the server's own log. `kills`: when the crawler was killed.

    1. Between two requests of a group, start to start: the delay, or the Crawl-delay that the group was told before.
    2. After a 429 with Retry-After: nothing of the group until then.
    `lags`: when the server's process was late, and by how much: a request that it read then had come earlier.
    An answer still on its way at a kill may be unknown to the crawler: until `slack` after it was handed to the network.
    """
    faults, counted = [], {"pairs": 0, "holds": 0, "excepted": 0}
    by_group = {}
    for entry in sorted(log, key=lambda e: e["at"]):
        by_group.setdefault(entry["group"], []).append(entry)

    def in_flight(entry):
        end = (entry["until"] or float("inf")) + slack
        return any(entry["at"] <= kill <= end for kill in kills)

    def late(entry):
        return max((lag for when, lag in lags if abs(when - entry["at"]) < 0.05), default=0)

    for group, entries in by_group.items():
        needed = delay
        held = (0, None)
        for before, after in zip([None] + entries, entries):
            if before is not None:
                counted["pairs"] += 1
                gap = after["at"] - before["at"]
                if before["crawl_delay"] and not in_flight(before):
                    needed = max(needed, before["crawl_delay"])
                if gap < needed - slack - late(before):
                    faults.append(f"{group}: {after['host']}{after['path']} came {gap * 1000:.0f} ms after "
                                  f"{before['host']}{before['path']}, {needed * 1000:.0f} ms were owed")
                if before["rest"]:
                    if in_flight(before):
                        counted["excepted"] += 1
                    else:
                        counted["holds"] += 1
                        held = max(held, (before["at"] + before["rest"], before))
            if held[1] is not None and after["at"] < held[0] - slack:
                faults.append(f"{group}: {after['host']}{after['path']} came {(held[0] - after['at']) * 1000:.0f} ms "
                              f"before the end of the Retry-After that {held[1]['host']}{held[1]['path']} brought")
    return faults, counted
