// How liquidated positions were closed, and who bore the losses: the accounts' own equity, the
// insurance fund, those who were deleveraged, everybody, or nobody (bad debt).
#include <algorithm>
#include <array>

#include "analysis/chart/bars.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/statistics/moments.h"

namespace mezz::report {

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
  if (step == "backstop") return "taken by the backstop";
  if (step == "socialised") return "shared among all";
  return step;
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
    for (const StepTotal& step : group.closures.steps) {
      const double notional = per_run(step.notional, group);
      bars.bars.push_back({.name = step_text(step.step),
                           .low = 0.0,
                           .high = notional,
                           .text = compact(notional, "USD")});
    }
    if (bars.bars.empty()) bars.bars.push_back({.name = "no liquidation", .text = "-"});
    chart.groups.push_back(std::move(bars));
  }
  return chart;
}

// Who bears a loss, in the order in which they are asked.
struct Payer {
  const char* metric;
  const char* text;
  std::size_t colour;
};
constexpr std::array<Payer, 5> kPayers{{{"loss.penalty", "penalties, from their equity", 0},
                                        {"loss.fund", "insurance fund", 5},
                                        {"loss.adl", "the deleveraged", 3},
                                        {"loss.socialised", "all accounts (socialised)", 2},
                                        {"loss.bad_debt", "nobody: bad debt", 1}}};

bool any_loss(const ReportData& data) {
  for (const Group& group : data.groups) {
    for (const Payer& payer : kPayers) {
      for (const double value : values_of(data, group, payer.metric)) {
        if (value != 0.0) return true;
      }
    }
  }
  return false;
}

chart::BarChart paid(const ReportData& data) {
  chart::BarChart chart{
      .caption =
          {"Who bore the losses",
           "Penalties of liquidated accounts, insurance fund, deleveraging, socialised loss, "
           "bad debt"},
      .axis = {.title = "borne", .unit = "USD"},
      .groups = {},
      .legend = {}};
  for (std::size_t g = 0; g < drawn(data); ++g) {
    const Group& group = data.groups[g];
    chart::BarGroup bars{.name = heading(data, group), .bars = {}};
    for (const Payer& payer : kPayers) {
      const std::vector<double> values = values_of(data, group, payer.metric);
      if (values.empty()) continue;
      const MeanText text = mean_text(values, group.runs.size(), "USD");
      bars.bars.push_back({.name = payer.text,
                           .low = 0.0,
                           .high = statistics::mean(values),
                           .text = one_line(text),
                           .colour = payer.colour});
    }
    chart.groups.push_back(std::move(bars));
  }
  return chart;
}

}  // namespace

void add_waterfall(Html& page, const ReportData& data) {
  page.section("waterfall", "Loss waterfall");
  std::uint64_t rows = 0;
  bool averaged = false;
  for (const Group& group : data.groups) {
    rows += group.closures.rows;
    averaged = averaged || group.runs.size() > 1;
  }
  const bool loss = any_loss(data);
  if (rows == 0 && !loss) {
    page.paragraph("There were no liquidations.");
    return;
  }
  const std::string mean = averaged ? "Means over the runs of a group. " : "";
  const std::string shown = shown_of(drawn(data), data.groups.size());
  if (rows > 0) {
    page.figure(chart::draw(closed(data)),
                mean +
                    "How the positions of liquidated accounts were closed: notional at the mark, "
                    "by the steps of the waterfall." +
                    shown + tables_read(data));
  }
  if (!loss) {
    page.paragraph("Nobody bore a loss (metrics loss.*).");
    return;
  }
  page.figure(chart::draw(paid(data)),
              mean +
                  "Who bore the losses, in the order in which they are asked: penalties out of "
                  "the accounts' equity, the insurance fund, those who were deleveraged, all "
                  "accounts, and at last bad debt." +
                  shown);
}

}  // namespace mezz::report
