"""tools/check_layers on copies of the tree with one fault each. usage: check_layers_test.py ROOT"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))


def check(root):
    return subprocess.run([sys.executable, ROOT / "tools/check_layers", root], capture_output=True, text=True)


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = pathlib.Path(self.folder.name)
        for top in ("base", "storage", "plugins", "crawler", "tools"):
            shutil.copytree(ROOT / top, self.tree / top,
                            ignore=lambda _, names: [n for n in names if n.endswith((".py", ".pyc", ".html", ".sh"))])

    def tearDown(self):
        self.folder.cleanup()

    def append(self, path, text):
        """Adds a line at the end of a file; returns its number."""
        file = self.tree / path
        old = file.read_text() if file.exists() else ""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(old + text + "\n")
        return old.count("\n") + 1

    def expect_fault(self, path, line, part):
        done = check(self.tree)
        self.assertEqual(done.returncode, 1, "the fault was not found")
        lines = [text for text in done.stdout.splitlines() if text.startswith(f"{path}:{line}: ")]
        self.assertEqual(len(lines), 1, done.stdout)
        self.assertIn(part, lines[0])

    def test_the_tree_holds(self):
        done = check(ROOT)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_an_upward_include_is_found(self):
        line = self.append("base/text.h", '#include "storage/archive/archive.h"')
        self.expect_fault("base/text.h", line, "base may not include storage/archive")

    def test_plugins_and_storage_do_not_know_each_other(self):
        line = self.append("plugins/html/document.cpp", '#include "storage/rocks/database.h"')
        self.expect_fault("plugins/html/document.cpp", line, "plugins/html may not include storage/rocks")
        line = self.append("storage/commit/catalog.h", '#include "plugins/host/page.h"')
        self.expect_fault("storage/commit/catalog.h", line, "storage/commit may not include plugins/host")

    def test_a_wrapped_library_is_included_in_its_place_only(self):
        line = self.append("crawler/engine/visit.cpp", "#include <rocksdb/db.h>")
        self.expect_fault("crawler/engine/visit.cpp", line, "storage/rocks/")

    def test_the_whole_of_asio_is_included_nowhere(self):
        line = self.append("crawler/net/curl_fetcher.cpp", "#include <boost/asio.hpp>")
        self.expect_fault("crawler/net/curl_fetcher.cpp", line, "no file")

    def test_a_library_that_nobody_placed_is_refused(self):
        line = self.append("base/text.cpp", "#include <absl/strings/str_cat.h>")
        self.expect_fault("base/text.cpp", line, "LIBRARIES")

    def test_paths_are_written_from_the_root(self):
        line = self.append("base/text.cpp", '#include "../base/url.h"')
        self.expect_fault("base/text.cpp", line, "from the root")
        line = self.append("base/url.cpp", '#include "text.h"')
        self.expect_fault("base/url.cpp", line, "from the root")

    def test_a_new_folder_needs_a_place_among_the_layers(self):
        self.append("storage/cloud/bucket.h", "#pragma once")
        self.expect_fault("storage/cloud/bucket.h", 1, "LAYERS")

    def test_an_upward_link_is_found(self):
        line = self.append("base/CMakeLists.txt", "target_link_libraries(vellum_base PUBLIC vellum::rocks)")
        self.expect_fault("base/CMakeLists.txt", line, "base may not link vellum::rocks")

    def test_a_library_is_linked_where_it_is_included_only(self):
        line = self.append("plugins/html/CMakeLists.txt", "target_link_libraries(vellum_html PRIVATE CURL::libcurl)")
        self.expect_fault("plugins/html/CMakeLists.txt", line, "crawler/net/")

    def test_what_is_included_is_linked(self):
        (self.tree / "crawler/net/CMakeLists.txt").write_text("vellum_library(net SOURCES body.cpp)\n")
        done = check(self.tree)
        self.assertEqual(done.returncode, 1)
        self.assertIn("crawler/net includes headers of base but does not link its target", done.stdout)

    def test_comments_are_not_includes(self):
        self.append("base/text.h", '// #include "storage/archive/archive.h"\n/*\n#include <rocksdb/db.h>\n*/')
        self.assertEqual(check(self.tree).returncode, check(ROOT).returncode)


if __name__ == "__main__":
    unittest.main()
