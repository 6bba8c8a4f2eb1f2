#include "plugins/host/registry.h"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

#include "base/article.h"
#include "base/text.h"
#include "plugins/host/gaps.h"
#include "plugins/host/generic_reader.h"
#include "plugins/host/link_ledger.h"
#include "plugins/host/registry_impl.h"
#include "plugins/host/rule_extractor.h"
#include "plugins/host/rule_file.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

// Compiles rules, platforms before those that extend them. With `broken`, what is bad is put there and left out.
class RuleSet {
 public:
  explicit RuleSet(std::vector<BrokenPlugin>* broken) : broken_(broken) {}

  // `layer` counts the folders: an id of an earlier one hides that of a later one.
  Result<void> add(const fs::path& path, std::size_t layer) {
    auto file = RuleFile::load(path);
    if (!file) return set_aside(path.parent_path().filename().string(), path, layer, file.error());
    std::string id = file->id();
    const auto known = layers_.find(id);
    if (known != layers_.end() && known->second < layer) return {};
    const auto first = files_.find(id);
    if (first != files_.end()) {
      const Result<void> twice =
          file->toml().complaint("/id", "plugin `" + id + "` is defined already in " + first->second.toml().path());
      return set_aside(id, path, layer, twice.error());
    }
    layers_.emplace(id, layer);
    files_.emplace(id, *std::move(file));
    return {};
  }

  Result<std::vector<Rule>> compile() {
    for (const auto& [id, file] : files_) {
      const Result<void> compiled = compile_one(id, file, 0);
      if (!compiled) VELLUM_CHECK(set_aside(id, file.toml().path(), layers_.at(id), compiled.error()));
    }
    std::vector<Rule> out;
    for (auto& [id, rule] : rules_) out.push_back(std::move(rule));
    std::stable_sort(out.begin(), out.end(), [](const Rule& a, const Rule& b) { return a.priority > b.priority; });
    return out;
  }

 private:
  Result<void> set_aside(const std::string& id, const fs::path& path, std::size_t layer, const Error& error) {
    if (!broken_) return fail(error);
    layers_.emplace(id, layer);
    broken_->push_back({id, path, error});
    return {};
  }

  Result<const Rule*> platform_of(const RuleFile& file, int depth) {
    const auto base = files_.find(file.extends());
    if (base == files_.end()) {
      std::vector<std::string> ids;
      for (const auto& [known, unused] : files_) ids.push_back(known);
      const std::string near = nearest_word(file.extends(), ids);
      return file.toml().complaint(
          "/extends", "no plugin `" + file.extends() + "`" + (near.empty() ? "" : ", did you mean `" + near + "`?"));
    }
    VELLUM_CHECK(compile_one(base->first, base->second, depth + 1));
    return &rules_.at(base->first);
  }

  Result<void> compile_one(const std::string& id, const RuleFile& file, int depth) {
    static constexpr int kMaxDepth = 8;
    if (rules_.contains(id)) return {};
    if (depth > kMaxDepth) return file.toml().complaint("/extends", "plugins extend each other in a circle");
    const Rule* platform = nullptr;
    if (!file.extends().empty()) {
      VELLUM_TRY(platform, platform_of(file, depth));
    }
    VELLUM_TRY(Rule rule, file.compile(platform));
    rules_.emplace(id, std::move(rule));
    return {};
  }

  std::vector<BrokenPlugin>* const broken_;
  std::map<std::string, std::size_t> layers_;  // by id: the folder that has it
  std::map<std::string, RuleFile> files_;
  std::map<std::string, Rule> rules_;
};

Result<std::vector<Rule>> read_rules(const std::vector<fs::path>& folders, std::vector<BrokenPlugin>* broken) {
  RuleSet set(broken);
  for (std::size_t layer = 0; layer < folders.size(); ++layer) {
    for (const fs::path& file : plugin_files(folders[layer])) VELLUM_CHECK(set.add(file, layer));
  }
  return set.compile();
}

bool has_digest(const Answer& answer) {
  return answer.digest != Digest();
}

Json source_of(const Answer& answer) {
  Json source = {{"url", answer.url.href()}};
  if (answer.captured != Timestamp{}) source["captured"] = to_rfc3339(answer.captured);
  if (has_digest(answer)) source["digest"] = answer.digest.to_text();
  source["role"] = answer.role;
  return source;
}

void write_head(Extraction& extraction, const PageInput& input, const std::vector<const Answer*>& fragments) {
  Json& record = extraction.record;
  record["schema"] = std::string(article::kSchema);
  record["url"] = input.page.url.href();
  if (input.page.captured != Timestamp{}) record["captured"] = to_rfc3339(input.page.captured);
  record["sources"] = Json::array({source_of(input.page)});
  for (const Answer* fragment : fragments) record["sources"].push_back(source_of(*fragment));
  record["plugin"] = extraction.plugin;
  record["plugin_version"] = std::to_string(extraction.plugin_version);
  record["layout"] = extraction.layout;
  record["verdict"] = {{"substance", extraction.verdict.substance}, {"evidence", extraction.verdict.evidence}};
  article::tidy(record);
}

// A page at the address of an article may be a help page, an error or a list: an article says who, where or what.
bool describes_a_work(const Json& record) {
  const auto has = [&](const char* key) { return record.contains(key) && !record[key].empty(); };
  const bool dated = has("ids") && has("published");
  return has("title") && (has("authors") || has("editors") || has("journal") || has("abstract") || has("references") ||
                          has("isbn") || dated);
}

// References that only the head lists, or a library, have no place in the page's text.
void add_reference_links(const Json& record, const std::string& rule, std::vector<OutboundLink>& links) {
  if (!record.contains("references")) return;
  for (const Json& work : record["references"]) {
    OutboundLink link;
    link.place = link.rel = "reference";
    link.n = static_cast<int>(integer_of(work, "position"));
    link.doi = text_of(work, "doi");
    link.raw_text = text_of(work, "text");
    link.url = link.doi.empty() ? text_of(work, "url") : "https://doi.org/" + link.doi;
    link.rule = rule;
    if (!link.url.empty()) links.push_back(std::move(link));
  }
}

void add_metadata_references(const Json& record, std::vector<OutboundLink>& links) {
  add_reference_links(record, std::string(kGenericId) + ".citation_reference", links);
}

// What a library found goes over what the rules of its plugin.toml found; its references replace theirs.
void take_native(const Rule& rule, NativeReading& native, Extraction& out) {
  if (native.record.contains("references")) {
    std::erase_if(out.links, [](const OutboundLink& link) { return link.place == "reference"; });
    add_reference_links(native.record, rule.id + ".native", out.links);
  }
  put_over(out.record, native.record);
  for (FragmentWish& wish : native.fragments) out.fragments.push_back(std::move(wish));
}

std::string own_doi(const Json& record) {
  return record.contains("ids") ? text_of(record["ids"], "doi") : std::string();
}

void add_links(Extraction& extraction, const PageView& page, const std::vector<LinkRule>& rules,
               const std::vector<html::Node>& taken) {
  LinkLedger ledger(page, rules, own_doi(extraction.record), taken);
  for (OutboundLink& link : ledger.read()) extraction.links.push_back(std::move(link));
  Json links = extraction.record.value("links", Json::array());
  for (Json& link : record_links(extraction.links)) {
    bool known = std::any_of(links.begin(), links.end(), [&](const Json& l) {
      return text_of(l, "url") == text_of(link, "url") && text_of(l, "rel") == text_of(link, "rel");
    });
    if (!known) links.push_back(std::move(link));
  }
  if (!links.empty()) extraction.record["links"] = std::move(links);
}

}  // namespace

Extraction Registry::Impl::with_generic(const PageView& page) const {
  Extraction out;
  out.plugin = kGenericId;
  out.plugin_version = kGenericVersion;
  out.record = read_generic(page);
  add_metadata_references(out.record, out.links);
  add_links(out, page, {}, {});
  out.verdict = judge.judge(page, {}, out.record);
  return out;
}

Extraction Registry::Impl::with_rule(const Rule& rule, const Layout& layout, const PageView& page,
                                     const PageInput& input, NativeReading* native,
                                     std::vector<const Answer*>& used) const {
  Extraction out;
  out.plugin = rule.id;
  out.plugin_version = rule.version;
  out.layout = layout.name;
  Draft draft = run_layout(rule, layout, page, input.fragments, judge);
  out.record = std::move(draft.record);
  out.links = std::move(draft.links);
  out.fragments = std::move(draft.wishes);
  used = std::move(draft.used);
  if (native) take_native(rule, *native, out);
  bool had_references = out.record.contains("references");
  if (layout.body.kind == "article" || layout.body.kind == "book") {
    fill_gaps(out.record, read_generic(page), layout.body);
  }
  const std::string kind = text_of(out.record, "kind");
  if ((kind == "article" || kind == "book") && !describes_a_work(out.record)) {
    out.record["kind"] = "other";
    draft.remarks.push_back("no author, journal, abstract or reference");
  }
  if (!had_references) add_metadata_references(out.record, out.links);
  add_links(out, page, layout.body.links, draft.taken);
  static const std::vector<SubstanceRule> kNoRules;
  const bool other = text_of(out.record, "kind") == "other" && layout.body.kind != "other";
  out.verdict = judge.judge(page, other ? kNoRules : layout.body.substance, out.record);
  for (std::string& remark : draft.remarks) out.verdict.evidence.push_back(std::move(remark));
  return out;
}

const Rule* Registry::Impl::find(std::string_view id) const {
  auto it = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return it == rules.end() ? nullptr : &*it;
}

Registry::Impl::Choice Registry::Impl::best(const PageView& page, const Rule* after) const {
  for (const Rule& rule : rules) {
    if (after && &rule <= after) continue;  // by priority: they lie in one vector
    if (rule.xml != page.document().is_xml() || !rule.matches(page.answer().url)) continue;
    if (const Layout* layout = find_layout(rule, page)) return {&rule, layout};
  }
  return {nullptr, nullptr};
}

Registry::Impl::Choice Registry::Impl::ask_native(Choice choice, const Rule* only, const PageView& page,
                                                  const PageInput& input, NativeReading& native,
                                                  std::vector<PluginFault>& faults) const {
  while (choice.second && choice.first->native) {
    native = read_native(*choice.first, page, input);
    if (native.fault) faults.push_back(*native.fault);
    if (native.wanted) break;
    choice = only ? Choice() : best(page, choice.first);
  }
  return choice;
}

// A page that is not what was asked for says nothing of an article.
Extraction Registry::Impl::refused(const PageInput& input, const Rule* only, Verdict verdict) const {
  const Rule* rule = only;
  for (const Rule& candidate : rules) {
    const bool any_site = std::find(candidate.hosts.begin(), candidate.hosts.end(), "*") !=
                          candidate.hosts.end();  // reads a platform, not this site
    if (!rule && !candidate.xml && !any_site && candidate.matches(input.page.url)) rule = &candidate;
  }
  Extraction out;
  out.plugin = rule ? rule->id : std::string(kGenericId);
  out.plugin_version = rule ? rule->version : kGenericVersion;
  out.record["kind"] = verdict.substance == "other" ? "file" : "other";
  out.verdict = std::move(verdict);
  return out;
}

Extraction Registry::Impl::extract_unheaded(const PageInput& input, const Rule* only, bool generic,
                                            std::vector<const Answer*>& used) const {
  auto page = PageView::parse(input.page);
  if (!page) {
    Extraction out = refused(input, only, verdict_without_page(input.page, page.error()));
    if (page.error().kind != ErrorKind::kInvalid || input.page.body.empty()) out.record["kind"] = "other";
    return out;
  }
  auto objection = judge.objection(*page);
  if (objection && !objection->is_partial()) return refused(input, only, std::move(*objection));
  Choice chosen;
  if (only) chosen = {only, find_layout(*only, *page)};
  if (!only && !generic) chosen = best(*page);
  const bool fits = chosen.second != nullptr;
  NativeReading native;
  std::vector<PluginFault> faults;
  chosen = ask_native(chosen, only, *page, input, native, faults);
  Extraction out;
  if (chosen.second) {
    out = with_rule(*chosen.first, *chosen.second, *page, input, native.wanted ? &native : nullptr, used);
  } else if (only) {
    out = refused(
        input, only,
        {"other", {fits ? "the page was not read by " + only->id : "no layout of " + only->id + " fits the page"}});
    out.record["kind"] = "other";
  } else {
    out = with_generic(*page);
  }
  if (objection) out.verdict = std::move(*objection);
  for (const PluginFault& fault : faults) out.verdict.evidence.push_back(to_text(fault));
  out.faults = std::move(faults);
  return out;
}

Extraction Registry::Impl::extract(const PageInput& input, const Rule* only, bool generic) const {
  Extraction out;
  std::vector<const Answer*> used;
  try {
    out = extract_unheaded(input, only, generic, used);
  } catch (const std::exception& error) {
    used.clear();
    out = refused(input, only, {"other", {std::string("plugin failed: ") + error.what()}});
    out.record["kind"] = "other";
  }
  write_head(out, input, used);
  return out;
}

Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

std::shared_ptr<const Registry::Impl> Registry::share() const {
  return std::atomic_load(&impl_);
}

void Registry::replace(Registry fresh) {
  std::atomic_store(&impl_, std::move(fresh.impl_));
}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Result<Registry> Registry::load(const std::vector<fs::path>& folders) {
  auto impl = std::make_unique<Impl>();
  VELLUM_TRY(impl->rules, read_rules(folders, nullptr));
  return Registry(std::move(impl));
}

Registry Registry::load_sound(const std::vector<fs::path>& folders, std::vector<BrokenPlugin>& broken) {
  auto impl = std::make_unique<Impl>();
  auto rules = read_rules(folders, &broken);
  if (rules) impl->rules = *std::move(rules);  // it cannot fail: what is bad went to `broken`
  return Registry(std::move(impl));
}

bool Registry::has(std::string_view id) const {
  return id == kGenericId || share()->find(id) != nullptr;
}

Failure Registry::no_plugin(std::string_view id) const {
  std::vector<std::string> ids = {std::string(kGenericId)};
  for (const auto held = share(); const Rule& known : held->rules) ids.push_back(known.id);
  const std::string near = nearest_word(id, ids);
  return fail(ErrorKind::kNotFound,
              "no plugin `" + std::string(id) + "`" + (near.empty() ? "" : ", did you mean `" + near + "`?"));
}

std::vector<PluginInfo> Registry::list() const {
  std::vector<PluginInfo> out;
  for (const auto held = share(); const Rule& rule : held->rules) {
    PluginInfo info;
    info.id = rule.id;
    info.label = rule.label;
    info.version = rule.version;
    info.priority = rule.priority;
    info.hosts = rule.hosts;
    info.file = rule.file;
    info.tests = rule.tests.size();
    info.native = rule.native != nullptr;
    info.channel = rule.channel;
    info.policy = rule.policy;
    info.basis = rule.basis;
    for (const SelectorPtr& part : rule.volatile_parts) info.volatile_parts.push_back(part->text());
    for (const Layout& layout : rule.layouts) {
      if (!layout.name.empty()) info.layouts.push_back(layout.name);
    }
    out.push_back(std::move(info));
  }
  PluginInfo generic;
  generic.id = kGenericId;
  generic.label = "Highwire, Dublin Core, PRISM, EPrints, JSON-LD";
  generic.version = kGenericVersion;
  generic.hosts = {"*"};
  out.push_back(std::move(generic));
  return out;
}

Extraction Registry::extract(const PageInput& input) const {
  return share()->extract(input, nullptr, false);
}

Result<Extraction> Registry::extract_with(std::string_view plugin_id, const PageInput& input) const {
  const auto held = share();
  if (plugin_id == kGenericId) return held->extract(input, nullptr, true);
  const Rule* rule = held->find(plugin_id);
  if (rule) return held->extract(input, rule, false);
  return no_plugin(plugin_id);
}

}  // namespace vellum::plugins
