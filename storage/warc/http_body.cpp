#include "storage/warc/http_body.h"

#include <algorithm>
#include <cctype>

namespace vellum::warc {

std::string_view HttpSplitter::add(std::string_view piece) {
  if (is_done_) return piece;
  const std::size_t before = head_.size();
  head_.append(piece.substr(0, std::min(piece.size(), kMostHeadBytes - std::min(before, kMostHeadBytes))));
  for (std::size_t at = before < 3 ? 0 : before - 3;;) {
    at = head_.find('\n', at);
    if (at == std::string::npos) break;
    ++at;
    const std::string_view rest = std::string_view(head_).substr(at);
    const std::size_t length = rest.starts_with('\n') ? 1 : rest.starts_with("\r\n") ? 2 : 0;
    if (length == 0) continue;
    head_.resize(at + length);
    is_done_ = true;
    return piece.substr(head_.size() - before);
  }
  is_done_ = head_.size() >= kMostHeadBytes;
  return is_done_ ? piece.substr(head_.size() - before) : std::string_view();
}

void Dechunker::add(std::string_view piece, const Sink& sink) {
  while (!piece.empty() && state_ != State::kDone && state_ != State::kBroken) {
    if (state_ != State::kData) {
      step(piece.front());
      piece.remove_prefix(1);
      continue;
    }
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
    sink(piece.substr(0, taken));
    piece.remove_prefix(taken);
    left_ -= taken;
    if (left_ == 0) state_ = State::kDataEnd;
  }
}

void Dechunker::step_size(char c) {
  const bool is_digit = std::isxdigit(static_cast<unsigned char>(c)) != 0;
  if (is_digit && digits_ < 15) {
    left_ = left_ * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    ++digits_;
  } else if (digits_ == 0 || is_digit) {
    state_ = State::kBroken;
  } else if (c == '\n') {
    state_ = left_ > 0 ? State::kData : State::kTrailer;
  } else {
    state_ = c == '\r' || c == ';' || c == ' ' || c == '\t' ? State::kExtension : State::kBroken;
  }
}

void Dechunker::step(char c) {
  switch (state_) {
    case State::kSize:
      step_size(c);
      break;
    case State::kExtension:
      if (c == '\n') state_ = left_ > 0 ? State::kData : State::kTrailer;
      break;
    case State::kDataEnd:
      if (c == '\n') {
        state_ = State::kSize;
        digits_ = 0;
      } else if (c != '\r') {
        state_ = State::kBroken;
      }
      break;
    case State::kTrailer:
      if (c == '\n' && line_ == 0) state_ = State::kDone;
      line_ = c == '\n' ? 0 : line_ + (c == '\r' ? 0 : 1);
      break;
    default:
      break;
  }
}

}  // namespace vellum::warc
