#!/usr/bin/env python3
"""A running crawl under command, and ended at awkward moments. usage: control_test.py --vellum PROGRAM [--only NAME]

The commands of `vellum frontier`, `status`, `pause` and `resume` are judged by what the asked hosts saw; hostile clients of
the socket by the crawl going on; /metrics by a parser of the format; SIGTERM by a clean end within five seconds.
"""
import argparse
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request

from host_server import Hosts
from kill_hosts import Server

CONFIG = """
seeds = [{seeds}]
user_agent = "Vellum-test/1.0 (+https://example.org/crawl)"
[scope]
max_depth = 1000
[politeness]
delay = "{delay}"
retry_delay = "10ms"
after_crash = "10ms"
[network]
proxy = "http://127.0.0.1:{port}"
[schedule]
every = "7d"
"""


class Failed(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failed(text)


class Quiet(Hosts):
    """Hosts that never throttle."""

    def answer(self, host, path):
        url = host + path
        self.refused[url] = 2
        return super().answer(host, path)


class Scene:
    def __init__(self, vellum, folder, delay="20ms", groups=5, pages=4000, name="archive"):
        self.vellum = vellum
        self.archive = os.path.join(folder, name)
        self.hosts = Quiet(1, groups=groups, hosts_per_group=1, pages=pages)
        Server(self.hosts)
        self.config = os.path.join(folder, "crawl.toml")
        seeds = ", ".join(f'"http://{host}/"' for host in self.hosts.names())
        with open(self.config, "w") as file:
            file.write(CONFIG.format(seeds=seeds, delay=delay, port=self.hosts.port))
        subprocess.run([vellum, "init", self.archive], check=True, capture_output=True)
        self.process, self.errors = None, open(os.path.join(folder, "stderr"), "w+")

    def start(self, verb="serve", wait=5):
        more = ["--listen", "127.0.0.1:0"] if verb == "serve" else []
        self.errors.seek(0)
        self.errors.truncate()
        before = len(self.hosts.log)
        self.process = subprocess.Popen([self.vellum, "-C", self.archive, verb, "--config", self.config] + more,
                                        stdout=subprocess.DEVNULL, stderr=self.errors)
        self.until(lambda: len(self.hosts.log) >= before + wait, "the crawl did not begin")

    def until(self, done, complaint, seconds=20):
        deadline = time.time() + seconds
        while not done():
            if time.time() > deadline or (self.process and self.process.poll() is not None):
                self.errors.seek(0)
                raise Failed(f"{complaint}: {self.errors.read()[-500:]}")
            time.sleep(0.02)

    def stop(self):
        """SIGTERM; the seconds that it took."""
        began = time.time()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        took = time.time() - began
        expect(code in (0, 1, 4), f"ended with {code}")
        expect(took < 5, f"took {took:.1f} s to end")
        expect(not os.path.exists(os.path.join(self.archive, "control.sock")), "left its socket behind")
        return took

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def run(self, *words, code=0):
        result = subprocess.run([self.vellum, "-C", self.archive, "--json", *words], capture_output=True, text=True, timeout=60)
        expect(result.returncode == code, f"{' '.join(words)} ended with {result.returncode}: {result.stderr}")
        return [json.loads(line) for line in result.stdout.splitlines()] if code == 0 else result.stderr

    def status(self):
        return self.run("status")[0]

    def address(self):
        self.errors.seek(0)
        return re.search(r"/metrics at (http://\S+/)", self.errors.read()).group(1)

    def get(self, path):
        with urllib.request.urlopen(self.address() + path, timeout=10) as answer:
            return answer.headers, answer.read().decode()

    def client(self):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(10)
        client.connect(os.path.join(self.archive, "control.sock"))
        return client

    def asked(self, group=None, seconds=0.6):
        """Requests that arrive while we look, those under way now left out."""
        time.sleep(0.15)
        before = len(self.hosts.log)
        time.sleep(seconds)
        return sum(group is None or entry["host"].endswith(group) for entry in self.hosts.log[before:])


def pauses_and_resumes(scene):
    scene.start("crawl")
    expect(scene.asked() > 3, "the crawl asks nothing")
    expect(scene.status()["state"] == "crawling", "does not say that it crawls")
    scene.run("pause", "--reason", "a test")
    expect(scene.asked() == 0, "asks while it is paused")
    expect(scene.status()["pause"]["reason"] == "a test", "does not say why it is paused")
    expect(scene.stop() < 5, "")
    expect(scene.status()["state"] == "paused", "the pause did not outlast the program")
    before = len(scene.hosts.log)
    scene.start("crawl", wait=0)
    expect(scene.asked(seconds=1) == 0 and len(scene.hosts.log) == before, "a pause is forgotten by the next start")
    scene.run("resume")
    scene.until(lambda: len(scene.hosts.log) > before + 3, "does not go on")
    scene.stop()


def holds_groups_over_a_kill(scene):
    scene.start()
    scene.run("frontier", "hold", "h00.g03.test", "--reason", "asked by mail")
    expect(scene.asked("g03.test") == 0, "a held group is asked")
    expect(scene.asked("g01.test") > 0, "the others are not asked any more")
    scene.kill()
    scene.start()
    expect(scene.asked("g03.test") == 0, "a hold does not survive kill -9")
    expect(scene.status()["holds"][0]["group"] == "g03.test", "the hold is not in the status")
    scene.run("frontier", "resume", "g03.test")
    scene.until(lambda: any(e["host"].endswith("g03.test") for e in scene.hosts.log[-20:]), "does not go on")
    scene.stop()


def changes_the_pace(scene):
    scene.start()
    fast = scene.asked("g01.test", 1)
    scene.run("frontier", "rate", "g01.test", "--delay", "400ms")
    slow = scene.asked("g01.test", 1.5)
    expect(fast > 8 and slow <= 5, f"{fast} requests a second before, {slow} in 1.5 s with a delay of 0.4 s")
    scene.until(lambda: any(e["crawl_delay"] for e in scene.hosts.log), "no robots.txt with a Crawl-delay yet")
    complaint = scene.run("frontier", "rate", "h00.g04.test", "--delay", "10ms", code=1)
    expect("robots.txt asks for 250ms" in complaint, complaint)
    scene.stop()
    rates = scene.status()["rates"]
    expect(rates == [{"group": "g01.test", "delay": "0.4s"}], f"after the end the rates are {rates}")


def adds_and_drops(scene):
    scene.start()
    scene.until(lambda: len(scene.run("frontier", "ls", "--host", "h00.g02.test")) > 2, "nothing is queued")
    expect(scene.run("frontier", "add", "http://h00.g01.test/p/3999")[0]["added"], "was not added")
    scene.until(lambda: any(e["path"] == "/p/3999" for e in scene.hosts.log), "what was added is not fetched", 60)
    expect(not scene.run("frontier", "add", "http://h00.g01.test/p/3999")[0]["added"], "was added twice")
    scene.run("frontier", "hold", "g02.test", "--for", "1h", "--reason", "to look")
    queued = scene.run("frontier", "ls", "--group", "g02.test", "--limit", "0")
    expect(scene.run("frontier", "drop", queued[0]["url"], "--reason", "one")[0]["dropped"] == 1, "dropped other than one")
    expect(scene.run("frontier", "drop", "--host", "h00.g02.test", "--reason", "no")[0]["dropped"] == len(queued) - 1, "dropped wrong")
    expect(scene.run("frontier", "ls", "--group", "g02.test") == [], "still queued")
    expect("dropped: no" in scene.run("explain", queued[1]["url"])[0]["answer"], "explain does not tell of it")
    scene.stop()
    complaint = scene.run("frontier", "drop", "--host", "h00.g01.test", code=2)
    expect("--reason" in complaint, complaint)
    expect(scene.run("frontier", "drop", "--prefix", "http://h00.g01.test/p/", "--reason", "at rest")[0]["dropped"] > 0, "")


def bears_hostile_clients(scene):
    scene.start("crawl")
    mode = stat.S_IMODE(os.stat(os.path.join(scene.archive, "control.sock")).st_mode)
    expect(mode == 0o600, f"the socket's mode is {mode:o}")
    half = scene.client()
    half.sendall(b'{"verb":"sta')
    for bad in (b"\n", b"[]\n", b"nonsense\n", b'{"verb":"fly"}\n', b'{"verb":"hold","group":7}\n', b"\xff\x00\xfe\n",
                b'{"verb":"add","urls":"x"}\n', b'{"verb":"add","urls":["ftp://x/"]}\n', b'{"verb":"hold","group":"*","reason":"x"}\n',
                b'{"verb":"drop","reason":"x"}\n', b'{"verb":"status","x":1}\n', b"[" * 60000 + b"\n",
                b'{"verb":"rate","group":"a.test","delay":"-5s"}\n', b'{"verb":"add","urls":["http://a.test/"],"depth":1e30}\n'):
        client = scene.client()
        client.sendall(bad + b'{"verb":"status"}\n')
        answer = client.makefile("r")
        first, second = json.loads(answer.readline()), json.loads(answer.readline())
        expect("error" in first and "row" in second, f"{bad[:40]} was answered with {str(first)[:200]}")
        client.close()
    long = scene.client()
    try:
        long.sendall(b"x" * 200000)
        answer = long.makefile().readline()
    except (BrokenPipeError, ConnectionResetError):
        answer = '{"error"'
    expect("error" in answer, "a line without an end gets no answer")
    crowd = [scene.client() for _ in range(40)]
    for client in crowd:
        client.close()
    half.sendall(b'tus"}\n')
    expect("row" in half.makefile().readline(), "half a message was lost")
    expect(scene.asked() > 3, "the crawl was disturbed")
    scene.kill()
    expect(os.path.exists(os.path.join(scene.archive, "control.sock")), "kill -9 cleans up?")
    scene.start("crawl")
    expect(scene.status()["state"] == "crawling", "a dead program's socket is in the way")
    scene.stop()


SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"\})? (\S+)')


def parse_metrics(text):
    """Text format 0.0.4, strictly: each family once, HELP and TYPE before its samples."""
    values, types, helped, family = {}, {}, set(), None
    expect(text.endswith("\n"), "no line feed at the end")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split(" ", 3)[2]
            expect(family not in helped and line.split(" ", 3)[3], f"HELP of {family} twice or empty")
            helped.add(family)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            expect(name == family and name not in types and kind in ("counter", "gauge"), line)
            types[name] = kind
        else:
            found = SAMPLE.fullmatch(line)
            expect(found and found.group(1) == family and family in types, f"bad sample {line}")
            expect((types[family] == "counter") == family.endswith("_total"), f"{family} is named like another type")
            expect(line.split(" ")[0] not in values, f"{line} twice")
            values[found.group(1) + (found.group(2) or "")] = float(found.group(3))
    return values


def serves_pages_and_metrics(scene):
    scene.start()
    scene.until(lambda: scene.status().get("captures", 0) > 5, "captures nothing")
    headers, text = scene.get("metrics")
    expect(headers["Content-Type"].startswith("text/plain; version=0.0.4"), headers["Content-Type"])
    first = parse_metrics(text)
    expect(first["vellum_crawling"] == 1 and first['vellum_captures_total{role="page"}'] > 0, text)
    headers, page = scene.get("status")
    expect("crawling" in page and "http://" not in re.sub(r"http://h0\S*|http://127\S*", "", page), "the status page names other hosts")
    scene.get("web/2/http://h00.g01.test/")
    time.sleep(0.5)
    second = parse_metrics(scene.get("metrics")[1])
    expect(all(second[name] >= value for name, value in first.items() if "_total" in name), "a counter went down")
    expect(second['vellum_captures_total{role="page"}'] > first['vellum_captures_total{role="page"}'], "does not count")
    scene.stop()


PLUGIN = """
format = 1
id = "test.g01"
label = "Test"
version = {version}
[match]
hosts = ["*.g01.test"]
[[page]]
kind = "{kind}"
path = '^/'
[page.fields]
title = {{ css = "title" }}
"""


def takes_changed_plugins(scene):
    scene.start()
    folder = os.path.join(scene.archive, "plugins", "test.g01")
    os.makedirs(folder)
    with open(os.path.join(folder, "plugin.toml"), "w") as file:
        file.write("format = 1\nid = nonsense\n")
    scene.until(lambda: "plugin.toml:2" in scene.status().get("plugin_fault", ""), "a bad plugin is not told of")
    expect(scene.asked() > 3, "a bad plugin stops the crawl")
    os.remove(os.path.join(folder, "plugin.toml"))
    scene.until(lambda: "plugin_fault" not in scene.status(), "the fault stays")
    scene.stop()


def ends_at_any_moment(scene):
    """Each moment: how the crawl stands when SIGTERM comes."""
    idle = lambda: None
    clients = []

    def connected():
        for i in range(8):
            clients.append(scene.client())
            clients[-1].sendall(b'{"verb":"sta' if i % 2 else b'{"verb":"status"}\n' * 50)

    def replaying():
        address = scene.address().split("/")[2].split(":")
        for i in range(8):
            clients.append(socket.create_connection((address[0], int(address[1]))))
            clients[-1].sendall(b"GET /web/2/http://h00.g01.test/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + (b"\r\n" if i % 2 else b""))

    moments = [
        ("just started", "serve", lambda: None), ("crawling", "crawl", lambda: time.sleep(0.4)),
        ("clients connected", "serve", connected), ("replaying", "serve", replaying),
        ("in a hold", "serve", lambda: scene.run("frontier", "hold", "g01.test", "--reason", "x")),
        ("paused", "crawl", lambda: scene.run("pause")),
        ("paused, serving", "serve", replaying), ("paused, with clients", "serve", connected),
        ("resumed a moment ago", "crawl", lambda: scene.run("resume")),
    ]
    slowest = 0
    for name, verb, prepare in moments:
        try:
            scene.start(verb, wait=0)
            scene.until(lambda: os.path.exists(os.path.join(scene.archive, "control.sock")), "no socket")
            if verb == "serve":
                scene.until(lambda: "/metrics at" in open(scene.errors.name).read(), "no pages")
            prepare()
            slowest = max(slowest, scene.stop())
        except (Failed, subprocess.TimeoutExpired) as fault:
            raise Failed(f"{name}: {fault}")
        finally:
            scene.kill()
    report = subprocess.run([scene.vellum, "-C", scene.archive, "check"], capture_output=True, text=True)
    expect(report.returncode == 0, report.stdout + report.stderr)
    return f"{len(moments)} moments, the slowest end took {slowest:.2f} s"


def leaves_reports(scene):
    hostile = '<script>alert(1)</script>"&'
    scene.start("crawl")
    scene.until(lambda: scene.run("frontier", "ls", "--group", "g03.test"), "nothing is queued")
    for group in (1, 2, 3, 4):
        scene.run("frontier", "hold", f"g0{group}.test", "--reason", "x")
        scene.run("frontier", "drop", "--host", f"h00.g0{group}.test", "--reason", hostile)
    scene.run("frontier", "drop", "--host", "h00.g00.test", "--reason", "enough")
    scene.until(lambda: scene.status()["queue"]["queued"] < 5, "the queue does not empty")
    for _ in range(200):
        if scene.process.poll() is not None:
            break
        queued = [row["url"] for row in scene.run("frontier", "ls", "--limit", "0")]
        for url in queued:
            scene.run("frontier", "drop", url, "--reason", "enough")
        time.sleep(0.05)
    expect(scene.process.wait(timeout=20) == 0, "did not end")
    with open(os.path.join(scene.archive, "reports", "1.json")) as file:
        report = json.load(file)
    with open(os.path.join(scene.archive, "reports", "1.html")) as file:
        page = file.read()
    held = scene.run("stats")[0]
    expect(report["schema"] == "vellum.report/1" and report["state"] == "finished", str(report)[:200])
    expect(report["totals"]["captures"] == held["captures"], f"{report['totals']} of {held}")
    expect(report["totals"]["bytes"] == held["raw_bytes"] and report["totals"]["stored_bytes"] > 0, str(report["totals"]))
    for key in ("statuses", "types", "roles"):
        expect(sum(row["count"] for row in report[key]) == held["captures"], f"{key} do not add up")
    expect(sum(host["captures"] for host in report["hosts"]) == held["captures"], "hosts do not add up")
    steps = report["timeline"]["steps"]
    expect(sum(step["pages"] + step["others"] for step in steps) == held["captures"], "the time line does not add up")
    expect(any(row["rule"] == "dropped: " + hostile for row in report["skips"]), "a reason is missing")
    expect("<script" not in page and "alert(1)" in page and "<svg" in page, "the page does not escape")
    expect(not re.search(r'(src|href)="(?!#)|url\(|@import', page), "the page asks for something outside")
    again = scene.run("report", "1")[0]
    expect(again == report, "made again, it is another")
    expect("no run 7" in scene.run("report", "7", code=1), "a run that is not there")


def works_under_a_long_path(scene):
    scene.start("crawl")
    expect(scene.status()["state"] == "crawling", "the socket is not found")
    scene.stop()


CASES = [pauses_and_resumes, holds_groups_over_a_kill, changes_the_pace, adds_and_drops, bears_hostile_clients,
         serves_pages_and_metrics, takes_changed_plugins, leaves_reports, ends_at_any_moment, works_under_a_long_path]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    faults = 0
    for case in CASES:
        if options.only not in case.__name__:
            continue
        with tempfile.TemporaryDirectory(prefix="vellum-control-") as folder:
            name = "/".join(["archive-with-a-long-name"] * 6) if case is works_under_a_long_path else "archive"
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            scene = Scene(options.vellum, folder, name=name)
            began = time.time()
            try:
                note = case(scene) or ""
                print(f"ok    {case.__name__} {time.time() - began:.1f} s {note}", flush=True)
            except (Failed, subprocess.TimeoutExpired, OSError) as fault:
                faults += 1
                print(f"FAULT {case.__name__}: {fault}", flush=True)
            finally:
                scene.kill()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
