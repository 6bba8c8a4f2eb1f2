#!/usr/bin/env python3
"""A crawl onto a file system that fills up, then goes on once there is room.

usage: full_disk.py --vellum PROGRAM --demo-site PROGRAM [--rounds 3] [--seed 1]

Each round mounts a small tmpfs of a random size, crawls until it is full, and asserts: the crawl ends by itself with exit
status 1 and one message that names the cause; on the full disk everything that was acknowledged is there and `vellum
check --read-data` is clean; with room again the same run is finished. Prints its counts; exit status 1 on a broken
promise, 77 where mounting is not allowed.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

from kill_crawl import CONFIG, Archive, DemoSite

MIB = 1024 * 1024


class SmallDisk:
    def __init__(self, folder, size):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"skipped: no file system can be mounted here: {done.stderr.strip()}")
            sys.exit(77)

    def enlarge(self):
        subprocess.run(["mount", "-o", "remount,size=1g", self.folder], check=True)

    def unmount(self):
        subprocess.run(["umount", self.folder], check=True)


def captured(events):
    return [event for event in events if event["event"] == "captured"]


def lost(archive, acknowledged):
    """What was acknowledged and is not there: every URL by one listing, the last captures, which are at risk, by digest."""
    listing = archive.run("export", "--format", "cdxj", "--even-noarchive", "-o", "-").stdout.splitlines()
    listed = {json.loads(line.split(" ", 2)[2])["url"] for line in listing}
    for event in acknowledged:
        if event["url"] not in listed:
            yield f"acknowledged and lost: {event['url']}"
    for event in acknowledged[-20:]:
        if event["digest"] not in {row["digest"] for row in archive.log(event["url"])}:
            yield f"acknowledged and lost: {event['url']} {event['digest']}"


def unclean(archive, when):
    check = archive.run("check", "--read-data", ok=(0, 1, 2, 3))
    return [] if check.returncode == 0 else [f"check {when}: exit {check.returncode}: {check.stdout}{check.stderr}"]


def fill_and_go_on(program, config, disk):
    """Faults of one round, and how many captures were acknowledged before the disk was full."""
    archive = Archive(program, os.path.join(disk.folder, "archive"))
    events, code, errors = archive.crawl(config)
    acknowledged = captured(events)
    faults = []
    if code != 1 or "No space left on device" not in errors:
        faults.append(f"the crawl onto a full disk ended with {code}: {errors}")
    if events and events[-1]["event"] == "summary" and events[-1]["state"] == "finished":
        faults.append("a crawl onto a full disk says that it is finished")
    faults += list(lost(archive, acknowledged)) + unclean(archive, "on the full disk")
    disk.enlarge()
    events, code, errors = archive.crawl(config)
    if code not in (0, 1) or not events or events[-1].get("state") != "finished" or not events[-1].get("resumed"):
        faults.append(f"with room again the run was not finished: exit {code}, {events[-1:]}: {errors}")
    return faults + list(lost(archive, acknowledged + captured(events))) + unclean(archive, "at the end"), len(acknowledged)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vellum", required=True)
    parser.add_argument("--demo-site", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    faults, before = [], []

    with tempfile.TemporaryDirectory(prefix="vellum-full-") as folder:
        site = DemoSite(options.demo_site, 60)
        config = os.path.join(folder, "crawl.toml")
        with open(config, "w") as file:
            file.write(CONFIG.format(port=site.port))
        try:
            for number in range(options.rounds):
                disk = SmallDisk(os.path.join(folder, f"disk{number}"), dice.randint(1 * MIB, 4 * MIB))
                try:
                    found, acknowledged = fill_and_go_on(options.vellum, config, disk)
                finally:
                    disk.unmount()
                faults += [f"round {number}: {fault}" for fault in found]
                before.append(acknowledged)
        finally:
            site.stop()

    for fault in faults:
        print(fault)
    print(f"{options.rounds} full disks, {sum(before)} captures acknowledged before they were full ({before}), "
          f"{len(faults)} broken promises")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
