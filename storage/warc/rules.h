// Every rule that `vellum warc check` knows, with the section of WARC 1.1 (ISO 28500:2017) that it comes from.
//
// A fault breaks a "shall" (or makes the file unreadable); advice goes against a "should" or a recommendation of the
// IIPC's annotations, and leaves a file clean. Names are stable: scripts may look for them.
//
// Threads: constants.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace vellum::warc {

enum class Severity { kFault, kAdvice };

struct Rule {
  std::string_view name;
  std::string_view section;  // of WARC 1.1, else of the document named
  Severity severity;
  std::string_view text;
};

namespace rule {

inline constexpr auto kFault = Severity::kFault;
inline constexpr auto kAdvice = Severity::kAdvice;

// --- the file, and its coding
inline constexpr Rule kNoRecords{"no-records", "4", kFault, "a file holds one or more records"};
inline constexpr Rule kGzipClipped{"gzip-clipped", "D.2, RFC 1952 2.2", kFault, "a gzip member has an end"};
inline constexpr Rule kGzipDamaged{"gzip-damaged", "D.2, RFC 1952 2.3.1", kFault, "a gzip member inflates to its CRC"};
inline constexpr Rule kGzipGarbage{"gzip-garbage", "D.2, RFC 1952 2.2", kFault, "only members follow a member"};
inline constexpr Rule kZstdClipped{"zstd-clipped", "warc-zstd, RFC 8878 3.1", kFault, "a zstd frame has an end"};
inline constexpr Rule kZstdDamaged{"zstd-damaged", "warc-zstd, RFC 8878 3.1", kFault, "a zstd frame decodes"};
inline constexpr Rule kZstdDictionary{"zstd-dictionary", "warc-zstd", kFault, "a dictionary frame holds one of 8 MiB"};
inline constexpr Rule kZstdFrame{"zstd-frame", "warc-zstd", kFault, "frames carry content size and checksum"};
inline constexpr Rule kMemberPerRecord{"member-per-record", "D.2", kFault, "each record is a member of its own"};

inline constexpr Rule kExpansion{"expansion", "D.2", kFault,
                                 "a file does not decode to 250 times its size (our limit)"};

// --- the record
inline constexpr Rule kVersionLine{"version-line", "4", kFault, "a record begins with WARC/ and a version"};
inline constexpr Rule kVersion{"version", "4", kFault, "the version is 0.17, 0.18, 1.0 or 1.1"};
inline constexpr Rule kLineEnd{"line-end", "4", kFault, "header lines end in CR LF"};
inline constexpr Rule kHeaderClipped{"header-clipped", "4", kFault, "an empty line ends the header"};
inline constexpr Rule kHeaderSize{"header-size", "4", kFault,
                                  "a header has at most 1 MiB and 10,000 fields (our limit)"};
inline constexpr Rule kFieldSyntax{"field-syntax", "4", kFault, "a field is a token, a colon and a value"};
inline constexpr Rule kFieldText{"field-text", "4", kFault, "a field value holds no control characters"};
inline constexpr Rule kFieldUtf8{"field-utf8", "4", kFault, "a field value is UTF-8"};
inline constexpr Rule kFoldedField{"folded-field", "4, IIPC #74", kAdvice, "fields are not continued on a second line"};
inline constexpr Rule kEncodedWord{"encoded-word", "4, IIPC #67", kAdvice, "no RFC 2047 encoded-words"};
inline constexpr Rule kBlockClipped{"block-clipped", "5.3", kFault, "the block has Content-Length octets"};
inline constexpr Rule kRecordEnd{"record-end", "4", kFault, "two CR LF, and nothing else, end a record"};
inline constexpr Rule kMixedVersions{"mixed-versions", "4", kAdvice, "one file has records of one version"};

// --- fields
inline constexpr Rule kMandatoryField{"mandatory-field", "5.2-5.5", kFault,
                                      "WARC-Record-ID, Content-Length, WARC-Date and WARC-Type are there"};
inline constexpr Rule kRepeatedField{"repeated-field", "5.1", kFault, "only WARC-Concurrent-To may be repeated"};
inline constexpr Rule kEmptyField{"empty-field", "5", kFault, "a defined field has a value"};
inline constexpr Rule kRecordId{"record-id", "5.2", kFault, "WARC-Record-ID is a URI in angle brackets"};
inline constexpr Rule kContentLength{"content-length", "5.3", kFault, "Content-Length is digits"};
inline constexpr Rule kDate{"date", "5.4", kFault, "WARC-Date is a UTC time as of W3CDTF"};
inline constexpr Rule kRecordType{"record-type", "5.5", kAdvice, "a record of unknown type is ignored by readers"};
inline constexpr Rule kContentType{"content-type", "5.6", kFault, "Content-Type is a media type"};
inline constexpr Rule kContentTypeMissing{"content-type-missing", "5.6", kAdvice, "a block has a Content-Type"};
inline constexpr Rule kConcurrentTo{"concurrent-to", "5.7", kFault,
                                    "WARC-Concurrent-To is an id, of request, response, resource, metadata, revisit"};
inline constexpr Rule kDigestSyntax{"digest-syntax", "5.8", kFault, "a digest is a label, a colon and a value"};
inline constexpr Rule kDigestValue{"digest-value", "5.8, IIPC #80", kFault,
                                   "a digest's value has the length of its algorithm, in Base16, Base32 or Base64"};
inline constexpr Rule kDigestAlgorithm{"digest-algorithm", "5.8", kAdvice, "the algorithm is one that readers know"};
inline constexpr Rule kBlockDigest{"block-digest", "5.8", kFault, "WARC-Block-Digest is that of the block"};
inline constexpr Rule kPayloadDigest{"payload-digest", "5.9", kFault, "WARC-Payload-Digest is that of the payload"};
inline constexpr Rule kNoPayload{"no-payload", "5.9, 5.19", kAdvice, "warcinfo and metadata have no payload"};
inline constexpr Rule kIpAddress{"ip-address", "5.10", kFault, "WARC-IP-Address is an IPv4 or IPv6 address"};
inline constexpr Rule kRefersTo{"refers-to", "5.11", kFault, "WARC-Refers-To is an id"};
inline constexpr Rule kRefersToTargetUri{"refers-to-target-uri", "5.12", kFault, "WARC-Refers-To-Target-URI is a URI"};
inline constexpr Rule kRefersToDate{"refers-to-date", "5.13", kFault, "WARC-Refers-To-Date is a UTC time"};
inline constexpr Rule kTargetUri{"target-uri", "5.14", kFault, "WARC-Target-URI is a URI, not in angle brackets (1.1)"};
inline constexpr Rule kTargetUriMissing{"target-uri-missing", "5.14", kFault,
                                        "all but warcinfo and metadata have WARC-Target-URI"};
inline constexpr Rule kTruncated{"truncated", "5.15", kAdvice,
                                 "WARC-Truncated is length, time, disconnect or unspecified"};
inline constexpr Rule kWarcinfoId{"warcinfo-id", "5.16", kFault, "WARC-Warcinfo-ID is an id"};
inline constexpr Rule kFieldNotAllowed{"field-not-allowed", "5.7-5.22", kFault,
                                       "the field does not belong to this type of record"};
inline constexpr Rule kProfile{"profile", "5.18, 6.7", kFault, "a revisit has a WARC-Profile, which is a URI"};
inline constexpr Rule kProfileUnknown{"profile-unknown", "6.7", kAdvice,
                                      "the revisit's profile is one of the standard"};
inline constexpr Rule kIdentifiedType{"identified-payload-type", "5.19", kFault, "it is a media type"};
inline constexpr Rule kSegmentNumber{"segment-number", "5.20", kFault,
                                     "WARC-Segment-Number is 1 in a first segment, 2 and up in a continuation"};
inline constexpr Rule kSegmentOrigin{"segment-origin", "5.21", kFault, "a continuation has a WARC-Segment-Origin-ID"};
inline constexpr Rule kSegmentTotal{"segment-total", "5.22", kFault, "WARC-Segment-Total-Length is digits"};

// --- record types
inline constexpr Rule kWarcinfoType{"warcinfo-type", "6.2", kAdvice, "a warcinfo block is application/warc-fields"};
inline constexpr Rule kWarcFields{"warc-fields", "6.2", kAdvice, "application/warc-fields are named fields"};
inline constexpr Rule kHttpType{"http-type", "6.3.2, 6.5.2", kAdvice, "HTTP messages are application/http"};
inline constexpr Rule kMsgtype{"msgtype", "6.3.2, 6.5.2", kFault, "msgtype is that of the record"};
inline constexpr Rule kHttpMessage{"http-message", "6.3.2, 6.5.2", kAdvice, "the block begins with an HTTP message"};
inline constexpr Rule kRevisitDigest{"revisit-digest", "6.7.2", kFault,
                                     "identical-payload-digest has a WARC-Payload-Digest"};
inline constexpr Rule kRevisitTruncated{"revisit-truncated", "6.7.2", kAdvice,
                                        "a block without its body says WARC-Truncated: length"};
inline constexpr Rule kRevisitRefers{"revisit-refers", "6.7.2, 6.7.3", kAdvice,
                                     "a revisit names what it refers to: id, or URI and date"};

// --- ARC 1.0 and 2.0 (Internet Archive, 1996)
inline constexpr Rule kArcLine{"arc-line", "ARC 1", kFault, "a record begins with URL, address, date, type and length"};
inline constexpr Rule kArcEnd{"arc-end", "ARC 1", kFault, "a line feed ends a record"};

}  // namespace rule

struct Fault {
  const Rule* rule = nullptr;
  std::uint64_t offset = 0;  // in the file: of the fault where the file is plain, else of the member that holds it
  std::uint64_t record = 0;  // 1 for the first, 0 for what belongs to none
  std::string detail;        // "Content-Length is `12x`"
};
using FaultSink = std::function<void(Fault)>;

}  // namespace vellum::warc
