// Runs the built program and keeps what it said.

#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "tests/base/data_file.h"
#include "tests/support/temp_dir.h"

namespace vellum::test {

struct Said {
  int exit_code = -1;
  std::string out, err;

  // The rows of --json output.
  std::vector<Json> rows() const {
    std::vector<Json> all;
    for (std::string_view line : split(out, '\n')) {
      if (!line.empty()) all.push_back(parse_json(line).value_or(Json("no JSON: " + std::string(line))));
    }
    return all;
  }
};

// `input` is standard input. The program gets no VELLUM_ARCHIVE but through `archive`, and runs in a folder of its own.
class Program {
 public:
  Said run(const std::vector<std::string>& arguments, const std::string& input = "") const {
    std::ofstream(dir_ / "in", std::ios::binary) << input;
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) exec(arguments);
    int status = 0;
    if (waitpid(child, &status, 0) != child) throw std::runtime_error("cannot wait");
    Said said;
    said.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    said.out = slurp((dir_ / "out").string()).value_or("");
    said.err = slurp((dir_ / "err").string()).value_or("");
    return said;
  }

  std::filesystem::path folder() const { return dir_.path(); }
  void set_archive(std::string folder) { archive_ = std::move(folder); }

 private:
  [[noreturn]] void exec(const std::vector<std::string>& arguments) const {
    if (chdir(dir_.path().c_str()) != 0) _exit(126);
    dup2(open("in", O_RDONLY), 0);
    dup2(open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
    dup2(open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
    archive_.empty() ? unsetenv("VELLUM_ARCHIVE") : setenv("VELLUM_ARCHIVE", archive_.c_str(), 1);
    std::vector<char*> argv = {const_cast<char*>("vellum")};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(VELLUM_PROGRAM, argv.data());
    _exit(127);
  }

  TempDir dir_;
  std::string archive_;
};

}  // namespace vellum::test
