#!/usr/bin/env python3
"""The judge of kill_hosts.py must see bad manners, and only those."""
import unittest

from host_server import judge


def request(at, group="g.test", rest=0, crawl_delay=0, took=0.01, path="/"):
    return {"at": at, "until": at + took, "host": "h." + group, "group": group, "path": path, "status": 429 if rest else 200,
            "rest": rest, "crawl_delay": crawl_delay}


def faults(log, kills=()):
    return judge(log, list(kills), 1.0, 0.02)[0]


class Judge(unittest.TestCase):
    def test_a_delay_that_is_kept_is_fine(self):
        self.assertEqual(faults([request(0), request(1), request(2.5)]), [])

    def test_a_request_too_early_is_a_fault_whatever_the_order_of_the_log(self):
        self.assertEqual(len(faults([request(1.9), request(0), request(1)])), 1)

    def test_groups_do_not_wait_for_each_other(self):
        self.assertEqual(faults([request(0), request(0.1, "other.test")]), [])

    def test_a_crawl_delay_holds_from_the_answer_that_brought_it(self):
        self.assertEqual(len(faults([request(0, crawl_delay=3), request(1.5), request(4.6)])), 1)

    def test_nothing_may_come_before_a_retry_after_has_ended(self):
        self.assertEqual(len(faults([request(0, rest=5), request(2), request(4), request(5)])), 2)

    def test_a_kill_excuses_only_an_answer_on_its_way(self):
        log = [request(0, rest=5, took=0.5), request(2)]
        self.assertEqual(faults(log, [0.3]), [])
        self.assertEqual(len(faults(log, [0.9])), 1)

    def test_a_request_that_the_server_read_late_had_come_earlier(self):
        log = [request(0.05), request(1)]
        self.assertEqual(len(judge(log, [], 1.0, 0.02)[0]), 1)
        self.assertEqual(judge(log, [], 1.0, 0.02, [(0.051, 0.04)])[0], [])
        self.assertEqual(len(judge(log, [], 1.0, 0.02, [(1.0, 0.04)])[0]), 1)

    def test_a_kill_never_excuses_the_delay(self):
        self.assertEqual(len(faults([request(0, took=0.5), request(0.6)], [0.3])), 1)


if __name__ == "__main__":
    unittest.main()
