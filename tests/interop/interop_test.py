#!/usr/bin/env python3
"""What Vellum exports, judged by programs that are not ours: npm warcio, and js-wacz' index of our WARC.

usage: interop_test.py VELLUM [FILE...]    FILE: WARC files to import; default: the corpus of tests/fuzz

Exits 77 (skipped) with a message where node, npm or the packages of package-lock.json are missing.
"""

import gzip
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def need_packages():
    if not shutil.which("node") or not shutil.which("npm"):
        skip("node and npm are not installed")
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    if all((HERE / "node_modules" / name).is_dir() for name in wanted):
        return
    made = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, capture_output=True)
    if made.returncode != 0:
        skip("`npm ci` in tests/interop did not get the packages")


def run(*command, codes=(0,)):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    print("$", " ".join(pathlib.Path(str(word)).name for word in command))
    print(done.stdout + done.stderr, end="")
    if done.returncode not in codes:
        sys.exit(f"exit code {done.returncode}")
    return done.stdout


def index_lines(text):
    lines = {}
    for line in text.splitlines():
        if line.startswith("!") or not line.strip():
            continue
        _, time, fields = line.split(" ", 2)
        fields = json.loads(fields)
        lines[int(fields["offset"])] = {"time": time, **fields}
    return lines


def check_wacz(file):
    """Every resource has its digest, and every index line the digest of its record."""
    with zipfile.ZipFile(file) as package:
        listing = json.loads(package.read("datapackage.json"))
        for resource in listing["resources"]:
            content = package.read(resource["path"])
            assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest(), resource
            assert resource["bytes"] == len(content), resource
        warc = package.read("archive/data.warc.gz")
        lines = index_lines(package.read("indexes/index.cdxj").decode())
        for offset, line in lines.items():
            record = warc[offset:offset + int(line["length"])]
            assert line["recordDigest"] == "sha256:" + hashlib.sha256(record).hexdigest(), line
        pages = package.read("pages/pages.jsonl").decode().splitlines()
        assert json.loads(pages[0])["format"] == "json-pages-1.0"
        assert all({"url", "ts"} <= set(json.loads(page)) for page in pages[1:])
        return lines, len(pages) - 1


def compare_with_js_wacz(warc, lines, folder):
    made = folder / "theirs.wacz"
    run("node", HERE / "node_modules/.bin/js-wacz", "create", "-f", warc, "-o", made)
    with zipfile.ZipFile(made) as package:
        names = [name for name in package.namelist() if name.startswith("indexes/") and "idx" not in name.rsplit(".", 1)[-1]]
        raw = package.read(names[0])
        theirs = index_lines((gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode())
    assert theirs, "js-wacz found nothing to index"
    for offset, line in theirs.items():
        if line.get("mime") in ("application/json", "application/warc-fields"):
            continue  # metadata, which is no answer to a request
        ours = lines.get(offset)
        assert ours, f"js-wacz has a record at {offset}, our index has none: {line}"
        for name in ("time", "url", "length", "digest"):
            said = str(line[name]).removeprefix("sha1:")  # js-wacz leaves the label out
            assert str(ours[name]).removeprefix("sha1:") == said, (name, ours, line)
    print(f"js-wacz: {len(theirs)} index lines agree")


def main():
    vellum = pathlib.Path(sys.argv[1]).resolve()
    need_packages()
    files = sys.argv[2:] or sorted((HERE / "../fuzz/corpus/warc").glob("*.warc*"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        archive = folder / "archive"
        run(vellum, "init", archive)
        run(vellum, "-C", archive, "import", *files, codes=(0, 1))
        for kind, file in [("warc", "x.warc.gz"), ("cdxj", "x.cdxj"), ("wacz", "x.wacz")]:
            run(vellum, "-C", archive, "export", "--format", kind, "-o", folder / file)
        run(vellum, "warc", "check", folder / "x.warc.gz")
        run("node", HERE / "judge.mjs", folder / "x.warc.gz", folder / "x.cdxj")
        check_wacz(folder / "x.wacz")
        lines = index_lines((folder / "x.cdxj").read_text())
        compare_with_js_wacz(folder / "x.warc.gz", lines, folder)
        print("interop holds")


if __name__ == "__main__":
    main()
