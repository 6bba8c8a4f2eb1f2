#include "storage/warc/exporter.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/http_message.h"
#include "base/text.h"
#include "base/url_key.h"
#include "storage/warc/digest_text.h"
#include "storage/warc/exported_head.h"

namespace vellum::warc {

using storage::Capture;

namespace {

constexpr std::size_t kMostOriginals = 65536;
constexpr std::uint64_t kLeastRevisit = 256;  // a revisit record is no smaller than such a payload

std::string sha1_of(std::string_view bytes) {
  return "sha1:" + sha1_base32(bytes);
}

// WARC-IP-Address has no port and no brackets.
std::string address_of(std::string text) {
  if (text.starts_with('[')) text = text.substr(1, text.find(']') - 1);
  if (std::count(text.begin(), text.end(), ':') == 1) text.resize(text.find(':'));
  unsigned char parsed[sizeof(in6_addr)];
  const bool is_one = inet_pton(AF_INET, text.c_str(), parsed) == 1 || inet_pton(AF_INET6, text.c_str(), parsed) == 1;
  return is_one ? text : std::string();
}

bool is_digest_of(const std::string& text, std::string_view bytes) {
  const auto digest = parse_labelled_digest(text);
  auto hasher = Hasher::open(digest ? digest->algorithm : "");
  if (!digest || !hasher) return false;
  hasher->update(bytes);
  return digest->matches(hasher->finish());
}

std::string replay_key(const std::string& text) {
  const auto url = Url::parse(text);
  return url ? surt(*url) : text;
}

}  // namespace

// What a capture becomes in the file.
struct Exporter::Exchange {
  std::string id;      // of the response, revisit or resource
  std::string head;    // header block, "" of a resource
  std::string body;    // behind it
  std::string digest;  // of the payload, labelled
  std::string request;
  std::string not_modified;
  std::string truncated;
  std::string payload;          // decoded, where the body is not
  bool is_as_received = false;  // the body has the content coding that it came in
};

Result<ExportCounts> Exporter::run() {
  Result<void> written;
  VELLUM_CHECK(archive_.scan(options_.prefix, [&](const Capture& capture) {
    if (!is_selected(capture)) return true;
    written = export_capture(capture);
    return written.has_value();
  }));
  VELLUM_CHECK(std::move(written));
  if (!has_warcinfo_) VELLUM_CHECK(write_warcinfo(Capture()));
  return counts_;
}

bool Exporter::is_selected(const Capture& capture) {
  if (options_.from && capture.captured < *options_.from) return false;
  if (options_.to && capture.captured > *options_.to) return false;
  const bool is_kept_back =
      std::find(capture.rights.begin(), capture.rights.end(), "noarchive") != capture.rights.end();
  if (is_kept_back && !options_.even_noarchive) ++counts_.left_out;
  return !is_kept_back || options_.even_noarchive;
}

// Its date and id come from the first capture, so that the same selection gives the same bytes.
Result<void> Exporter::write_warcinfo(const Capture& first) {
  has_warcinfo_ = true;
  const std::string standard =
      writer_.options().version == "1.0"
          ? "WARC File Format 1.0\r\nconformsTo: http://bibnum.bnf.fr/WARC/WARC_ISO_28500_version1_latestdraft.pdf"
          : "WARC File Format 1.1\r\nconformsTo: "
            "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";
  const std::string block = "software: " + options_.software + "\r\nformat: " + standard + "\r\n";
  NewRecord record;
  record.type = "warcinfo";
  record.id = urn_uuid({"warcinfo", options_.filename, options_.prefix, first.url, to_rfc3339(first.captured)});
  record.date = first.captured;
  record.content_type = "application/warc-fields";
  if (!options_.filename.empty()) record.fields.push_back({"WARC-Filename", options_.filename});
  record.block = {block};
  VELLUM_TRY(const Placed placed, writer_.write(record));
  static_cast<void>(placed);
  return {};
}

Result<void> Exporter::failed(const Capture& capture, const Error& error) {
  counts_.failures.push_back(capture.url + " of " + to_rfc3339(capture.captured) + ": " + error.message);
  return {};
}

Result<void> Exporter::export_capture(const Capture& capture) {
  if (capture.is_revisit()) return export_revisit(capture);
  auto exchange = read_exchange(capture);
  if (!exchange) return failed(capture, exchange.error());
  ++counts_.captures;
  return write_capture(capture, *exchange);
}

Result<void> Exporter::write_capture(const Capture& capture, const Exchange& exchange) {
  if (!has_warcinfo_) VELLUM_CHECK(write_warcinfo(capture));
  VELLUM_CHECK(write_exchange(capture, exchange));
  VELLUM_CHECK(write_request(capture, exchange));
  VELLUM_CHECK(write_article(capture, exchange));
  return on_capture_ ? on_capture_(capture, exchange.is_as_received ? exchange.payload : exchange.body)
                     : Result<void>();
}

// A revisit has no body of its own: its record is the header of the 304 and names the payload that it is about.
Result<Exporter::Exchange> Exporter::read_revisit(const Capture& capture, const Capture& original) const {
  VELLUM_TRY(Exchange out, read_exchange(original));
  VELLUM_TRY(const storage::HeaderBlocks headers, archive_.headers(capture.id));
  out.id = urn_uuid({"capture", capture.url, to_rfc3339(capture.captured), capture.digest.to_text()});
  out.request = headers.request;
  out.not_modified = headers.response;
  return out;
}

// Writes what it refers to first, even from outside the selection, where the file does not have that payload yet.
Result<void> Exporter::export_revisit(const Capture& capture) {
  const auto original = archive_.capture(capture.refers_to->capture);
  auto exchange = original ? read_revisit(capture, *original) : Result<Exchange>(fail(original.error()));
  if (!exchange) return failed(capture, exchange.error());
  if (find_original(capture, *exchange) == nullptr) VELLUM_CHECK(export_capture(*original));
  ++counts_.captures;
  return write_capture(capture, *exchange);
}

Result<Exporter::Exchange> Exporter::read_exchange(const Capture& capture) const {
  Exchange out;
  VELLUM_TRY(std::string payload, archive_.payload(capture.digest));
  VELLUM_TRY(const storage::HeaderBlocks headers, archive_.headers(capture.id));
  out.id = urn_uuid({"capture", capture.url, to_rfc3339(capture.captured), capture.digest.to_text()});
  out.request = headers.request;
  if (capture.wire.empty()) {
    out.head = exported_head(headers.response, payload.size(), ExportedBody::kDecoded);
    out.body = std::move(payload);
    out.digest = sha1_of(out.body);
    return out;
  }
  VELLUM_TRY(const Wire wire, Wire::decode(capture.wire));
  out.not_modified = wire.not_modified;
  out.truncated = wire.truncated;
  auto coded = rebuild_coded(wire, payload, capture.coded_digest);
  out.is_as_received = coded.has_value();
  if (!coded) {
    out.head = exported_head(headers.response, payload.size(), ExportedBody::kDecoded);
    out.body = std::move(payload);
    out.digest = sha1_of(out.body);
    return out;
  }
  out.payload = std::move(payload);
  out.digest = wire.digest.empty() ? sha1_of(*coded) : wire.digest;
  if (wire.frames.empty()) {
    out.head = headers.response;
    out.body = *std::move(coded);
  } else if (is_digest_of(out.digest, *coded)) {
    // Readers differ on whether chunked coding belongs to the payload; without it they all agree with the digest.
    out.head = exported_head(headers.response, coded->size(), ExportedBody::kCoded);
    out.body = *std::move(coded);
  } else {
    out.head = headers.response;
    VELLUM_TRY(out.body, rebuild_body(wire, out.payload, capture.coded_digest));
  }
  return out;
}

const Exporter::Original* Exporter::original_of(const Capture& capture, const Exchange& exchange) const {
  if (exchange.body.size() < kLeastRevisit && exchange.not_modified.empty()) return nullptr;
  return find_original(capture, exchange);
}

const Exporter::Original* Exporter::find_original(const Capture& capture, const Exchange& exchange) const {
  const auto found = originals_.find(exchange.digest);
  const bool is_earlier = found != originals_.end() && found->second.captured <= capture.captured;
  return is_earlier && !exchange.head.empty() ? &found->second : nullptr;
}

void Exporter::remember(const Capture& capture, const Exchange& exchange) {
  const auto [place, is_new] =
      originals_.insert_or_assign(exchange.digest, Original{exchange.id, capture.url, capture.captured});
  static_cast<void>(place);
  if (!is_new) return;
  order_.push_back(exchange.digest);
  if (order_.size() <= kMostOriginals) return;
  originals_.erase(order_.front());
  order_.pop_front();
}

Result<void> Exporter::write_exchange(const Capture& capture, const Exchange& exchange) {
  const Original* original = original_of(capture, exchange);
  const bool is_same_url = original != nullptr && original->url == capture.url;
  const bool is_unmodified =
      original != nullptr && !exchange.not_modified.empty() && (is_same_url || capture.is_revisit());
  const std::string profiles = "http://netpreserve.org/warc/" + writer_.options().version + "/revisit/";
  NewRecord record;
  record.type = original != nullptr ? "revisit" : exchange.head.empty() ? "resource" : "response";
  record.id = exchange.id;
  record.date = capture.captured;
  record.fields.push_back({"WARC-Target-URI", capture.url});
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) record.fields.push_back({name, value});
  };
  add("WARC-IP-Address", address_of(capture.remote_address));
  if (capture.protocol.starts_with("HTTP/2")) add("WARC-Protocol", "h2");
  if (capture.protocol.starts_with("HTTP/3")) add("WARC-Protocol", "h3");
  if (original != nullptr) {
    add("WARC-Profile", profiles + (is_unmodified ? "server-not-modified" : "identical-payload-digest"));
    add("WARC-Refers-To", "<" + original->id + ">");
    add("WARC-Refers-To-Target-URI", original->url);
    add("WARC-Refers-To-Date", writer_.date_text(original->captured));
    if (!capture.is_revisit()) add("WARC-Truncated", "length");  // the whole answer to a conditional request is there
  } else {
    add("WARC-Truncated", exchange.truncated);
  }
  add("WARC-Payload-Digest", exchange.digest);
  if (!exchange.request.empty()) add("WARC-Concurrent-To", "<" + urn_uuid({"request", exchange.id}) + ">");
  record.content_type = exchange.head.empty() ? capture.mime : "application/http;msgtype=response";
  record.block = {is_unmodified ? exchange.not_modified : exchange.head};
  if (original == nullptr) record.block.push_back(exchange.body);
  VELLUM_TRY(const Placed placed, writer_.write(record));
  ++(original != nullptr ? counts_.revisits : exchange.head.empty() ? counts_.resources : counts_.responses);
  const bool is_revisit = original != nullptr;
  if (!is_revisit) remember(capture, exchange);
  return write_index(capture, exchange, placed, is_revisit);
}

Result<void> Exporter::write_request(const Capture& capture, const Exchange& exchange) {
  if (exchange.request.empty()) return {};
  NewRecord record;
  record.type = "request";
  record.id = urn_uuid({"request", exchange.id});
  record.date = capture.captured;
  record.fields = {{"WARC-Target-URI", capture.url}, {"WARC-Concurrent-To", "<" + exchange.id + ">"}};
  record.content_type = "application/http;msgtype=request";
  record.block = {exchange.request};
  VELLUM_TRY(const Placed placed, writer_.write(record));
  static_cast<void>(placed);
  ++counts_.requests;
  return {};
}

Result<void> Exporter::write_article(const Capture& capture, const Exchange& exchange) {
  const auto article = archive_.article(capture.id);
  if (!article && article.error().kind == ErrorKind::kNotFound) return {};
  if (!article) return fail(article.error());
  const std::string text = to_line(article->record);
  NewRecord record;
  record.type = "metadata";
  record.id = urn_uuid({"article", exchange.id, article->plugin, std::to_string(article->plugin_version)});
  record.date = capture.captured;
  record.fields = {{"WARC-Target-URI", capture.url}, {"WARC-Refers-To", "<" + exchange.id + ">"}};
  record.content_type = "application/json";
  record.block = {text};
  VELLUM_TRY(const Placed placed, writer_.write(record));
  static_cast<void>(placed);
  ++counts_.metadata;
  return {};
}

Result<void> Exporter::write_index(const Capture& capture, const Exchange& exchange, const Placed& placed,
                                   bool is_revisit) {
  if (!on_index_) return {};
  IndexLine line;
  line.key = replay_key(capture.url);
  line.captured = capture.captured;
  line.url = capture.url;
  line.mime = is_revisit ? "warc/revisit" : capture.mime;
  line.status = exchange.head.empty() ? 0 : capture.status;
  line.digest = exchange.digest;
  const auto base = Url::parse(capture.url);
  const auto location = HeaderBlock(exchange.head).first("Location");
  if (location && base && capture.status >= 300 && capture.status < 400) {
    const auto target = Url::parse(*location, &*base);
    if (target) line.redirect = target->href();
  }
  line.filename = options_.filename;
  line.offset = placed.offset;
  line.length = placed.length;
  line.record_digest = placed.digest.to_text();
  line.record_id = exchange.id;
  return on_index_(line);
}

}  // namespace vellum::warc
