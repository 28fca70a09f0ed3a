#include "gui/model/laboratory/inspector.h"

#include <charconv>

#include "gui/model/laboratory/causes.h"
#include "gui/model/laboratory/inspect_chain.h"
#include "gui/model/laboratory/inspect_market.h"
#include "gui/model/laboratory/message_text.h"
#include "models/layer2/reporter.h"

namespace mezz::lab {

namespace {

struct Known {
  const char* id;
  const char* title;
  const char* place;
  Inspector (*make)(const Study& study);
};

constexpr Known kKnown[] = {
    {"prices", "Prices and oracle", "Market", inspect_prices},
    {"book", "Order book", "Market", inspect_book},
    {"accounts", "Accounts", "Market", inspect_accounts},
    {"ledger", "Ledger", "Market", inspect_ledger},
    {"sequencer", "Sequencer", "Layer two", inspect_sequencer},
    {"blocks", "Blocks and finality", "Layer two", inspect_blocks},
    {"batches", "Batches", "Layer two", inspect_batches},
    {"claims", "Claims and disputes", "Settlement", inspect_claims},
    {"proofs", "Proofs", "Settlement", inspect_proofs},
    {"bridge", "Bridge and exits", "Settlement", inspect_bridge},
    {"layer1", "Layer one", "Layer one", inspect_layer1},
};

// Any part by its path: what it is and the headline numbers it reports itself.
Inspector inspect_part(const Study& study, const Entity& entity) {
  Inspector out{.id = entity.path(), .title = entity.path(), .rows = {}, .tables = {}};
  out.rows.push_back({"kind", std::string(entity.kind()), false});
  out.rows.push_back({"place", study.world().place_of(entity.id()), false});
  const auto* reporter = dynamic_cast<const Reporter*>(&entity);
  if (reporter == nullptr) return out;
  MetricList metrics;
  reporter->report(metrics);
  for (const Metric& metric : metrics.take()) {
    const std::string unit = metric.unit == "1" ? "" : " " + metric.unit;
    out.rows.push_back({metric.name, number_text(metric.value) + unit, false});
  }
  return out;
}

}  // namespace

std::vector<InspectorName> inspectors(const Study& study) {
  std::vector<InspectorName> out;
  for (const Known& known : kKnown) {
    const Inspector made = known.make(study);
    if (made.rows.size() == 1 && made.rows[0].value.empty()) continue;  // not in this design
    out.push_back({known.id, known.title, known.place});
  }
  for (const Entity* entity : study.world().entities()) {
    out.push_back({entity->path(), entity->path(), "Parts"});
  }
  return out;
}

Inspector inspect(const Study& study, const std::string& id) {
  for (const Known& known : kKnown) {
    if (id == known.id) return known.make(study);
  }
  for (const std::string_view word : {"account ", "transaction "}) {
    if (!id.starts_with(word)) continue;
    std::uint32_t number = 0;
    const char* end = id.data() + id.size();
    const auto [at, error] = std::from_chars(id.data() + word.size(), end, number);
    if (error != std::errc() || at != end) continue;
    return word == "account " ? inspect_account(study, number) : inspect_transaction(study, number);
  }
  if (const Entity* entity = study.world().find(id); entity != nullptr) {
    return inspect_part(study, *entity);
  }
  return {.id = id, .title = id, .rows = {{"there is no such part", "", true}}, .tables = {}};
}

}  // namespace mezz::lab
