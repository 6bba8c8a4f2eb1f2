#!/usr/bin/env python3
"""Looking after an archive, end to end: takedown, embargoes, the journal of copies, prove, check --budget, repair from WARC.

usage: care_test.py VELLUM_PROGRAM
"""
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

VELLUM = sys.argv.pop(1)
VERIFY = pathlib.Path(__file__).resolve().parents[2] / "storage" / "archive" / "verify_proof.py"
ONE, TWO = "http://a.example/article/1", "http://a.example/article/2"
HIDDEN = ["http://a.example/private/x", "http://a.example/private/y"]
OTHER = "http://b.example/data"
DICE = random.Random(7)
NOISE = {n: DICE.randbytes(20_000) for n in range(8)}


def article(number, visit):
    """Three hundred paragraphs that differ by article, and one sentence that differs by visit."""
    words = random.Random(number)
    text = "".join(f"<p>{' '.join(str(words.getrandbits(40)) for _ in range(12))}</p>\n" for _ in range(300))
    return (f'<!doctype html><title>Article {number}</title><meta name="citation_title" content="Article {number}">'
            f'<meta name="citation_doi" content="10.1234/art.{number}"><meta name="citation_author" content="Doe, Jane">'
            f'<meta name="citation_journal_title" content="Journal of Tests"><p>Visit {visit}.</p>{text}').encode()


def record(kind, url, day, block, content_type, more=""):
    name = hashlib.md5(f"{kind} {url} {day}".encode()).hexdigest()
    head = (f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{name}>\r\nWARC-Date: 2024-01-{day:02}T00:00:00Z\r\n"
            f"WARC-Target-URI: {url}\r\n{more}Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n")
    return head.encode() + block + b"\r\n\r\n"


def response(url, day, body, mime):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return record("response", url, day, head + body, "application/http;msgtype=response")


def not_modified(url, day, of_day):
    more = ("WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n"
            f"WARC-Refers-To-Target-URI: {url}\r\nWARC-Refers-To-Date: 2024-01-{of_day:02}T00:00:00Z\r\n")
    return record("revisit", url, day, b"HTTP/1.1 304 Not Modified\r\n\r\n", "application/http;msgtype=response", more)


def everything():
    """(url, day, payload) of all that is stored, in the order of time."""
    pages = [(url, day, article(number, day), "text/html") for number, url in ((1, ONE), (2, TWO)) for day in (1, 2, 3)]
    files = [(url, day, NOISE[n] + bytes([day]) * 40 + NOISE[n + 4], "application/octet-stream")
             for n, url in enumerate([*HIDDEN, OTHER]) for day in (1, 2, 3)]
    return sorted(pages + files, key=lambda row: row[1])


class Care(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="vellum-care-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.archive = self.folder / "archive"
        self.good("init", str(self.archive))
        self.stored = everything()
        warc = self.folder / "all.warc"
        warc.write_bytes(b"".join(response(*row) for row in self.stored) + not_modified(ONE, 4, 3))
        self.good("import", str(warc))

    def run_verb(self, *arguments):
        return subprocess.run([VELLUM, "-C", str(self.archive), *arguments], capture_output=True, timeout=120)

    def good(self, *arguments, code=0):
        done = self.run_verb(*arguments)
        self.assertEqual(done.returncode, code, (arguments, done.stdout[-2000:], done.stderr))
        return done.stdout

    def rows(self, *arguments, code=0):
        return [json.loads(line) for line in self.good(*arguments, "--json", code=code).splitlines()]

    def figures(self):
        return self.rows("stats")[0]

    def expect_kept(self, is_kept):
        """Every stored payload of these addresses reads back bit by bit, and nothing of the others; check is clean."""
        for url, day, payload, _ in self.stored:
            if is_kept(url):
                self.assertEqual(self.good("cat", url, "--at", f"2024-01-{day:02}"), payload, (url, day))
            else:
                self.assertEqual(self.run_verb("cat", url, "--at", f"2024-01-{day:02}").returncode, 1, (url, day))
        self.good("check", "--read-data")

    @contextlib.contextmanager
    def replay(self):
        server = subprocess.Popen([VELLUM, "-C", str(self.archive), "replay", "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            port = re.search(r":(\d+)", server.stdout.readline()).group(1)

            def get(path):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                        return answer.status, answer.read().decode(errors="replace")
                except urllib.error.HTTPError as error:
                    with error:
                        return error.code, error.read().decode(errors="replace")
            yield get
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)


class TakeDown(Care):
    def test_an_address_goes_with_its_visits_and_revisits(self):
        rows = self.rows("takedown", ONE, "--reason", "author's request")
        self.assertEqual([row["event"] for row in rows], ["taken-down"] * 4 + ["summary"])
        self.assertEqual(rows[-1]["captures"], 4)
        self.expect_kept(lambda url: url != ONE)
        self.assertIn(b"author's request", self.good("log", ONE))
        self.assertIn(b"author's request", self.good("explain", ONE))
        self.assertEqual(self.figures()["articles"], 1)
        self.assertEqual(self.rows("links", "--doi", "10.1234/art.1", code=1), [])

    def test_a_prefix_and_its_bytes_go_from_every_file(self):
        marks = [payload[19_000:19_064] for url, _, payload, _ in self.stored if url in HIDDEN]
        holding = lambda: [file.name for file in (self.archive / "db").iterdir()
                           if any(mark in file.read_bytes() for mark in marks)]
        self.assertNotEqual(holding(), [], "else this proves nothing")
        self.assertEqual(self.rows("takedown", "--prefix", "http://a.example/private/", "--reason", "r")[-1]["captures"], 6)
        self.assertEqual(holding(), [])
        self.expect_kept(lambda url: url not in HIDDEN)

    def test_a_doi_names_all_visits_of_its_article(self):
        self.assertEqual(self.rows("takedown", "--doi", "https://doi.org/10.1234/ART.2", "--reason", "r")[-1]["captures"], 3)
        self.expect_kept(lambda url: url != TWO)

    def test_a_capture_goes_alone_and_the_others_stay(self):
        number = self.rows("takedown", TWO, "--reason", "r", "--dry-run")[0]["capture"]
        summary = self.rows("takedown", "--capture", str(number), "--reason", "r")[-1]
        self.assertEqual(summary["captures"], 1)
        self.assertEqual([row["captured"][:10] for row in self.rows("log", TWO) if "status" in row],
                         ["2024-01-02", "2024-01-03"])
        for day in (2, 3):
            self.assertEqual(self.good("cat", TWO, "--at", f"2024-01-0{day}"), article(2, day))
        self.good("check", "--read-data")

    def test_a_dry_run_changes_nothing(self):
        before = self.figures()
        rows = self.rows("takedown", "--prefix", "http://a.example/", "--reason", "r", "--dry-run")
        self.assertEqual({row["event"] for row in rows}, {"would-go"})
        self.assertEqual(self.figures(), before)

    def test_wrong_use_is_told_in_one_line(self):
        for arguments in ((ONE,), ("--reason", "r"), (ONE, "--doi", "10.1/x", "--reason", "r"),
                          ("--doi", "no doi", "--reason", "r")):
            done = self.run_verb("takedown", *arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        self.good("takedown", "--capture", "999", "--reason", "r", code=1)

    def test_replay_says_that_it_is_gone_and_why(self):
        self.good("takedown", ONE, "--reason", "author <b>asked</b>")
        self.good("takedown", TWO, "--reason", "court order 7", "--legal")
        with self.replay() as get:
            for path in (f"/web/20240102/{ONE}", f"/web/2024id_/{ONE}", f"/web/*/{ONE}", f"/article/{ONE}"):
                status, body = get(path)
                self.assertEqual(status, 410, path)
                self.assertIn("author &lt;b&gt;asked", body)
            status, body = get(f"/web/20240102/{TWO}")
            self.assertEqual(status, 451)
            self.assertIn("court order 7", body)
            self.assertEqual(get(f"/web/20240102/{OTHER}")[0], 200)
            self.assertNotIn("Article 1", get("/")[1])

    def test_copies_that_hold_it_are_named(self):
        self.good("backup", str(self.folder / "copy"))
        self.good("export", "--format", "warc", "-o", str(self.folder / "a.warc.gz"))
        self.good("export", "--format", "wacz", "--prefix", "http://b.example/", "-o", str(self.folder / "b.wacz"))
        self.good("export", "--format", "cdxj", "-o", str(self.folder / "c.cdxj"))
        self.good("export", "--format", "warc", "-o", "-")
        self.good("export", "--format", "warc", "--to", "2024-01-01", "-o", str(self.folder / "d.warc"))
        rows = self.rows("takedown", ONE, "--reason", "r")
        copies = {pathlib.Path(row["path"]).name: (row["kind"], row["captures"]) for row in rows if row["event"] == "copy"}
        self.assertEqual(copies, {"copy": ("backup", 4), "a.warc.gz": ("warc", 4), "d.warc": ("warc", 1)})
        later = self.folder / "later.warc"
        later.write_bytes(response(ONE, 9, b"new", "text/plain"))
        self.good("import", str(later))
        rows = self.rows("takedown", ONE, "--reason", "r")
        self.assertEqual([row for row in rows if row["event"] == "copy"], [], "it came after all copies")


class Embargoes(Care):
    def test_what_is_withheld_is_in_no_export_and_replay_says_until_when(self):
        rows = self.rows("takedown", ONE, "--embargo-until", "2099-05-01", "--reason", "publisher's embargo")
        self.assertEqual([row["event"] for row in rows], ["withheld"] * 4 + ["summary"])
        self.assertEqual(self.figures()["captures"], len(self.stored) + 1, "nothing was deleted")
        for name in ("e.warc", "e.wacz", "e.cdxj", "e.cdx"):
            file = self.folder / name
            row = self.rows("export", "--format", file.suffix[1:], "-o", str(file))[-1]
            self.assertEqual((row["captures"], row["withheld"]), (len(self.stored) - 3, 4))
            if name != "e.wacz":
                self.assertNotIn(ONE.encode(), file.read_bytes())
        done = self.run_verb("export", "--format", "warc", "-o", str(self.folder / "f.warc"))
        self.assertIn(b"4 captures are under embargo and are left out", done.stderr)
        with self.replay() as get:
            for path in (f"/web/20240102/{ONE}", f"/web/2024id_/{ONE}", f"/web/*/{ONE}", f"/article/{ONE}"):
                status, body = get(path)
                self.assertEqual(status, 451, path)
                self.assertIn("publisher&#39;s embargo", body.replace("&apos;", "&#39;").replace("'", "&#39;"))
                self.assertIn("2099-05-01", body)
            self.assertEqual(get(f"/web/20240102/{TWO}")[0], 200)
            self.assertNotIn("Article 1", get("/")[1])
        self.expect_kept(lambda url: True)

    def test_it_holds_for_what_comes_later_and_can_be_ended(self):
        self.good("takedown", "--prefix", "http://a.example/private/", "--embargo-until", "2099-05-01", "--reason", "r")
        later = self.folder / "later.warc"
        later.write_bytes(response(HIDDEN[0] + "/z", 9, b"new", "text/plain"))
        self.good("import", str(later))
        with self.replay() as get:
            self.assertEqual(get(f"/web/2024/{HIDDEN[0]}/z")[0], 451)
        row = self.rows("export", "--format", "warc", "-o", str(self.folder / "e.warc"))[-1]
        self.assertEqual(row["withheld"], 7)
        self.good("takedown", "--prefix", "http://a.example/private/", "--embargo-until", "now", "--reason", "r")
        with self.replay() as get:
            self.assertEqual(get(f"/web/2024/{HIDDEN[0]}/z")[0], 200)
        self.assertEqual(self.rows("export", "--format", "warc", "-o", str(self.folder / "f.warc"))[-1]["withheld"], 0)

    def test_other_captures_of_the_address_are_shown(self):
        number = self.rows("takedown", TWO, "--reason", "r", "--dry-run")[-1]["capture"]
        self.good("takedown", "--capture", str(number), "--embargo-until", "2099-05-01", "--reason", "r")
        with self.replay() as get:
            status, body = get(f"/web/2025/{TWO}")
            self.assertEqual(status, 200)
            self.assertIn("Visit 2.", body)
            self.assertIn("2099-05-01", get(f"/web/*/{TWO}")[1])

    def test_a_past_date_holds_nothing_back(self):
        self.good("takedown", ONE, "--embargo-until", "2020-01-01", "--reason", "r")
        with self.replay() as get:
            self.assertEqual(get(f"/web/2024/{ONE}")[0], 200)


class Proofs(Care):
    def verify(self, proof, payload):
        (self.folder / "payload").write_bytes(payload)
        return subprocess.run([sys.executable, str(VERIFY), str(proof), str(self.folder / "payload")], capture_output=True)

    def test_a_proof_is_verified_by_others_also_after_a_take_down(self):
        proof = self.folder / "proof.json"
        for step in ("before", "after"):
            self.good("prove", TWO, "--at", "2024-01-02", "-o", str(proof))
            done = self.verify(proof, article(2, 2))
            self.assertEqual(done.returncode, 0, (step, done.stderr))
            self.assertNotEqual(self.verify(proof, article(2, 3)).returncode, 0)
            changed = json.loads(proof.read_text())
            changed["index"] += 1
            proof.write_text(json.dumps(changed))
            self.assertNotEqual(self.verify(proof, article(2, 2)).returncode, 0)
            self.good("takedown", TWO, "--reason", "r")
        self.assertEqual(len(self.rows("prove", "--list")), 1)
        self.good("prove", "http://a.example/none", code=1)


class Scrubs(Care):
    def pass_over(self, budget="1ms"):
        """Calls until a pass is complete: their rows and exit codes."""
        rows = []
        for _ in range(200):
            done = self.run_verb("check", "--read-data", "--budget", budget, "--json")
            rows.append((done.returncode, [json.loads(line) for line in done.stdout.splitlines()]))
            if json.loads((self.archive / "SCRUB").read_text())["row"] == 0:
                return rows
        self.fail("the pass does not end")

    def test_many_short_calls_make_a_whole_pass(self):
        rows = self.pass_over()
        self.assertEqual({code for code, _ in rows}, {0})
        payloads = sum(found[-1]["payloads"] for _, found in rows)
        self.assertEqual(payloads, self.figures()["payloads"])
        once = self.rows("check", "--read-data", "--budget", "60s")[-1]
        self.assertEqual(once["payloads"], payloads)

    def test_a_planted_fault_is_found_in_the_course_of_a_pass(self):
        files = sorted((self.archive / "db").glob("*.sst"), key=lambda file: file.stat().st_size)
        data = bytearray(files[-1].read_bytes())
        data[len(data) // 2] ^= 1
        files[-1].write_bytes(data)
        self.good("check", "--read-data", code=3)
        rows = self.pass_over()
        self.assertIn(3, {code for code, _ in rows})
        self.assertTrue(any(row["event"] == "fault" for _, found in rows for row in found))


class Repairs(Care):
    def damage(self):
        largest = max((self.archive / "db").glob("*.sst"), key=lambda file: file.stat().st_size)
        data = bytearray(largest.read_bytes())
        for place in (len(data) // 4, len(data) // 2, len(data) * 3 // 4):
            data[place] ^= 0x55
        largest.write_bytes(data)
        self.good("check", "--read-data", code=3)

    def test_payloads_are_healed_from_a_warc_and_from_a_wacz(self):
        for name in ("copy.warc.gz", "copy.wacz"):
            kind = "wacz" if name.endswith("wacz") else "warc"
            self.good("export", "--format", kind, "-o", str(self.folder / name))
            self.damage()
            row = self.rows("repair", "--from", str(self.folder / name))[-1]
            self.assertGreater(row["payloads"], 0)
            self.assertEqual(row["faults"], 0)
            self.expect_kept(lambda url: True)

    def test_what_the_file_lacks_is_named(self):
        self.good("export", "--format", "warc", "--prefix", "http://b.example/", "-o", str(self.folder / "b.warc"))
        self.damage()
        rows = self.rows("repair", "--from", str(self.folder / "b.warc"), code=3)
        self.assertEqual(rows[-1]["faults"], len([row for row in rows if row["event"] == "fault"]))
        self.good("repair", "--from", str(self.folder / "all.warc"))
        self.expect_kept(lambda url: True)

    def test_the_damaged_archive_is_a_copy_that_a_take_down_names(self):
        self.damage()
        self.good("repair", "--from", str(self.folder / "all.warc"))
        rows = self.rows("takedown", ONE, "--reason", "r")
        self.assertIn("damaged", {row["kind"] for row in rows if row["event"] == "copy"})

    def test_a_file_that_is_none_changes_nothing(self):
        bad = self.folder / "no.warc"
        bad.write_bytes(b"not a WARC\n")
        before = sorted(file.name for file in self.folder.iterdir())
        done = self.run_verb("repair", "--from", str(bad))
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()), before)


if __name__ == "__main__":
    unittest.main()
