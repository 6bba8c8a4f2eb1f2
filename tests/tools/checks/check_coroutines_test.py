"""tools/check_coroutines on tables of good and bad statements. usage: check_coroutines_test.py ROOT"""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
CASES = ROOT / "tests/data/tools/coroutines"


def lint(*files):
    return subprocess.run([sys.executable, ROOT / "tools/check_coroutines", *files], capture_output=True, text=True)


class CheckCoroutines(unittest.TestCase):
    def test_finds_every_bad_statement_and_no_other(self):
        file = CASES / "bad.cpp"
        wanted = {i for i, line in enumerate(file.read_text().splitlines(), 1) if line.endswith("// bad")}
        done = lint(file)
        self.assertEqual(done.returncode, 1)
        found = {int(re.match(re.escape(str(file)) + r":(\d+): ", line)[1]) for line in done.stdout.splitlines()}
        self.assertEqual(found, wanted)
        self.assertGreater(len(wanted), 20)

    def test_lets_good_statements_pass(self):
        done = lint(CASES / "good.cpp")
        self.assertEqual((done.returncode, done.stdout), (0, "no temporary at risk in 1 files\n"))

    def test_the_tree_is_clean(self):
        done = lint()
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
