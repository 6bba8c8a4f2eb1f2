#!/usr/bin/env python3
"""`vellum serve` as systemd sees it. usage: serve_test.py --vellum PROGRAM

It says READY, makes the run that is due, feeds the watchdog, names the next run, and stops within five seconds of SIGTERM.
"""
import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from host_server import Hosts
from kill_hosts import Server

CONFIG = """
seeds = ["http://h00.g03.test/"]
user_agent = "Vellum-test/1.0 (+https://example.org/crawl)"
[scope]
max_depth = 30
[politeness]
delay = "1ms"
retry_delay = "10ms"
[network]
proxy = "http://127.0.0.1:{port}"
[schedule]
every = "{every}"
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    vellum = parser.parse_args().vellum
    faults = []
    with tempfile.TemporaryDirectory(prefix="vellum-serve-") as folder:
        hosts = Hosts(1, groups=4, hosts_per_group=1, pages=5)
        Server(hosts)
        archive, config = os.path.join(folder, "archive"), os.path.join(folder, "crawl.toml")
        with open(config, "w") as file:
            file.write(CONFIG.format(port=hosts.port, every="7d"))
        subprocess.run([vellum, "init", archive], check=True, capture_output=True)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(os.path.join(folder, "notify"))
        notify.settimeout(60)
        environment = dict(os.environ, NOTIFY_SOCKET=os.path.join(folder, "notify"), WATCHDOG_USEC="1000000")
        process = subprocess.Popen([vellum, "-C", archive, "serve", "--config", config, "--listen", "none", "--json"], env=environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said = []
        deadline = time.time() + 60
        while time.time() < deadline and sum("next run" in line for line in said) < 2:
            said.append(notify.recv(4096).decode())
        since = len(said)
        while time.time() < deadline and "WATCHDOG=1" not in said[since:]:
            said.append(notify.recv(4096).decode())
        process.send_signal(signal.SIGTERM)
        began = time.time()
        out, errors = process.communicate(timeout=30)
        took = time.time() - began
        notify.setblocking(False)
        try:
            while True:
                said.append(notify.recv(4096).decode())
        except BlockingIOError:
            pass
        events = [json.loads(line) for line in out.splitlines()]
        pages = [event for event in events if event["event"] == "captured" and event["role"] == "page"]
        if said[0] != "READY=1" or said[-1] != "STOPPING=1":
            faults.append(f"said {said[0]} first and {said[-1]} last")
        if "WATCHDOG=1" not in said[since:]:
            faults.append("did not feed the watchdog while it waited")
        if len(pages) != 5:
            faults.append(f"captured {len(pages)} of 5 pages: {errors}")
        if sum(event["event"] == "summary" for event in events) != 1:
            faults.append("made other than one run")
        if process.returncode != 0 or took > 5:
            faults.append(f"stopped with {process.returncode} after {took:.1f} s: {errors}")
    for fault in faults:
        print(fault)
    print(f"{len(said)} notifications, {len(pages)} pages, stopped in {took:.2f} s, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
