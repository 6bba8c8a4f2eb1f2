#!/usr/bin/env python3
"""A small site is crawled and exported; ReplayWeb.page in headless Chromium plays the WACZ file, and wget takes the CDX.

usage: replayweb_test.py VELLUM [SCREENSHOT]

The site lives behind a proxy of this program, under names that nothing resolves: what is played can only come from the
archive. Exits 77 (skipped) with a message where Chromium, wget, node or the packages of package-lock.json are missing.
"""

import http.server
import json
import pathlib
import re
import shutil
import struct
import sys
import tempfile
import threading
import zipfile
import zlib

from interop_test import HERE, need_packages, run, skip


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(b"\0" + b"\x20\x60\xa0" * 2 + b"\0" + b"\xa0\x60\x20" * 2)) + chunk(b"IEND", b""))


PAGE = """<!doctype html><html><head><title>{title}</title><link rel=stylesheet href="/style.css"></head>
<body><h1>{title}</h1><p>{text}</p><img src="/figure.png" alt=""><img src="http://elsewhere.test/spy.png" alt="">
<a href="{link}">onward</a><script src="http://elsewhere.test/spy.js"></script></body></html>"""
SITE = {
    "/": ("text/html; charset=utf-8", PAGE.format(title="First", text="Zellul\u00e4re Seneszenz", link="/second?a=1").encode()),
    "/second?a=1": ("text/html; charset=utf-8", PAGE.format(title="Second", text="A page with a query", link="/").encode()),
    "/style.css": ("text/css", b"body { color: rgb(12, 34, 56) }"),
    "/figure.png": ("image/png", png()),
}
EXPECTED = [
    {"url": "http://site.test/", "text": "Zellul\u00e4re Seneszenz", "images": 1, "color": "rgb(12, 34, 56)",
     "then": "http://site.test/second?a=1"},
    {"url": "http://site.test/second?a=1", "text": "A page with a query", "images": 1, "color": "rgb(12, 34, 56)"},
]


class Site(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        path = self.path.removeprefix("http://site.test")
        Site.asked.append(self.path)
        kind, body = SITE.get(path, ("text/plain", b"not here")) if path != self.path else ("text/plain", b"not here")
        self.send_response(200 if path in SITE else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def crawl_and_export(vellum, folder, proxy):
    config = folder / "crawl.toml"
    config.write_text(f"""seeds = ["http://site.test/"]
user_agent = "Vellum-interop/1.0 (+https://example.org/)"
[scope]
hosts = ["site.test"]
[politeness]
delay = "0s"
[network]
proxy = "{proxy}"
""")
    archive = folder / "archive"
    run(vellum, "init", archive)
    run(vellum, "-C", archive, "crawl", "--config", config, codes=(0, 1))
    run(vellum, "-C", archive, "export", "--format", "wacz", "-o", folder / "site.wacz", "--sign", folder / "key.pem")
    run(vellum, "-C", archive, "export", "--format", "cdx", "-o", folder / "site.cdx")


def signature_holds(folder):
    with zipfile.ZipFile(folder / "site.wacz") as package:
        names = [package.extract(name, folder) for name in ("datapackage-digest.json", "datapackage.json")]
    run("node", HERE / "judge_signature.mjs", *names)
    print("signature holds by Web Cryptography")


def wget_finds_everything_known(folder, proxy):
    """wget stores a revisit for every payload that the CDX file already has: same URL and same SHA-1."""
    urls = ["http://site.test" + path for path in SITE]
    run("wget", "-q", "-e", f"http_proxy={proxy}", "--warc-file", folder / "again", "--warc-dedup", folder / "site.cdx",
        "--no-warc-compression", "-O", folder / "out", *urls)
    warc = (folder / "again.warc").read_bytes()
    revisits = set(re.findall(rb"WARC-Type: revisit\r\n(?:[^\r\n]+\r\n)*?WARC-Target-URI: <?([^>\r\n]+)", warc))
    assert revisits == {url.encode() for url in urls}, revisits
    print(f"wget --warc-dedup: {len(revisits)} of {len(urls)} known by our CDX")


def main():
    vellum = pathlib.Path(sys.argv[1]).resolve()
    chromium = shutil.which("chromium")
    if not chromium or not shutil.which("wget"):
        skip("chromium and wget are not installed")
    need_packages()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        crawl_and_export(vellum, folder, proxy)
        signature_holds(folder)
        wget_finds_everything_known(folder, proxy)
        asked = len(Site.asked)
        (folder / "expected.json").write_text(json.dumps(EXPECTED))
        run("node", HERE / "replayweb.mjs", chromium, folder / "site.wacz", folder / "expected.json", *sys.argv[2:])
        assert len(Site.asked) == asked, "the site was asked while its archive was played"
    print("replay holds")


if __name__ == "__main__":
    main()
