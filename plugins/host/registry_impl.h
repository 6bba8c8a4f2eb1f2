// What a Registry holds; private to plugins/host.
//
// Threads: immutable after load.

#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "plugins/host/native_reader.h"
#include "plugins/host/page_view.h"
#include "plugins/host/registry.h"
#include "plugins/host/rule.h"
#include "plugins/host/substance.h"

namespace vellum::plugins {

struct Registry::Impl {
  std::vector<Rule> rules;  // by priority, highest first
  SubstanceJudge judge;

  const Rule* find(std::string_view id) const;
  // `only` (may be null) is used whatever the address; `generic` uses no rule at all.
  Extraction extract(const PageInput& input, const Rule* only, bool generic) const;
  const Rule* rule_of(const PageView& page) const { return best(page).first; }  // nullptr: no rule fits

 private:
  Extraction extract_unheaded(const PageInput& input, const Rule* only, bool generic,
                              std::vector<const Answer*>& used) const;
  Extraction with_generic(const PageView& page) const;
  Extraction with_rule(const Rule& rule, const Layout& layout, const PageView& page, const PageInput& input,
                       NativeReading* native, std::vector<const Answer*>& used) const;
  Extraction refused(const PageInput& input, const Rule* only, Verdict verdict) const;
  using Choice = std::pair<const Rule*, const Layout*>;
  // The first that fits; with `after`, the first behind that rule. Nulls if none does.
  Choice best(const PageView& page, const Rule* after = nullptr) const;
  // Asks the libraries of native plugins, from `choice` on, until one reads the page or the next is a plugin of rules.
  Choice ask_native(Choice choice, const Rule* only, const PageView& page, const PageInput& input,
                    NativeReading& native, std::vector<PluginFault>& faults) const;
};

}  // namespace vellum::plugins
