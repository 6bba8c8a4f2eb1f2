#!/usr/bin/env python3
"""The reading verbs of the program, end to end: init, import, cat, log, extract, links, stats, check, replay.

usage: verbs_test.py VELLUM_PROGRAM
"""
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

VELLUM = sys.argv.pop(1)
URL = "https://pubmed.ncbi.nlm.nih.gov/77/"
PAGE = b"""<!doctype html><html><head><title>Telomeres - PubMed</title>
<meta name="citation_title" content="Telomeres and <Age>: a test">
<meta name="citation_author" content="Doe, Jane"><meta name="citation_journal_title" content="Journal of Tests">
<meta name="citation_doi" content="10.1234/telomere.77"><meta name="citation_pmid" content="77">
<meta name="citation_date" content="2019/01/05"><meta name="citation_volume" content="5">
<meta name="citation_issue" content="2"><meta name="citation_firstpage" content="42">
<meta name="citation_lastpage" content="46"></head>
<body><h1>Telomeres and &lt;Age&gt;: a test</h1><p>Bytes \xc3\xa9 \x00 and so on.</p>
<p>See <a href="https://doi.org/10.1016/0014-4827(61)90192-6">Hayflick</a>.</p></body></html>
"""
LOG_KEYS = ["url", "captured", "status", "mime", "bytes", "stored_bytes", "digest", "verdict", "change", "run", "via"]
STATS_KEYS = ["captures", "urls", "payloads", "raw_bytes", "stored_bytes", "disk_bytes", "queued", "hosts", "articles",
              "dois"]
LINK_KEYS = ["source", "captured", "place", "n", "rel", "url", "doi", "raw_text", "raw_href", "offset", "rule"]


class Verbs(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="vellum-verbs-")
        self.archive = os.path.join(self.scratch.name, "archive")
        self.page = os.path.join(self.scratch.name, "page.html")
        with open(self.page, "wb") as file:
            file.write(PAGE)
        self.good("init", self.archive)

    def tearDown(self):
        self.scratch.cleanup()

    def run_verb(self, *arguments):
        return subprocess.run([VELLUM, "-C", self.archive, *arguments], capture_output=True, timeout=120)

    def good(self, *arguments):
        done = self.run_verb(*arguments)
        self.assertEqual(done.returncode, 0, (arguments, done.stdout[-2000:], done.stderr))
        return done.stdout

    def bad(self, code, *arguments):
        """Fails with `code` and one line that is returned."""
        done = self.run_verb(*arguments)
        self.assertEqual(done.returncode, code, (arguments, done.stdout[-2000:], done.stderr))
        line = done.stderr.decode()
        self.assertEqual(line.count("\n"), 1, line)
        return line

    def rows(self, *arguments):
        return [json.loads(line) for line in self.good(*arguments).splitlines()]

    def import_page(self, at, url=URL):
        return self.good("import", "--page", self.page, "--url", url, "--at", at)

    def test_cat_gives_the_payload_byte_for_byte(self):
        self.import_page("2020-02-01")
        self.assertEqual(self.good("cat", URL), PAGE)
        self.assertEqual(self.good("cat", "pubmed.ncbi.nlm.nih.gov/77/"), PAGE)
        self.assertIn("made up at import", self.good("cat", URL, "--part", "headers").decode())
        self.assertIn("Telomeres and <Age>", self.good("cat", URL, "--part", "text").decode())

    def test_cat_at_a_time_gives_the_capture_of_that_time(self):
        self.import_page("2020-02-01")
        with open(self.page, "wb") as file:
            file.write(b"<p>later")
        self.import_page("2022-02-01")
        self.assertEqual(self.good("cat", URL), b"<p>later")
        self.assertEqual(self.good("cat", URL, "--at", "2021"), PAGE)

    def test_log_lists_captures_newest_last(self):
        self.import_page("2022-02-01")
        self.import_page("2020-02-01")
        rows = self.rows("log", URL, "--json")
        self.assertEqual([list(row) for row in rows], [LOG_KEYS, LOG_KEYS])
        self.assertEqual([row["captured"] for row in rows],
                         ["2020-02-01T00:00:00.000000Z", "2022-02-01T00:00:00.000000Z"])
        self.assertEqual(rows[0]["digest"], rows[1]["digest"])
        self.assertEqual(rows[0]["bytes"], len(PAGE))
        self.assertIn("2022-02-01", self.good("log", URL).decode())

    def test_the_same_page_of_the_same_time_is_stored_once(self):
        self.import_page("2020-02-01")
        self.assertIn(b"already there", self.import_page("2020-02-01"))
        self.assertEqual(len(self.rows("log", URL, "--json")), 1)

    def test_import_tells_what_it_stored(self):
        events = self.rows("import", "--page", self.page, "--url", URL, "--at", "2020", "--json")
        self.assertEqual([event["event"] for event in events], ["captured", "extracted"])
        self.assertEqual(events[0]["url"], URL)

    def lock(self):
        """Holds the archive as a crawl does."""
        file = open(os.path.join(self.archive, "LOCK"), "r+b")
        fcntl.lockf(file, fcntl.LOCK_EX)
        return file

    def test_import_waits_for_an_archive_that_is_in_use(self):
        held = self.lock()
        import_verb = subprocess.Popen([VELLUM, "-C", self.archive, "import", "--page", self.page, "--url", URL, "--at",
                                        "2020"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertIn("waiting", import_verb.stderr.readline())
        held.close()
        out, rest = import_verb.communicate(timeout=60)
        self.assertEqual((import_verb.returncode, rest), (0, ""))
        self.assertIn("imported", out)

    def test_import_gives_up_in_one_line(self):
        with self.lock():
            line = self.bad(1, "import", "--page", self.page, "--url", URL, "--at", "2020", "--wait", "0s")
            self.assertIn("in use", line)
            self.assertEqual(self.run_verb("stats").returncode, 0, "reading needs no lock")

    def test_extract_reads_stored_pages(self):
        self.import_page("2020-02-01")
        for arguments in (["--all"], [URL], ["--prefix", "https://pubmed.ncbi.nlm.nih.gov/"]):
            rows = self.rows("extract", *arguments)
            self.assertEqual(len(rows), 1, arguments)
            self.assertEqual(rows[0]["schema"], "vellum.article/1")
            self.assertEqual(rows[0]["url"], URL)
            self.assertEqual(rows[0]["captured"], "2020-02-01T00:00:00.000000Z")
            self.assertEqual(rows[0]["title"], "Telomeres and <Age>: a test")
        self.assertEqual(self.rows("extract", "--prefix", "https://elsewhere.test/"), [])

    def test_extract_gives_one_record_an_address_the_newest(self):
        self.import_page("2020-02-01")
        self.import_page("2021-02-01", "http://pubmed.ncbi.nlm.nih.gov/77/")
        rows = self.rows("extract", "--all")
        self.assertEqual([row["captured"] for row in rows], ["2021-02-01T00:00:00.000000Z"])
        rows = self.rows("extract", "--all", "--at", "2020")
        self.assertEqual([row["captured"] for row in rows], ["2020-02-01T00:00:00.000000Z"])

    def test_extract_writes_citations(self):
        self.import_page("2020-02-01")
        item = json.loads(self.good("extract", URL, "--format", "csl"))[0]
        self.assertEqual((item["DOI"], item["page"], item["type"]), ("10.1234/telomere.77", "42-46", "article-journal"))
        self.assertEqual(item["issued"]["date-parts"], [[2019, 1, 5]])
        bibtex = self.good("extract", URL, "--format", "bibtex").decode()
        self.assertTrue(bibtex.startswith("@article{doe2019telomeres,"), bibtex)
        self.assertIn("pages     = {42--46}", bibtex)
        ris = self.good("extract", URL, "--format", "ris").decode()
        self.assertTrue(ris.startswith("TY  - JOUR\r\nTI  - Telomeres and <Age>: a test\r\nAU  - Doe, Jane\r\n"), ris)
        self.assertTrue(ris.endswith("ER  - \r\n"), ris)
        self.assertEqual(json.loads(self.good("extract", "--prefix", "https://no.test/", "--format", "csl")), [])

    def test_links_have_their_place(self):
        self.import_page("2020-02-01")
        rows = self.rows("links", URL, "--json")
        self.assertTrue(rows)
        self.assertEqual(list(rows[0]), LINK_KEYS)
        citing = self.rows("links", "--doi", "https://doi.org/10.1016/0014-4827(61)90192-6", "--json")
        self.assertEqual({row["source"] for row in citing}, {URL})
        self.assertIn("10.1016/0014-4827(61)90192-6", self.good("links").decode())
        self.assertIn("no archived page links to", self.bad(1, "links", "--doi", "10.1234/none"))

    def test_stats_and_check(self):
        self.import_page("2020-02-01")
        self.import_page("2021-02-01")
        stats = self.rows("stats", "--json")[0]
        self.assertEqual(list(stats), STATS_KEYS)
        self.assertEqual((stats["captures"], stats["urls"], stats["payloads"]), (2, 1, 1))
        self.assertIn(b"captures", self.good("stats"))
        self.assertIn(b"no fault", self.good("check", "--read-data"))
        summary = self.rows("check", "--read-data", "--json")[-1]
        self.assertEqual((summary["captures"], summary["payload_bytes"], summary["faults"]), (2, len(PAGE), 0))

    def test_check_names_a_damaged_file_and_fails(self):
        self.import_page("2020-02-01")
        # Once more, so that what was in the log has become a file.
        self.import_page("2021-02-01")
        tables = [os.path.join(folder, name) for folder, _, names in os.walk(self.archive) for name in names
                  if name.endswith(".sst") and os.path.getsize(os.path.join(folder, name)) > 1000]
        self.assertTrue(tables)
        for table in tables:
            with open(table, "r+b") as file:
                file.seek(100)
                byte = file.read(1)[0]
                file.seek(100)
                file.write(bytes([byte ^ 255]))
        done = self.run_verb("check", "--read-data")
        self.assertEqual(done.returncode, 3, (done.stdout, done.stderr))
        self.assertTrue(done.stdout + done.stderr)

    def test_wrong_use_gives_one_line_and_two(self):
        self.import_page("2020-02-01")
        self.assertIn("--all", self.bad(2, "extract"))
        self.assertIn("not a DOI", self.bad(2, "links", "--doi", "hello"))
        self.assertIn("http://[", self.bad(2, "log", "http://["))
        self.bad(2, "cat", URL, "--at", "yesterday")
        self.bad(2, "cat", URL, "--part", "soul")
        self.assertIn("cannot read", self.bad(2, "import", "some.warc.gz"))
        self.assertIn("--url", self.bad(2, "import", "--page", self.page))
        self.assertIn("no such file", self.bad(2, "import", "--page", "/nowhere", "--url", URL, "--at", "2020"))
        self.assertIn("HOST:PORT", self.bad(2, "replay", "--listen", "nonsense"))
        self.assertIn("no capture of", self.bad(1, "cat", "https://elsewhere.test/"))
        self.assertIn("no capture of", self.bad(1, "log", "https://elsewhere.test/"))
        missing = subprocess.run([VELLUM, "-C", self.scratch.name, "stats"], capture_output=True)
        self.assertEqual(missing.returncode, 2)
        self.assertIn(b"no archive", missing.stderr)

    def test_every_verb_has_help_with_an_example(self):
        for verb in ("cat", "log", "extract", "links", "stats", "check", "import", "replay"):
            self.assertIn(b"Example: vellum", self.good(verb, "--help"), verb)

    def test_replay_answers_until_it_is_told_to_stop(self):
        self.import_page("2020-02-01")
        server = subprocess.Popen([VELLUM, "-C", self.archive, "replay", "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            line = server.stdout.readline()
            self.assertTrue(line.startswith("replaying " + self.archive + " at http://127.0.0.1:"), line)
            home = line.split()[-1]
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            self.assertEqual(opener.open(home + "web/20200201000000id_/" + URL).read(), PAGE)
            self.assertIn(b"Telomeres and &lt;Age&gt;: a test", opener.open(home).read())
            self.import_page("2021-02-01")
            listed = self.eventually(lambda: opener.open(home + "web/*/" + URL).read(), b"/web/20210201000000/")
            self.assertTrue(listed, "the replay does not show what was imported beside it")
            with self.assertRaises(urllib.error.HTTPError) as refused:
                opener.open(urllib.request.Request(home, headers={"Host": "evil.test"}))
            self.assertEqual(refused.exception.code, 403)
        finally:
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(timeout=30), 0)
            server.stdout.close()

    @staticmethod
    def eventually(read, wanted):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if wanted in read():
                return True
            time.sleep(0.1)
        return False


if __name__ == "__main__":
    unittest.main(verbosity=2)
