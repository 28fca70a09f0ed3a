// The headline numbers of every group: means with their 95 % intervals.

#include <algorithm>
#include <array>

#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {
namespace {

// Beyond this many groups the table turns: a row per group, fewer numbers.
constexpr std::size_t kColumnsMax = 6;
constexpr std::size_t kRowsMax = 100;

constexpr std::array kMetrics{"finality.preconfirmed.p50",
                              "finality.preconfirmed.p99",
                              "finality.published.p50",
                              "finality.published.p99",
                              "finality.order_final.p50",
                              "finality.order_final.p99",
                              "finality.asserted.p50",
                              "finality.asserted.p99",
                              "finality.settled.p50",
                              "finality.settled.p99",
                              "finality.settled.never",
                              "withdrawal.delay.p50",
                              "withdrawal.delay.p99",
                              "orders",
                              "trades",
                              "funding.paid",
                              "liquidations.count",
                              "liquidations.notional",
                              "liquidations.delay.p50",
                              "liquidations.delay.p99",
                              "insurance_fund.start",
                              "insurance_fund.end",
                              "insurance_fund.min",
                              "adl.notional",
                              "loss.penalty",
                              "loss.fund",
                              "loss.adl",
                              "loss.socialised",
                              "bad_debt.usd",
                              "bad_debt.accounts",
                              "bad_debt.share_of_oi",
                              "l1.gas_cost",
                              "l1.blob_cost",
                              "transaction.cost.mean",
                              "events",
                              "ledger.residual"};
constexpr std::array kShort{"bad_debt.usd",           "liquidations.count",
                            "liquidations.delay.p99", "insurance_fund.min",
                            "finality.published.p50", "finality.settled.p50"};

// What runs call otherwise (a comparison's CONDITION.DESIGN.METRIC) is shown as it is.
std::vector<std::string> metrics_of(const ReportData& data) {
  std::vector<std::string> names;
  for (const char* name : kMetrics) {
    if (!unit_of(data, name).empty()) names.emplace_back(name);
  }
  if (!names.empty()) return names;
  for (const analysis::RunRecord& run : data.set.runs) {
    for (const analysis::Metric& metric : run.metrics) {
      const bool known = std::find(names.begin(), names.end(), metric.name) != names.end();
      if (!known && names.size() < kRowsMax) names.push_back(metric.name);
    }
  }
  return names;
}

Cell cell(const ReportData& data, const Group& group, const std::string& metric) {
  const MeanText text =
      mean_text(values_of(data, group, metric), group.runs.size(), unit_of(data, metric));
  std::string more = text.interval;
  if (!text.missing.empty()) more += (more.empty() ? "" : " ") + text.missing;
  return {.text = text.mean, .kind = CellKind::Number, .more = more};
}

bool has_value(const ReportData& data, const std::string& metric) {
  return std::any_of(data.groups.begin(), data.groups.end(),
                     [&](const Group& group) { return !values_of(data, group, metric).empty(); });
}

void add_tall(Html& page, const ReportData& data) {
  HtmlTable table{.head = {{"metric"}}, .rows = {}};
  for (const Group& group : data.groups) table.head.push_back(number(group.name));
  std::string without;
  for (const std::string& metric : metrics_of(data)) {
    if (!has_value(data, metric)) {
      without += (without.empty() ? "" : ", ") + metric;
      continue;
    }
    std::vector<Cell> row{code(metric)};
    for (const Group& group : data.groups) row.push_back(cell(data, group, metric));
    table.rows.push_back(std::move(row));
  }
  page.table(table);
  if (!without.empty()) page.paragraph("No run has a value for " + without + ".", "soft");
}

void add_wide(Html& page, const ReportData& data) {
  HtmlTable table{.head = {{"group"}}, .rows = {}};
  for (const char* metric : kShort) table.head.push_back(number(metric));
  for (std::size_t g = 0; g < std::min(data.groups.size(), kRowsMax); ++g) {
    const Group& group = data.groups[g];
    std::vector<Cell> row{{group.name}};
    for (const char* metric : kShort) row.push_back(cell(data, group, metric));
    table.rows.push_back(std::move(row));
  }
  page.table(table);
  if (data.groups.size() > kRowsMax) {
    page.paragraph(shown_of(kRowsMax, data.groups.size()), "soft");
  }
}

}  // namespace

void add_headline(Html& page, const ReportData& data) {
  page.section("headline", "Headline numbers");
  const std::vector<std::string> metrics = metrics_of(data);
  if (metrics.empty()) {
    page.paragraph("The files hold no headline numbers: the runs did not come to their end.");
    return;
  }
  bool repeated = false;
  for (const Group& group : data.groups) repeated = repeated || group.runs.size() > 1;
  page.paragraph(repeated ? "Mean over the seeds of a group and, in brackets, its 95 % interval "
                            "(Student's t); one seed has no interval."
                          : "One run per group: no intervals can be given.",
                 "soft");
  if (data.groups.size() <= kColumnsMax) {
    add_tall(page, data);
  } else {
    add_wide(page, data);
  }
}

}  // namespace mezz::report
