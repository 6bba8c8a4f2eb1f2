// The engines that the store's tests run over. A second engine is one more line in kEngines.

#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "storage/commit/catalog.h"

namespace vellum::storage::test {

struct Engine {
  std::string name;
  Result<std::unique_ptr<Catalog>> (*open)(const std::filesystem::path& folder, const OpenOptions& options);
};

inline const Engine kEngines[] = {{"RocksDB", &Catalog::open}};

inline std::ostream& operator<<(std::ostream& out, const Engine& engine) {
  return out << engine.name;
}

inline std::string name_of_engine(const testing::TestParamInfo<Engine>& info) {
  return info.param.name;
}

}  // namespace vellum::storage::test
