#include "base/json.h"

#include <algorithm>

namespace vellum {
namespace {

// Deeper values are refused: nlohmann prints, copies and reads CBOR by recursion, and pages carry JSON of anyone's
// making.
constexpr std::size_t kMaxDepth = 256;

using Member = std::pair<std::string, Json>;

// Of equal keys the last value wins, at the place of the first, as browsers have it.
void drop_repeated_keys(std::vector<Member>& members) {
  std::vector<std::size_t> order(members.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return members[a].first < members[b].first; });
  std::vector<bool> dropped(members.size(), false);
  std::size_t first = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (members[order[i]].first != members[order[first]].first) {
      first = i;
      continue;
    }
    members[order[first]].second = std::move(members[order[i]].second);
    dropped[order[i]] = true;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (dropped[i]) continue;
    if (kept != i) members[kept] = std::move(members[i]);
    ++kept;
  }
  members.resize(kept);
}

// Builds a value in linear time: the library's own builder looks up each key among all before it, and copies every
// member when an object grows.
class Builder {
 public:
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(number_integer_t value) { return add(value); }
  bool number_unsigned(number_unsigned_t value) { return add(value); }
  bool number_float(number_float_t value, const string_t&) { return add(value); }
  bool string(string_t& value) { return add(std::move(value)); }
  bool binary(binary_t& value) { return add(Json::binary(std::move(value))); }
  bool key(string_t& name) {
    open_.back().members.emplace_back(std::move(name), nullptr);
    return true;
  }
  bool start_object(std::size_t) { return start(true); }
  bool start_array(std::size_t) { return start(false); }
  bool end_object() {
    auto members = std::move(open_.back().members);
    open_.pop_back();
    drop_repeated_keys(members);
    Json object = Json::object();
    auto& to = object.get_ref<Json::object_t&>();
    to.reserve(members.size());
    for (auto& [name, value] : members)
      static_cast<Json::object_t::Container&>(to).emplace_back(name, std::move(value));
    return add(std::move(object));
  }
  bool end_array() {
    Json array(std::move(open_.back().items));
    open_.pop_back();
    return add(std::move(array));
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) {
    position_ = position;
    problem_ = error.what();
    return false;
  }

  Json take() { return std::move(root_); }
  std::string problem() const {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ...": keep what follows the code.
    const std::size_t code_end = problem_.find("] ");
    const std::string what = code_end == std::string::npos ? problem_ : problem_.substr(code_end + 2);
    return what + " (byte " + std::to_string(position_) + ")";
  }

 private:
  struct Open {
    bool is_object;
    Json::array_t items;
    std::vector<Member> members;
  };

  bool start(bool is_object) {
    if (open_.size() >= kMaxDepth) {
      problem_ = "nested deeper than " + std::to_string(kMaxDepth);
      return false;
    }
    open_.push_back({is_object, {}, {}});
    return true;
  }
  template <class T>
  bool add(T&& value) {
    if (open_.empty()) {
      root_ = std::forward<T>(value);
    } else if (open_.back().is_object) {
      open_.back().members.back().second = std::forward<T>(value);
    } else {
      open_.back().items.emplace_back(std::forward<T>(value));
    }
    return true;
  }

  Json root_;
  std::vector<Open> open_;
  std::size_t position_ = 0;
  std::string problem_;
};

Result<Json> read(std::string_view bytes, nlohmann::detail::input_format_t format, ErrorKind kind, const char* what) {
  Builder builder;
  if (!Json::sax_parse(bytes, &builder, format)) return fail(kind, what + builder.problem());
  return builder.take();
}

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string to_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Json> parse_json(std::string_view text) {
  return read(text, Json::input_format_t::json, ErrorKind::kInvalid, "not json: ");
}

std::string to_cbor(const Json& value) {
  std::string bytes;
  Json::to_cbor(value, bytes);
  return bytes;
}

Result<Json> parse_cbor(std::string_view bytes) {
  return read(bytes, Json::input_format_t::cbor, ErrorKind::kCorrupt, "not cbor: ");
}

std::string text_of(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get_ref<const std::string&>() : std::string();
}

std::int64_t integer_of(const Json& object, std::string_view key, std::int64_t otherwise) {
  const Json* value = member(object, key);
  if (value == nullptr || !value->is_number_integer()) return otherwise;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) return otherwise;
  return value->get<std::int64_t>();
}

bool flag_of(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

}  // namespace vellum
