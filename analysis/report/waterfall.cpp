// Where the losses of liquidated accounts went: their own equity (the fee), the insurance fund,
// deleveraging, bad debt.
#include <fmt/core.h>

#include "analysis/chart/bars.h"
#include "analysis/headline.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {

using analysis::human;

namespace {

double per_run(double total, const Group& group) {
  return total / static_cast<double>(std::max<std::size_t>(group.tables_read, 1));
}

// A step in words; a step that this program does not know keeps its name.
std::string step_text(const std::string& step) {
  if (step == "book") return "sold on the book";
  if (step == "keeper") return "taken by keepers";
  if (step == "insurance_fund") return "taken by the fund";
  if (step == "deleverage") return "deleveraged";
  if (step == "bad_debt") return "written off";
  if (step == "auction_start") return "put up for auction";
  if (step == "auction") return "sold in auction";
  return step;
}

chart::Bar bar(const std::string& name, double value, std::size_t colour,
               const std::string& more = {}) {
  return {.name = name,
          .low = 0.0,
          .high = value,
          .text = human(value, "USD") + more,
          .colour = colour};
}

std::string heading(const ReportData& data, const Group& group) {
  return data.groups.size() == 1 ? std::string() : group.name;
}

chart::BarChart closed(const ReportData& data) {
  chart::BarChart chart{
      .caption = {"What closed the positions", "Notional of liquidated positions by step"},
      .axis = {.title = "notional closed", .unit = "USD"},
      .groups = {},
      .legend = {}};
  for (std::size_t g = 0; g < drawn(data); ++g) {
    const Group& group = data.groups[g];
    chart::BarGroup bars{.name = heading(data, group), .bars = {}};
    for (const StepTotal& step : group.losses.steps) {
      bars.bars.push_back(bar(step_text(step.step), per_run(step.notional, group), 0));
    }
    if (bars.bars.empty()) bars.bars.push_back({.name = "no liquidation", .text = "-"});
    chart.groups.push_back(std::move(bars));
  }
  return chart;
}

chart::BarChart paid(const ReportData& data) {
  chart::BarChart chart{
      .caption = {"Who paid", "Fees of liquidated accounts, insurance fund, bad debt"},
      .axis = {.title = "paid", .unit = "USD"},
      .groups = {},
      .legend = {}};
  for (std::size_t g = 0; g < drawn(data); ++g) {
    const Group& group = data.groups[g];
    const Losses& losses = group.losses;
    chart.groups.push_back({.name = heading(data, group),
                            .bars = {bar("fees from their equity", per_run(losses.fees, group), 0),
                                     bar("insurance fund", per_run(losses.fund_paid, group), 5),
                                     bar("bad debt", per_run(losses.bad_debt, group), 1)}});
  }
  return chart;
}

}  // namespace

void add_waterfall(Html& page, const ReportData& data) {
  page.section("waterfall", "Loss waterfall");
  std::uint64_t rows = 0;
  bool averaged = false;
  for (const Group& group : data.groups) {
    rows += group.losses.rows;
    averaged = averaged || group.tables_read > 1;
  }
  if (rows == 0) {
    page.paragraph("There were no liquidations.");
    return;
  }
  const std::string mean = averaged ? "Means over the runs of a group. " : "";
  const std::string shown = shown_of(drawn(data), data.groups.size()) + tables_read(data);
  page.figure(chart::draw(closed(data)),
              mean +
                  "How the positions of liquidated accounts were closed: notional at the mark, "
                  "in the order of the waterfall." +
                  shown);
  page.figure(chart::draw(paid(data)),
              mean +
                  "What was paid: fees out of the accounts' equity into the insurance fund; what "
                  "the fund paid for accounts below zero; what was booked as bad debt. "
                  "What deleveraging cost its counterparties is not recorded (its notional "
                  "stands above), and no loss is socialised in this table." +
                  shown);
}

}  // namespace mezz::report
