// The suffix of a DOI as it is read out of a page's text. Inner part of scholarly_id; use find_dois elsewhere.
// Threads: any.

#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::doi_detail {

inline constexpr std::size_t kMaxDoiBytes = 2048;  // longer is no DOI; bounds the memory of a candidate

// One character as a reader of the page would see it: entities undone (twice, for pages that escape twice) and
// percent-encoding undone once.
struct Unit {
  char32_t code_point = 0;
  std::size_t length = 0;  // bytes in the text
  bool encoded = false;    // it stood there percent-encoded
  bool valid = true;
};

// `text` is not empty.
Unit next_unit(std::string_view text);

struct Suffix {
  std::u32string characters;      // ASCII in lower case
  std::vector<std::size_t> ends;  // in the text, behind each of the characters
  std::size_t end = 0;            // where it stopped: a search goes on there
  bool damaged = false;           // holds what no DOI holds, and what stood there is a guess
};

// Reads from `at`, behind the registrant and its slash, to something that no DOI holds. Linear in what it reads.
Suffix read_suffix(std::string_view text, std::size_t at);

// Takes off what stands behind a DOI without belonging to it: punctuation, unbalanced brackets, and ends of publishers'
// addresses ("/abstract"; in a publisher's URL also ".pdf").
void trim_suffix(std::u32string& suffix, bool in_publisher_url);

// bioRxiv and medRxiv name versions behind the DOI: "2020.03.22.002386v3".
void drop_preprint_version(std::u32string& suffix);

// Dashes and the like that typesetting or a bad conversion put where a hyphen was: what stood there is a guess.
bool is_damage(char32_t c);

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words);  // ASCII case ignored

}  // namespace vellum::doi_detail
