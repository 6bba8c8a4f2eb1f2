"""The demo site as a program: address line, bad options, end by signal. usage: demo_program_test.py PROGRAM"""

import re
import signal
import subprocess
import sys
import unittest
import urllib.request

PROGRAM = sys.argv.pop(1)


class DemoProgram(unittest.TestCase):
    def test_says_where_it_listens_and_ends_on_a_signal(self):
        with subprocess.Popen([PROGRAM, "--articles", "20"], stdout=subprocess.PIPE, text=True) as site:
            line = site.stdout.readline()
            address = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", line)
            self.assertTrue(address, line)
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            self.assertIn(b"Cellular Senescence in Cancer", opener.open(address[1] + "/30526772/").read())
            site.send_signal(signal.SIGTERM)
            self.assertEqual(site.wait(20), 0)

    def test_bad_options_give_one_line_and_exit_code_2(self):
        for options in (["--articles", "x"], ["--articles", "19"], ["--port", "65536"], ["--port"], ["--nonsense"]):
            done = subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 2, options)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(options[0], done.stderr)


if __name__ == "__main__":
    unittest.main()
