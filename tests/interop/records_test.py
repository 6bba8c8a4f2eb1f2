#!/usr/bin/env python3
"""What `vellum extract --format` writes, judged by parsers that are not ours: see judge_records.mjs; xmllint for JATS.

usage: records_test.py VELLUM

The pages of records/ are made up, for their odd names, dates and characters. Exits 77 (skipped) with a message where node,
npm, xmllint or the packages of package-lock.json are missing.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from interop_test import HERE, need_packages, run, skip

FORMATS = {"csl": "x.csl.json", "bibtex": "x.bib", "ris": "x.ris", "schema": "x.schema.json", "jats": "x.xml"}


def extract(vellum, archive, form, *which):
    done = subprocess.run([vellum, "-C", archive, "extract", *which, "--format", form], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def check_jats(file, titles):
    """Well-formed by libxml2, and the structure that JATS asks of front matter, in its order."""
    run("xmllint", "--noout", file)
    order = ["article-id", "title-group", "contrib-group", "pub-date", "volume", "issue", "isbn", "fpage", "lpage",
             "elocation-id", "history", "permissions", "self-uri", "abstract", "kwd-group"]
    articles = list(ElementTree.parse(file).getroot().iter("article"))
    assert len(articles) == len(titles), (len(articles), titles)
    for article in articles:
        meta = article.find("front/article-meta")
        places = [order.index(child.tag) for child in meta]
        assert places == sorted(places), [child.tag for child in meta]
        assert "".join(meta.find("title-group/article-title").itertext()).strip() in titles
    names = {"".join(collab.itertext()) for article in articles for collab in article.iter("collab")}
    assert "The Water and Life Study Group" in names, names
    print(f"xmllint: {len(articles)} articles")


def main():
    vellum = pathlib.Path(sys.argv[1]).resolve()
    need_packages()
    if not shutil.which("xmllint"):
        skip("xmllint (libxml2-utils) is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        archive = folder / "archive"
        run(vellum, "init", archive)
        for page in sorted((HERE / "records").iterdir()):
            run(vellum, "-C", archive, "import", "--page", page, "--url", f"https://example.org/{page.name}", "--at",
                "2024-01-01T00:00:00Z")
        records = extract(vellum, archive, "json", "--all")
        (folder / "records.ndjson").write_bytes(records)
        for form, file in FORMATS.items():
            (folder / file).write_bytes(extract(vellum, archive, form, "--all"))
        titles = [json.loads(line)["title"] for line in records.decode().splitlines()]
        check_jats(folder / "x.xml", titles)
        alone = folder / "alone.xml"
        alone.write_bytes(extract(vellum, archive, "jats", "https://example.org/group.xml"))
        check_jats(alone, [title for title in titles if title.startswith("H2O")])
        run("node", HERE / "judge_records.mjs", folder)
        print("interop of records holds")


if __name__ == "__main__":
    main()
