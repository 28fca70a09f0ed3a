#include "gui/model/laboratory/live_metrics.h"

#include <algorithm>

#include "models/base_chain/base_chain.h"
#include "models/layer2/execution/node.h"
#include "models/market/price/price_process.h"

namespace mezz::lab {

namespace {

const Exchange& exchange(const Study& study) { return study.layer2().node->exchange(); }

double bad_debt(const Study& study) {
  const Exchange& market = exchange(study);
  return (market.totals().bad_debt - market.insolvency(market.oracle()).equity).usd();
}

double open_interest(const Study& study) {
  const Exchange& market = exchange(study);
  return notional(market.params().contract, market.totals().open_interest, market.oracle()).usd();
}

double dollars(const Study& study, Price price) {
  return (exchange(study).params().contract.tick * price.ticks).usd();
}

double outside_price(const Study& study) {
  const auto* process = dynamic_cast<const PriceProcess*>(study.world().find("price"));
  return process == nullptr ? 0 : dollars(study, process->price());
}

}  // namespace

const std::vector<LiveMetric>& sampled_metrics() {
  static const std::vector<LiveMetric> metrics = {
      {"price outside", "USD", outside_price},
      {"price of the oracle", "USD",
       [](const Study& s) { return dollars(s, exchange(s).oracle()); }},
      {"liquidations", "1",
       [](const Study& s) { return static_cast<double>(exchange(s).totals().liquidations); }},
      {"bad debt", "USD", bad_debt},
      {"insurance fund", "USD",
       [](const Study& s) { return exchange(s).totals().fund_and_vault().usd(); }},
      {"open interest", "USD", open_interest},
      {"L1 base fee", "gwei", [](const Study& s) { return s.layer1().base_fee().gwei(); }},
      {"events waiting", "1",
       [](const Study& s) { return static_cast<double>(s.world().engine().pending()); }},
  };
  return metrics;
}

const std::vector<LiveMetric>& live_metrics() {
  static const std::vector<LiveMetric> metrics = {
      {"bad_debt.usd", "USD", bad_debt},
      {"liquidations.count", "1",
       [](const Study& s) { return static_cast<double>(exchange(s).totals().liquidations); }},
      {"insurance_fund.end", "USD",
       [](const Study& s) { return exchange(s).totals().fund_and_vault().usd(); }},
      {"adl.notional", "USD",
       [](const Study& s) { return exchange(s).totals().adl_notional.usd(); }},
      {"orders", "1",
       [](const Study& s) { return static_cast<double>(exchange(s).totals().orders); }},
      {"trades", "1",
       [](const Study& s) { return static_cast<double>(exchange(s).totals().trades); }},
      {"open_interest", "USD", open_interest},
      {"blocks", "1",
       [](const Study& s) { return static_cast<double>(s.layer2().node->chain().head().value); }},
      {"l1.blocks", "1", [](const Study& s) { return static_cast<double>(s.layer1().height()); }},
      {"l1.base_fee", "gwei", [](const Study& s) { return s.layer1().base_fee().gwei(); }},
  };
  return metrics;
}

std::optional<double> metric_value(const Study& study, std::string_view name) {
  for (const LiveMetric& metric : live_metrics()) {
    if (metric.name == name) return metric.read(study);
  }
  for (const Metric& metric : study.metrics()) {
    if (metric.name == name) return metric.value;
  }
  return std::nullopt;
}

std::vector<std::string> metric_names(const Study& study) {
  std::vector<std::string> names;
  for (const LiveMetric& metric : live_metrics()) names.emplace_back(metric.name);
  for (const Metric& metric : study.metrics()) {
    if (std::find(names.begin(), names.end(), metric.name) == names.end()) {
      names.push_back(metric.name);
    }
  }
  return names;
}

BlockMark block_mark(const Study& study) {
  return {.layer1 = study.layer1().height(),
          .layer2 = study.layer2().node->chain().head().value,
          .root = study.layer2().node->exchange().root()};
}

}  // namespace mezz::lab
