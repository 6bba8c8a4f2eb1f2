#include "plugins/host/rule_extractor.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/text.h"
#include "base/url_key.h"
#include "plugins/host/field_reader.h"
#include "plugins/host/group_reader.h"
#include "plugins/host/reference_reader.h"

namespace vellum::plugins {
namespace {

using html::Node;

bool fits(const Layout& layout, const PageView& page) {
  Node root = page.document().root();
  auto matches = [&](const SelectorPtr& selector) { return static_cast<bool>(selector->first(root)); };
  return std::all_of(layout.detect.begin(), layout.detect.end(), matches) &&
         std::none_of(layout.reject.begin(), layout.reject.end(), matches);
}

bool holds(const Layout& layout, Timestamp captured) {
  return (!layout.from || *layout.from <= captured) && (!layout.until || captured <= *layout.until);
}

// The heading of the abstract itself is no label of a part of it.
void drop_own_headings(Json& paragraphs) {
  static constexpr std::string_view kHeadings[] = {"abstract", "summary", "résumé", "resumen", "resumo"};
  for (Json& paragraph : paragraphs) {
    std::string label = to_lower_ascii(text_of(paragraph, "label"));
    while (label.ends_with(':') || label.ends_with('.')) label.pop_back();
    const bool is_own = std::find(std::begin(kHeadings), std::end(kHeadings), label) != std::end(kHeadings);
    if (is_own) paragraph.erase("label");
  }
}

// Reads the parts of one page by one layout.
class LayoutRun {
 public:
  LayoutRun(const Rule& rule, const Layout& layout, const PageView& page, const SubstanceJudge& judge)
      : rule_(rule),
        body_(layout.body),
        page_(page),
        judge_(judge),
        fields_(page, draft_.record),
        groups_(page, fields_) {}

  Draft run(const std::vector<Answer>& fragments) {
    draft_.record["kind"] = body_.kind;
    read_fields();
    for (const GroupRule& group : body_.groups) read_group(group);
    read_references(fragments);
    return std::move(draft_);
  }

 private:
  const GroupRule* group_named(std::string_view name) const {
    for (const GroupRule& group : body_.groups) {
      if (group.shape->name == name) return &group;
    }
    return nullptr;
  }

  // "history.epub" is one event of the history; other dotted names are nested objects.
  void read_fields() {
    for (const FieldRule& field : body_.fields) {
      Reading reading = fields_.read(field);
      std::string name(field.shape->name);
      std::size_t dot = name.find('.');
      if (reading.empty()) continue;
      if (dot == std::string::npos) {
        put(draft_.record, name, *field.shape, reading, page_.base_url());
      } else if (name.starts_with("history.")) {
        add_event(name.substr(dot + 1), reading.first());
      } else {
        put(draft_.record[name.substr(0, dot)], name.substr(dot + 1), *field.shape, reading, page_.base_url());
      }
    }
  }

  void add_event(const std::string& event, const std::string& date) {
    Json& history = draft_.record["history"];
    bool known =
        std::any_of(history.begin(), history.end(), [&](const Json& e) { return text_of(e, "event") == event; });
    if (!known) history.push_back({{"event", event}, {"date", date}});
  }

  void read_group(const GroupRule& group) {
    std::string name(group.shape->name);
    if (name == "affiliations" || name == "references") return;
    if (name == "authors" || name == "editors") {
      set_list(name, groups_.read_people(group, group_named("affiliations")));
    } else if (name == "sections") {
      set_list(name, groups_.read_sections(group));
    } else if (name == "cited_by") {
      Json works = groups_.read_works(group);
      if (!works.empty()) draft_.record["cited_by"]["items"] = std::move(works);
    } else if (name == "similar" || name == "items") {
      set_list(name, groups_.read_works(group));
    } else {
      Json list = groups_.read(group);
      if (name == "abstract") drop_own_headings(list);
      set_list(name, std::move(list));
    }
  }

  // A group that finds nothing leaves no key, so that the generic reader may fill it.
  void set_list(const std::string& name, Json list) {
    if (!list.empty()) draft_.record[name] = std::move(list);
  }

  void read_references(const std::vector<Answer>& fragments) {
    const GroupRule* group = group_named("references");
    std::vector<Reference> references;
    bool complete = true;
    if (group) {
      ReferenceReader reader(page_, groups_, rule_.id + ".references");
      references = reader.read(*group);
      for (const Place& item : groups_.items(*group)) {
        if (!item.json) draft_.taken.push_back(item.node);
      }
    }
    for (const FragmentRule& fragment : body_.fragments) {
      auto rest = read_fragment(fragment, group, fragments);
      if (!rest) continue;
      if (fragment.joins != "references" || !group) continue;
      references = joined(std::move(references), std::move(rest->references));
      complete = complete && rest->given && references.size() >= rest->announced;
    }
    if (references.empty()) return;
    number(references);
    for (Reference& reference : references) {
      draft_.record["references"].push_back(std::move(reference.work));
      for (OutboundLink& link : reference.links) draft_.links.push_back(std::move(link));
    }
    draft_.record["references_complete"] = complete;
  }

  struct Fragment {
    std::vector<Reference> references;
    bool given = false;
    std::size_t announced = 0;  // how many items the page says there are in all, 0 if it does not say
  };

  // nullopt if the page does not ask for it.
  std::optional<Fragment> read_fragment(const FragmentRule& rule, const GroupRule* group,
                                        const std::vector<Answer>& fragments) {
    std::string address = fields_.read(rule.url).first();
    auto url = address.empty() ? Result<Url>(fail(ErrorKind::kNotFound, "")) : Url::parse(address, &page_.base_url());
    if (!url || !url->is_http()) return std::nullopt;
    draft_.wishes.push_back({*url, rule.reason});
    Fragment fragment;
    const Answer* answer = find_answer(*url, fragments);
    if (!answer || !group) return fragment;
    auto view = PageView::parse(*answer);
    std::string fault = fault_of(view, *answer);
    if (!fault.empty()) {
      draft_.remarks.push_back("fragment " + rule.reason + ": " + fault);
      return fragment;
    }
    fragment.references = references_of(*view, *group);
    if (fragment.references.empty()) {
      draft_.remarks.push_back("fragment " + rule.reason + ": holds no " + rule.joins);
      return fragment;
    }
    fragment.given = true;
    std::string announced = rule.count.shape ? fields_.read(rule.count).first() : "";
    if (!announced.empty()) fragment.announced = std::stoul(announced);
    draft_.used.push_back(answer);
    return fragment;
  }

  static const Answer* find_answer(const Url& url, const std::vector<Answer>& fragments) {
    std::string key = surt(url);
    for (const Answer& answer : fragments) {
      if (surt(answer.url) == key) return &answer;
    }
    return nullptr;
  }

  std::string fault_of(const Result<PageView>& view, const Answer& answer) const {
    if (answer.status >= 400) return "http status " + std::to_string(answer.status);
    if (!view) return view.error().message;
    auto objection = judge_.objection(*view);
    return objection && !objection->is_partial() ? objection->evidence.front() : std::string();
  }

  // Offsets point into the fragment, not the page, so none is kept.
  std::vector<Reference> references_of(const PageView& view, const GroupRule& group) const {
    Json empty = Json::object();
    FieldReader fields(view, empty);
    GroupReader groups(view, fields);
    auto references = ReferenceReader(view, groups, rule_.id + ".references").read(group);
    for (Reference& reference : references) {
      for (OutboundLink& link : reference.links) link.offset = -1;
    }
    return references;
  }

  const Rule& rule_;
  const Body& body_;
  const PageView& page_;
  const SubstanceJudge& judge_;
  Draft draft_;
  FieldReader fields_;
  GroupReader groups_;
};

}  // namespace

const Layout* find_layout(const Rule& rule, const PageView& page) {
  const Layout* first = nullptr;
  for (const Layout& layout : rule.layouts) {
    if (!fits(layout, page)) continue;
    if (holds(layout, page.answer().captured)) return &layout;
    if (!first) first = &layout;
  }
  return first;
}

Draft run_layout(const Rule& rule, const Layout& layout, const PageView& page, const std::vector<Answer>& fragments,
                 const SubstanceJudge& judge) {
  return LayoutRun(rule, layout, page, judge).run(fragments);
}

}  // namespace vellum::plugins
