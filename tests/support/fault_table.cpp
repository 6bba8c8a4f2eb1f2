#include "tests/support/fault_table.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/text.h"

namespace vellum::test {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'x' && i + 2 < text.size()) {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      bytes += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
    }
  }
  return bytes;
}

// {file:NAME} and {repeat:COUNT:TEXT}.
std::string macro(std::string_view text, const std::filesystem::path& folder) {
  if (text.starts_with("file:")) return read_file(folder / text.substr(5));
  const auto parts = split(text, ':');
  if (parts.size() < 3 || parts[0] != "repeat") throw std::runtime_error("unknown {" + std::string(text) + "}");
  const std::string piece = unescape(text.substr(parts[0].size() + parts[1].size() + 2));
  std::string bytes;
  for (int i = std::stoi(std::string(parts[1])); i > 0; --i) bytes += piece;
  return bytes;
}

std::string expand(std::string_view text, const std::filesystem::path& folder) {
  std::string bytes;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    bytes += unescape(text.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) throw std::runtime_error("a { without its }");
    bytes += macro(text.substr(open + 1, close - open - 1), folder);
    text.remove_prefix(close + 1);
  }
  return bytes;
}

Reply script(std::string bytes, std::string_view end) {
  Reply reply = Reply::raw(std::move(bytes));
  if (end == "close") return std::move(reply).then_close();
  if (end == "reset") return std::move(reply).then_reset();
  if (end == "hang") return std::move(reply).then_hang();
  if (end.starts_with("forever ")) {
    // In pieces of some size: a write a line would keep the machine busy with itself.
    const std::string piece = unescape(end.substr(8));
    std::string many;
    while (many.size() < 16384) many += piece;
    return std::move(reply).send_for_ever(std::move(many));
  }
  if (end != "keep") throw std::runtime_error("unknown end `" + std::string(end) + "`");
  return reply;
}

}  // namespace

std::vector<Fault> load_faults(const std::string& path) {
  std::vector<Fault> faults;
  const std::string table = read_file(path);
  int number = 0;
  for (const std::string_view line : split(table, '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const auto columns = split(line, '\t');
    try {
      if (columns.size() != 5) throw std::runtime_error("five columns are wanted");
      Reply reply = script(expand(columns[3], std::filesystem::path(path).parent_path()), columns[4]);
      faults.push_back({std::string(columns[0]), std::string(columns[1]), std::string(columns[2]), std::move(reply)});
    } catch (const std::exception& error) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": " + error.what());
    }
  }
  return faults;
}

}  // namespace vellum::test
