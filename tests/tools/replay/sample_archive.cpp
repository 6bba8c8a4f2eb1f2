#include "tests/tools/replay/sample_archive.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <stdexcept>

namespace vellum::replay {
namespace {

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

std::string header_block(const SamplePage& page) {
  std::string block = "HTTP/1.1 " + std::to_string(page.status) + " X\r\nContent-Type: " + page.mime + "\r\n";
  for (const std::string& line : page.header_lines) block += line + "\r\n";
  return block + "\r\n";
}

}  // namespace

SampleArchive::SampleArchive() : folder_(scratch_.path() / "archive") {
  catalog_ = value_of(storage::Catalog::open(folder_, {SystemClock().now(), std::chrono::seconds(5), true}));
}

storage::Capture SampleArchive::add(const SamplePage& page) {
  storage::NewCapture added;
  added.payload = value_of(catalog_->prepare(page.body, {page.url, "", page.mime}));
  added.headers.response = header_block(page);
  storage::Capture& capture = added.capture;
  capture.url = page.url;
  capture.captured = value_of(parse_timestamp(page.time));
  capture.status = page.status;
  capture.mime = page.mime.substr(0, page.mime.find(';'));
  capture.bytes = capture.coded_bytes = page.body.size();
  capture.digest = capture.coded_digest = added.payload.digest;
  capture.verdict = page.verdict;
  capture.quarantined = page.quarantined;
  capture.role = page.role;
  capture.rights = page.rights;
  storage::Commit changes;
  changes.captures.push_back(std::move(added));
  return commit(std::move(changes)).captures.at(0);
}

void SampleArchive::add_record(const storage::Capture& capture, Json record) {
  record["url"] = capture.url;
  record["captured"] = to_rfc3339(capture.captured);
  storage::Commit changes;
  changes.articles.push_back({capture.id, capture.url, capture.captured, "test.plugin", 1, std::move(record), {}});
  commit(std::move(changes));
}

std::unique_ptr<storage::Archive> SampleArchive::open() const {
  return value_of(storage::Archive::open(folder_));
}

storage::CommitAck SampleArchive::commit(storage::Commit changes) {
  boost::asio::io_context io;
  std::optional<Result<storage::CommitAck>> outcome;
  boost::asio::co_spawn(io, catalog_->commit(std::move(changes)),
                        [&](std::exception_ptr, Result<storage::CommitAck> result) { outcome = std::move(result); });
  io.run();
  return value_of(*std::move(outcome));
}

Json sample_record(const std::string& title, const std::string& doi, const std::string& pmid) {
  Json record;
  record["schema"] = "vellum.article/1";
  record["kind"] = "article";
  record["title"] = title;
  record["journal"]["title"] = "Journal of Tests";
  record["published"] = "2019-01";
  if (!doi.empty()) record["ids"]["doi"] = doi;
  if (!pmid.empty()) record["ids"]["pmid"] = pmid;
  return record;
}

}  // namespace vellum::replay
