#include "plugins/worker/native_library.h"

#include <dlfcn.h>

#include <exception>
#include <new>

namespace vellum::worker {
namespace {

// Runs a call into the library; catches what comes out.
template <class Call>
std::optional<Misdeed> guarded(const char* function, Call call) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    return Misdeed{Cause::kMemory, std::string(function) + " ran out of memory"};
  } catch (const std::exception& error) {
    return Misdeed{Cause::kThrew, std::string(function) + " threw: " + error.what()};
  } catch (...) {
    return Misdeed{Cause::kThrew, std::string(function) + " threw something"};
  }
}

Misdeed status_misdeed(const char* function, vellum_status status) {
  return {Cause::kFailed, std::string(function) + " gave status " + std::to_string(status)};
}

// What the first minor had; smaller structs are not of this ABI.
constexpr std::size_t kPluginSize = offsetof(vellum_plugin, destroy) + sizeof(void*);
constexpr std::size_t kReaderSize = offsetof(vellum_reader, extract) + sizeof(void*);

std::optional<Misdeed> check(const vellum_plugin& entry, const std::string& id) {
  const auto wrong = [](std::string what) { return Misdeed{Cause::kFailed, std::move(what)}; };
  if (entry.struct_size < kPluginSize) return wrong("vellum_plugin_entry is smaller than the ABI says");
  if (entry.abi_major != VELLUM_ABI_MAJOR) {
    return wrong("built for ABI " + std::to_string(entry.abi_major) + ", this is " + std::to_string(VELLUM_ABI_MAJOR));
  }
  if (entry.id == nullptr || id != entry.id) {
    return wrong("the library is plugin `" + std::string(entry.id ? entry.id : "") + "`, plugin.toml says `" + id +
                 "`");
  }
  const bool has_reader = entry.reader && entry.reader->struct_size >= kReaderSize && entry.reader->extract;
  return has_reader ? std::nullopt : std::optional(wrong("vellum_plugin_entry has no reader with extract()"));
}

}  // namespace

std::optional<Misdeed> NativeLibrary::load(const std::string& path, const std::string& id) {
  return guarded("loading", [&]() -> std::optional<Misdeed> {
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) return Misdeed{Cause::kFailed, std::string("cannot load: ") + ::dlerror()};
    entry_ = static_cast<const vellum_plugin*>(::dlsym(library, "vellum_plugin_entry"));
    if (!entry_) return Misdeed{Cause::kFailed, path + " exports no vellum_plugin_entry"};
    auto misdeed = check(*entry_, id);
    reader_ = misdeed ? nullptr : entry_->reader;
    return misdeed;
  });
}

std::optional<Misdeed> NativeLibrary::create(const vellum_host* host) {
  return guarded("create()", [&]() -> std::optional<Misdeed> {
    if (!entry_->create) return std::nullopt;
    const vellum_status status = entry_->create(host, &instance_);
    if (status != VELLUM_OK) return status_misdeed("create()", status);
    return std::nullopt;
  });
}

std::optional<Misdeed> NativeLibrary::match(const vellum_page* page, bool& wanted) {
  return guarded("match()", [&]() -> std::optional<Misdeed> {
    const std::int32_t answer = reader_->match ? reader_->match(instance_, page) : 1;
    wanted = answer > 0;
    if (answer < 0 && answer != VELLUM_E_PAGE) return status_misdeed("match()", answer);
    return std::nullopt;
  });
}

std::optional<Misdeed> NativeLibrary::extract(const vellum_page* page, bool& wanted) {
  return guarded("extract()", [&]() -> std::optional<Misdeed> {
    const vellum_status status = reader_->extract(instance_, page);
    wanted = status == VELLUM_OK;
    if (status != VELLUM_OK && status != VELLUM_E_PAGE) return status_misdeed("extract()", status);
    return std::nullopt;
  });
}

void NativeLibrary::destroy() {
  if (entry_->destroy) entry_->destroy(instance_);
}

}  // namespace vellum::worker
