#include "storage/archive/seal.h"

#include <fmt/format.h>

namespace vellum::storage {
namespace {

Json seal_fields(const Seal& seal) {
  Json json = Json::object();
  json["seal"] = seal.number;
  json["run"] = seal.run;
  json["captures"] = seal.captures;
  json["first"] = seal.first;
  json["last"] = seal.last;
  json["root"] = seal.root.to_text();
  json["previous"] = seal.previous.to_text();
  json["at"] = to_rfc3339(seal.at);
  return json;
}

Result<std::string> from_hex(const std::string& text, std::size_t bytes) {
  std::string out;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hex || (!text.empty() && text.size() != 2 * bytes))
    return fail(ErrorKind::kCorrupt, fmt::format("not {} bytes in hex", bytes));
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<char>(value(text[i]) * 16 + value(text[i + 1])));
  return out;
}

// The largest power of two below n > 1.
std::size_t split_of(std::size_t n) {
  std::size_t split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

}  // namespace

std::string Seal::statement() const {
  return fmt::format("vellum seal 1\nseal {}\nrun {}\ncaptures {}\nfirst {}\nlast {}\nroot {}\nprevious {}\nat {}\n",
                     number, run, captures, first, last, root.to_text(), previous.to_text(), to_rfc3339(at));
}

Json Seal::to_json() const {
  Json json = seal_fields(*this);
  if (!key.empty()) json["key"] = to_hex(key);
  if (!signature.empty()) json["signature"] = to_hex(signature);
  return json;
}

Result<Seal> Seal::from_json(const Json& json) {
  const auto count = [&](std::string_view key) { return static_cast<std::uint64_t>(integer_of(json, key)); };
  Seal seal;
  seal.number = count("seal");
  seal.run = static_cast<RunId>(count("run"));
  seal.captures = count("captures");
  seal.first = count("first");
  seal.last = count("last");
  if (seal.number == 0 || seal.captures == 0) return fail(ErrorKind::kCorrupt, "seal without a number or captures");
  VELLUM_TRY(seal.root, Digest::parse(text_of(json, "root")));
  VELLUM_TRY(seal.previous, Digest::parse(text_of(json, "previous")));
  VELLUM_TRY(seal.at, parse_timestamp(text_of(json, "at")));
  VELLUM_TRY(seal.key, from_hex(text_of(json, "key"), 32));
  VELLUM_TRY(seal.signature, from_hex(text_of(json, "signature"), 64));
  return seal;
}

Json InclusionProof::to_json() const {
  Json json = Json::object();
  json["format"] = "vellum.proof/1";
  Json& named = json["capture"] = Json::object();
  named["id"] = capture;
  named["url"] = url;
  named["captured"] = to_rfc3339(captured);
  named["digest"] = digest.to_text();
  if (removed) named["taken_down"] = *removed;
  json["leaf"] = leaf_of(capture, url, captured, digest).to_text();
  json["index"] = index;
  json["path"] = Json::array();
  for (const Digest& node : path) json["path"].push_back(node.to_text());
  json["seal"] = seal.to_json();
  json["statement"] = seal.statement();
  return json;
}

Digest leaf_of(CaptureId id, std::string_view url, Timestamp captured, const Digest& digest) {
  Sha256 hash;
  hash.update(std::string_view("\0", 1));
  hash.update(fmt::format("{} {} {} {}", id, url, to_rfc3339(captured), digest.to_text()));
  return hash.finish();
}

Digest node_of(const Digest& left, const Digest& right) {
  Sha256 hash;
  hash.update("\x01");
  hash.update(left.view());
  hash.update(right.view());
  return hash.finish();
}

// Level by level; a last node without a sibling goes up as it is, which is RFC 6962's tree.
Digest merkle_root(const std::vector<Digest>& leaves) {
  if (leaves.empty()) return sha256("");
  std::vector<Digest> level = leaves;
  while (level.size() > 1) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < level.size(); i += 2)
      level[out++] = i + 1 < level.size() ? node_of(level[i], level[i + 1]) : level[i];
    level.resize(out);
  }
  return level.front();
}

std::vector<Digest> merkle_path(const std::vector<Digest>& leaves, std::size_t index) {
  std::vector<Digest> down;
  std::size_t from = 0, to = leaves.size();
  const auto part = [&](std::size_t a, std::size_t b) {
    return merkle_root(
        {leaves.begin() + static_cast<std::ptrdiff_t>(a), leaves.begin() + static_cast<std::ptrdiff_t>(b)});
  };
  while (to - from > 1) {
    const std::size_t middle = from + split_of(to - from);
    const bool is_left = index < middle;
    down.push_back(is_left ? part(middle, to) : part(from, middle));
    (is_left ? to : from) = middle;
  }
  return {down.rbegin(), down.rend()};
}

}  // namespace vellum::storage
