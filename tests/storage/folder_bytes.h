// A folder's files as bytes, for tests that damage an archive and prove that nothing else changed it.

#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace vellum::storage::test {

inline std::string read_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Every file below `folder` by its relative path; the lock's pid is left out.
inline std::map<std::string, std::string> bytes_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename() != "LOCK") {
      files[std::filesystem::relative(entry.path(), folder).string()] = read_bytes(entry.path());
    }
  }
  return files;
}

// Files of a database with this extension, largest first.
inline std::vector<std::filesystem::path> files_with(const std::filesystem::path& folder,
                                                     const std::string& extension) {
  std::multimap<std::uintmax_t, std::filesystem::path, std::greater<>> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) found.emplace(entry.file_size(), entry.path());
  }
  std::vector<std::filesystem::path> files;
  for (const auto& [size, path] : found) files.push_back(path);
  return files;
}

inline void flip_byte(const std::filesystem::path& file, std::size_t at) {
  std::string bytes = read_bytes(file);
  if (at >= bytes.size()) throw std::out_of_range("no such byte in " + file.string());
  bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
  write_bytes(file, bytes);
}

}  // namespace vellum::storage::test
