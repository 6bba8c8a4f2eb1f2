// What stays of captures that were taken down, and of those that are withheld for a time.
//
// A tombstone names the capture, when and why it was taken down, and the digest of its payload: enough to answer
// whoever asks for it, and to show that a seal over it still holds. Nothing of what it contained.
//
// Plain values. Stored as: docs/formats.md, "Take-downs".

#pragma once

#include "storage/archive/capture.h"

namespace vellum::storage {

struct Tombstone {
  CaptureId id = 0;
  std::string url;
  Timestamp captured{};
  Digest digest;
  std::uint64_t bytes = 0;
  RunId run = 0;
  std::string reason;
  bool is_legal = false;  // a law asks for it: replay answers 451 (RFC 7725), else 410
  Timestamp at{};

  Json to_json() const;
  static Result<Tombstone> from_json(const Json& json);
};

// An address that crawls leave alone after a take-down: one (by its replay key), or all that start with it.
struct ClosedAddress {
  std::string address;
  bool is_prefix = false;
  std::string reason;
  Timestamp at{};

  Json to_json() const;
  static Result<ClosedAddress> from_json(const Json& json);
};

// One address (by its replay key), or all that start with it.
struct AddressRange {
  std::string address;
  bool is_prefix = false;
};

// Left out of replay and exports until then; nothing is deleted. Of one capture, or of an address, also of what is
// captured there later.
struct Embargo {
  CaptureId capture = 0;  // 0: of the address
  AddressRange range;
  Timestamp until{};
  std::string reason;
  Timestamp at{};

  Json to_json() const;
  static Result<Embargo> from_json(const Json& json);
};

}  // namespace vellum::storage
