// RFC 9309, statement by statement. Departures are marked NOTE.

#include "crawler/policy/robots.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "crawler/policy/robots_pattern.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kMaxBytes = 500 << 10;
constexpr std::size_t kMaxRuleText = 500;  // of a rule as it is recorded; the whole of it is matched
constexpr Duration kMaxCrawlDelay = std::chrono::hours(24);

enum class Key { kUserAgent, kAllow, kDisallow, kSitemap, kCrawlDelay, kOther };

struct Line {
  Key key = Key::kOther;
  std::string_view name, value;
  int number = 0;
};

// NOTE: the misspellings that Google's parser knows too. Each can only be meant one way, and taking them forbids more.
Key key_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Key>, 12> kNames = {{{"user-agent", Key::kUserAgent},
                                                                        {"useragent", Key::kUserAgent},
                                                                        {"user agent", Key::kUserAgent},
                                                                        {"allow", Key::kAllow},
                                                                        {"disallow", Key::kDisallow},
                                                                        {"dissallow", Key::kDisallow},
                                                                        {"dissalow", Key::kDisallow},
                                                                        {"disalow", Key::kDisallow},
                                                                        {"diasllow", Key::kDisallow},
                                                                        {"disallaw", Key::kDisallow},
                                                                        {"sitemap", Key::kSitemap},
                                                                        {"crawl-delay", Key::kCrawlDelay}}};
  for (const auto& [known, key] : kNames) {
    if (equals_ignore_case(name, known)) return key;
  }
  return Key::kOther;
}

// 2.2: startgroupline, rule: *WS name *WS ":" *WS value *WS [comment]. Names are case-insensitive.
Line read_line(std::string_view text, int number) {
  text = trim(text.substr(0, text.find('#')));
  Line line;
  line.number = number;
  std::size_t separator = text.find(':');
  if (separator == std::string_view::npos) {
    // NOTE: "disallow /x" without its colon is taken where two words stand, as Google does: what is meant is plain.
    separator = text.find_first_of(" \t");
    if (separator == std::string_view::npos) return line;
    if (trim(text.substr(separator)).find_first_of(" \t") != std::string_view::npos) return line;
  }
  line.name = trim(text.substr(0, separator));
  line.value = trim(text.substr(separator + 1));
  line.key = key_of(line.name);
  return line;
}

// NOTE: a byte order mark, whole or its beginning, is skipped although the file "MUST be UTF-8" without a word on
// marks.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  std::size_t n = 0;
  while (n < kMark.size() && n < text.size() && text[n] == kMark[n]) ++n;
  return text.substr(n);
}

// 2.2: EOL = *1(CR / LF / CRLF).
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    visit(read_line(text.substr(0, end), number));
    text.remove_prefix(end);
    if (text.substr(0, 2) == "\r\n") text.remove_prefix(1);
    if (!text.empty()) text.remove_prefix(1);
  }
}

// 2.5: "the parsing limit MUST be at least 500 kibibytes". What the limit cuts through is left out: half a rule is
// another rule.
std::string_view within_limit(std::string_view text) {
  if (text.size() <= kMaxBytes) return text;
  const std::size_t end = text.substr(0, kMaxBytes).find_last_of("\r\n");
  return text.substr(0, end == std::string_view::npos ? 0 : end);
}

bool is_token_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

// 2.2.1: a product token "MUST contain only uppercase and lowercase letters, underscores and hyphens".
std::string_view leading_token(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_token_char(text[n])) ++n;
  return text.substr(0, n);
}

// Seconds, with a fraction; at most a day.
std::optional<Duration> read_delay(std::string_view value) {
  if (value.empty() || value.front() < '0' || value.front() > '9')
    return std::nullopt;  // "inf" is a number to from_chars
  double seconds = 0;
  const auto fault = std::from_chars(value.data(), value.data() + value.size(), seconds, std::chars_format::fixed).ec;
  if (fault != std::errc()) return std::nullopt;
  const double most = std::chrono::duration<double>(kMaxCrawlDelay).count();
  return Duration(static_cast<Duration::rep>(std::min(seconds, most) * 1e6));
}

}  // namespace

struct Robots::Rules {
  struct Rule {
    RobotsPattern pattern;
    bool allow = false;
    std::string text;
    int line = 0;
  };
  std::vector<Rule> rules;  // most specific first
  std::optional<Duration> crawl_delay;
  std::vector<std::string> sitemaps;
  std::string everything_forbidden;  // why; set by disallow_all
};

namespace {

// What the groups of one agent say, gathered over the whole file.
struct Gathered {
  bool named = false;  // some group is for this agent
  std::vector<Line> rules;
  std::optional<Duration> delay;

  void add(const Line& line) {
    if (line.key != Key::kCrawlDelay) {
      rules.push_back(line);
    } else if (const auto asked = read_delay(line.value)) {
      delay = std::max(delay.value_or(Duration::zero()), *asked);
    }
  }
};

// Reads lines into the groups of one agent and of "*".
class GroupReader {
 public:
  explicit GroupReader(std::string_view agent) : agent_(agent) {}

  void take(const Line& line) {
    switch (line.key) {
      case Key::kUserAgent:
        return begin(line.value);
      case Key::kSitemap:
        // 2.2.4: other records "MUST NOT interfere": a Sitemap line ends no group and begins none.
        return sitemaps_.emplace_back(line.value), void();
      case Key::kAllow:
      case Key::kDisallow:
        in_rules_ = true;
        break;
      case Key::kCrawlDelay:
        // The same statement keeps a Crawl-delay between two User-agent lines from parting them.
        break;
      case Key::kOther:
        return;
    }
    if (for_agent_) specific_.add(line);
    if (for_all_) general_.add(line);
  }

  // 2.2.1: "If no matching group exists, crawlers MUST obey the group with a user-agent line with the "*" value, if
  // present. If no group satisfies either condition, or no groups are present at all, no rules apply."
  const Gathered& result() const { return specific_.named ? specific_ : general_; }
  std::vector<std::string>& sitemaps() { return sitemaps_; }

 private:
  // 2.1: a group is "one or more user-agent lines that are followed by one or more rules" and ends at the next
  // user-agent line after a rule. 2.2.1: "If there is more than one group matching the user-agent, the matching groups'
  // rules MUST be combined into one group": gathered as they come.
  void begin(std::string_view value) {
    if (in_rules_) for_agent_ = for_all_ = in_rules_ = false;
    if (value == "*" || value.substr(0, 2) == "* ") {
      for_all_ = general_.named = true;
    } else if (!agent_.empty() && equals_ignore_case(leading_token(value), agent_)) {
      // 2.2.1: "Crawlers MUST use case-insensitive matching".
      // NOTE: of "Foo/1.0" or "Foo Bar", which are no tokens, the token that they begin with is used.
      for_agent_ = specific_.named = true;
    }
  }

  std::string_view agent_;
  bool for_agent_ = false, for_all_ = false, in_rules_ = false;
  Gathered specific_, general_;
  std::vector<std::string> sitemaps_;
};

template <class Rule>
void add_rules(const Line& line, std::vector<Rule>& rules) {
  if (line.value.empty()) return;  // 2.2: empty-pattern: names no path
  const bool allow = line.key == Key::kAllow;
  const std::string text =
      std::string(allow ? "Allow: " : "Disallow: ") + std::string(line.value.substr(0, kMaxRuleText));
  rules.push_back({RobotsPattern(line.value), allow, text, line.number});
  // NOTE: as with Google, who may read a folder's index.html may ask for the folder.
  const std::size_t slash = line.value.rfind('/');
  if (!allow || slash == std::string_view::npos || line.value.substr(slash).substr(0, 10) != "/index.htm") return;
  rules.push_back({RobotsPattern(std::string(line.value.substr(0, slash + 1)) + "$"), allow, text, line.number});
}

}  // namespace

Robots Robots::parse(std::string_view text, std::string_view agent) {
  const std::string token = product_token(agent);
  GroupReader groups(token);
  for_each_line(without_mark(within_limit(text)), [&](const Line& line) { groups.take(line); });
  auto rules = std::make_shared<Rules>();
  for (const Line& line : groups.result().rules) add_rules(line, rules->rules);
  // 2.2.2: "The most specific match found MUST be used. The most specific match is the match that has the most octets.
  // If an allow rule and a disallow rule are equivalent, then the allow rule SHOULD be used."
  std::stable_sort(rules->rules.begin(), rules->rules.end(), [](const auto& a, const auto& b) {
    if (a.pattern.octets() != b.pattern.octets()) return a.pattern.octets() > b.pattern.octets();
    return a.allow && !b.allow;
  });
  rules->crawl_delay = groups.result().delay;
  rules->sitemaps = std::move(groups.sitemaps());
  Robots robots;
  robots.rules_ = std::move(rules);
  return robots;
}

Robots Robots::allow_all() {
  Robots robots;
  robots.rules_ = std::make_shared<Rules>();
  return robots;
}

Robots Robots::disallow_all(std::string why) {
  auto rules = std::make_shared<Rules>();
  rules->everything_forbidden = std::move(why);
  Robots robots;
  robots.rules_ = std::move(rules);
  return robots;
}

RobotsDecision Robots::decide(std::string_view path_and_query) const {
  // 2.2.2: "The /robots.txt URI is implicitly allowed."
  if (path_and_query == "/robots.txt") return {};
  if (!rules_->everything_forbidden.empty()) return {false, rules_->everything_forbidden, 0};
  const RobotsPath path(path_and_query.empty() ? "/" : path_and_query);
  for (const auto& rule : rules_->rules) {
    if (rule.pattern.matches(path)) return {rule.allow, rule.text, rule.line};
  }
  return {};  // 2.2.2: "If no match is found amongst the rules in a group, the URI is allowed."
}

std::optional<Duration> Robots::crawl_delay() const {
  return rules_->crawl_delay;
}

std::vector<std::string> Robots::sitemaps() const {
  return rules_->sitemaps;
}

// 2.2.1: the product token is a substring of the identification string; its example is
// "Mozilla/5.0 (compatible; ExampleBot/0.1; https://www.example.com/bot.html)".
std::string product_token(std::string_view user_agent) {
  user_agent = trim(user_agent);
  constexpr std::string_view kCompatible = "(compatible; ";
  const std::size_t compatible = user_agent.find(kCompatible);
  if (starts_with_ignore_case(user_agent, "Mozilla/") && compatible != std::string_view::npos)
    user_agent.remove_prefix(compatible + kCompatible.size());
  const std::string_view token = leading_token(user_agent);
  std::string_view rest = user_agent.substr(token.size());
  if (rest.empty() || rest.front() == '/' || rest.front() == ';' || rest.front() == ')') return std::string(token);
  // "Foo (contact)" and "Foo 1.0" are plain; "Foo Bar" might be called either, so no group is for it but "*".
  rest = trim(rest);
  return rest.size() < user_agent.size() - token.size() && !is_token_char(rest.front()) ? std::string(token)
                                                                                        : std::string();
}

}  // namespace vellum::policy
