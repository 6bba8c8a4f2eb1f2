#!/usr/bin/env python3
"""What a store of recaptured pages takes, measured through the program itself.

  series.py VELLUM series FOLDER   each sub-folder of FOLDER is one page, its files the captures in order of their names
  series.py VELLUM recaptures      six made-up articles, 30 captures each: new tokens every time, drifting lists

Prints one line a figure and compares it with what the store promises; exit code 1 if it is not kept. Needs the `zstd`
program for the solid bound."""

import datetime
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

START = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


class Archive:
    def __init__(self, vellum, folder):
        self.vellum, self.folder = vellum, folder
        run(vellum, "init", folder)

    def __call__(self, *words):
        return run(self.vellum, "-C", self.folder, *words)

    def stored(self):
        return json.loads(self("stats", "--json"))["stored_bytes"]


def time_of(n):
    return (START + datetime.timedelta(days=n)).strftime("%Y-%m-%dT%H:%M:%SZ")


def solid(payloads):
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"".join(payloads))
        file.flush()
        packed = subprocess.run(["zstd", "-19", "--long=27", "-c", "-q", file.name], stdout=subprocess.PIPE, check=True)
        return len(packed.stdout)


failures = 0


def promise(what, value, limit, at_least=False):
    global failures
    kept = value >= limit if at_least else value <= limit
    failures += not kept
    print(f"{what}: {value:.3f} (promised: {'at least' if at_least else 'at most'} {limit}){'' if kept else '  NOT KEPT'}")


def series(vellum, root, scratch):
    archive = Archive(vellum, os.path.join(scratch, "archive"))
    payloads = []
    for n, page in enumerate(sorted(entry.name for entry in os.scandir(root) if entry.is_dir())):
        files = sorted(name for name in os.listdir(os.path.join(root, page)) if not name.startswith("."))
        for version, name in enumerate(files):
            path = os.path.join(root, page, name)
            payloads.append(open(path, "rb").read())
            url = f"https://site{n}.example/{page}"
            archive("import", "--page", path, "--url", url, "--at", time_of(version))
    bound = solid(payloads)
    records = sum(len(gzip.compress(payload, 6, mtime=0)) for payload in payloads)
    print(f"{len(payloads)} captures, {sum(map(len, payloads))} bytes, solid {bound}, gzip a record {records}")
    online = archive.stored()
    archive("repack")
    packed = archive.stored()
    archive("check", "--read-data")
    print(f"stored online {online}, repacked {packed}")
    promise("online against solid", online / bound, 1.8)
    promise("repacked against solid", packed / bound, 1.08)
    promise("gzip records against repacked", records / packed, 3, at_least=True)


# --- made-up recaptures --------------------------------------------------------------------------------------------


class Article:
    """An article page: its text stays, tokens are new each time, lists of related articles and citations drift."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        words = ["".join(self.random.choice("abcdefghilmnoprstuv") for _ in range(self.random.randint(2, 11)))
                 for _ in range(3000)]
        self.words = sorted(words, key=len)
        self.body = "".join(f'<p id="p{i}">{self.text(60)}</p>\n' for i in range(500))
        self.references = "".join(
            f'<li id="R{i}"><cite>{self.text(18)}</cite> <a href="https://doi.org/10.1000/{self.token(8)}">doi</a></li>\n'
            for i in range(150))
        self.related = [self.item() for _ in range(20)]
        self.cited = [self.item() for _ in range(10)]
        self.version = 0

    def text(self, count):
        return " ".join(self.words[int(3000 * self.random.random() ** 3)] for _ in range(count)).capitalize() + "."

    def token(self, length):
        return "".join(self.random.choice("0123456789ABCDEFabcdef") for _ in range(length))

    def item(self):
        return f'<li><a href="/articles/PMC{self.random.randrange(10**7)}/">{self.text(9)}</a></li>\n'

    def capture(self, n):
        if n > 0:
            self.related = [self.item() if self.random.random() < 0.35 else item for item in self.related]
            if self.random.random() < 0.35:
                self.cited.insert(0, self.item())
            self.version += n % 10 == 0
        assets = "".join(f'<script src="/static/{name}.js?v={self.version}"></script>\n' for name in ("a", "b", "c", "d"))
        return (f'<!doctype html><html><head><meta name="ncbi_phid" content="{self.token(32)}">\n{assets}</head><body>\n'
                f'<form><input type="hidden" name="csrfmiddlewaretoken" value="{self.token(64)}"></form>\n'
                f"{self.body}<ol>{self.references}</ol><ul>{''.join(self.related)}</ul><ul>{''.join(self.cited)}</ul>"
                f"</body></html>\n").encode()


def warc_record(url, date, payload, serial):
    http = (f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(payload)}\r\n"
            f"Set-Cookie: ncbi_sid={serial:032X}\r\n\r\n").encode() + payload
    head = (f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{serial:012d}>\r\n"
            f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n").encode()
    return gzip.compress(head + http + b"\r\n\r\n", 6, mtime=0)


def recaptures(vellum, scratch):
    archive = Archive(vellum, os.path.join(scratch, "archive"))
    articles = [Article(seed) for seed in range(6)]
    path = os.path.join(scratch, "recaptures.warc.gz")
    with open(path, "wb") as warc:
        for n in range(30):
            for i, article in enumerate(articles):
                url = f"https://journal{i}.example/articles/{i}/"
                warc.write(warc_record(url, time_of(n), article.capture(n), n * 6 + i + 1))
    size = os.path.getsize(path)
    archive("import", path)
    online = archive.stored()
    archive("repack")
    packed = archive.stored()
    archive("check", "--read-data")
    print(f"180 captures: gzip WARC {size}, stored online {online} ({size / online:.1f} times smaller), repacked {packed}")
    promise("gzip WARC against repacked", size / packed, 20, at_least=True)


def main():
    words = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        if len(words) == 3 and words[1] == "series":
            series(words[0], words[2], scratch)
        elif len(words) == 2 and words[1] == "recaptures":
            recaptures(words[0], scratch)
        else:
            sys.exit(__doc__)
    sys.exit(1 if failures else 0)


main()
