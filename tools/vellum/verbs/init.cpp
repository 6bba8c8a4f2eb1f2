// vellum init DIR: a new archive with a commented vellum.toml.

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "crawler/policy/config.h"
#include "storage/commit/catalog.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

namespace fs = std::filesystem;

// kInvalid for a folder that holds something else: an archive is not mixed into other people's files. What `vellum
// init` itself leaves when it is interrupted may be there.
Result<void> check_folder(const fs::path& folder) {
  std::error_code fault;
  if (!fs::exists(folder, fault)) return {};
  if (!fs::is_directory(folder, fault)) return fail(ErrorKind::kInvalid, folder.string() + " is a file, not a folder");
  for (const auto& entry : fs::directory_iterator(folder, fault)) {
    if (entry.path().filename() == policy::kConfigName) continue;
    return fail(ErrorKind::kInvalid,
                fmt::format("{} is not empty (it holds {}) and no archive; name a new or empty folder", folder.string(),
                            entry.path().filename().string()));
  }
  return {};
}

Result<void> write_config(const fs::path& file) {
  if (fs::exists(file)) return {};  // the user's own, made before the archive
  std::ofstream out(file, std::ios::binary);
  out << policy::default_config();
  out.close();
  if (out) return {};
  return fail(ErrorKind::kStorage, "cannot write " + file.string());
}

Result<void> create(const fs::path& folder) {
  if (storage::Archive::open(folder)) {
    return fail(ErrorKind::kInvalid, folder.string() + " is an archive already");
  }
  VELLUM_CHECK(check_folder(folder));
  storage::OpenOptions options;
  options.now = SystemClock().now();
  options.create = true;
  VELLUM_TRY(const auto catalog, storage::Catalog::open(folder, options));
  catalog->close();
  return write_config(folder / policy::kConfigName);
}

int run(const fs::path& folder, const Context& context) {
  if (const auto created = create(folder); !created) return report(created.error());
  const fs::path config = folder / policy::kConfigName;
  if (context.json) {
    Json row = Json::object();
    row["archive"] = folder.string();
    row["config"] = config.string();
    std::cout << to_line(row) << '\n';
  } else {
    std::cout << "new archive in " << folder.string() << "\nnext: edit " << config.string() << ", then vellum -C "
              << folder.string() << " crawl\n";
  }
  return kDone;
}

}  // namespace

void add_init(CLI::App& app, Context& context) {
  auto folder = std::make_shared<fs::path>();
  CLI::App* verb = add_verb(app, context, "init", "Make a new archive with a commented vellum.toml",
                            [folder, &context] { return run(*folder, context); });
  verb->add_option("DIR", *folder, "A folder that does not exist yet or is empty")->required();
  verb->footer(
      "\nA vellum.toml that is there already is kept. Exits 2 if DIR is an archive already or holds other files.");
}

}  // namespace vellum::cli
