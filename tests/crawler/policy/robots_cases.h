// Reader of tests/data/crawler/policy/robots_cases.txt.

#pragma once

#include <string>
#include <vector>

#include "base/text.h"

namespace vellum::test {

struct RobotsCase {
  struct Ask {
    std::string agent, path;  // "_" in the agent stands for a space
    bool allowed = true;
    int line = 0;
  };
  std::string name, text;
  std::vector<Ask> asks;
};

inline RobotsCase::Ask read_ask(std::string_view line) {
  const auto words = split(line, ' ');
  RobotsCase::Ask ask{std::string(words.at(0)), std::string(words.at(1)), words.at(2) == "yes", 0};
  for (char& c : ask.agent) c = c == '_' ? ' ' : c;
  if (words.size() > 3) ask.line = std::stoi(std::string(words[3]));
  return ask;
}

inline std::vector<RobotsCase> read_robots_cases(std::string_view text) {
  std::vector<RobotsCase> cases;
  for (std::string_view line : split(text, '\n')) {
    if (line.substr(0, 5) == "case ") cases.push_back({std::string(line.substr(5)), "", {}});
    if (line.substr(0, 1) == ">")
      cases.back().text += std::string(line.substr(std::min<std::size_t>(2, line.size()))) + "\n";
    if (line.substr(0, 2) == "? ") cases.back().asks.push_back(read_ask(line.substr(2)));
  }
  return cases;
}

}  // namespace vellum::test
