// Distribution functions of latency: submitted -> preconfirmed, published, asserted, settled.
#include <fmt/core.h>

#include "analysis/chart/plot.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"

namespace mezz::report {
namespace {

// "asserted (32.6 % never)"
std::string curve_name(std::string_view name, const Distribution& curve) {
  if (curve.never == 0) return std::string(name);
  const double share =
      static_cast<double>(curve.never) / static_cast<double>(curve.never + curve.count);
  return fmt::format("{} ({:.3g} % never)", name, share * 100);
}

chart::Plot plot_of(std::string title) {
  return {.caption = {title,
                      "Share of the transactions, among those that got there, against the "
                      "time since submission"},
          .x = {.title = "time since submission", .unit = "s", .kind = chart::ScaleKind::Log},
          .y = {.title = "share of transactions"},
          .series = {},
          .y_span = chart::Span{0.0, 1.0},
          .height = 280.0};
}

void add_curve(chart::Plot& plot, std::string name, const Distribution& curve) {
  plot.series.push_back(
      {.name = std::move(name), .shape = chart::Shape::Step, .points = curve.points});
}

// One picture for a single design, rungs as curves; else one picture per rung.
void add_single(Html& page, const Group& group, const std::string& read) {
  chart::Plot plot = plot_of("Latency of every rung");
  for (std::size_t r = 0; r < kRungs.size(); ++r) {
    if (group.latency[r].count > 0) {
      add_curve(plot, curve_name(kRungs[r], group.latency[r]), group.latency[r]);
    } else if (group.latency[r].never > 0) {
      page.paragraph(fmt::format("None of {} transactions was {} by the end.",
                                 group.latency[r].never, kRungs[r]));
    }
  }
  if (plot.series.empty()) return;
  page.figure(chart::draw(plot),
              "Share of the transactions that got there, among those that did by the end of the "
              "run." +
                  read);
}

void add_rung(Html& page, const ReportData& data, std::size_t r) {
  const std::string rung(kRungs[r]);
  chart::Plot plot = plot_of("Latency until " + rung);
  std::string without;
  for (std::size_t g = 0; g < drawn(data); ++g) {
    const Group& group = data.groups[g];
    if (group.latency[r].count > 0) {
      add_curve(plot, curve_name(group.name, group.latency[r]), group.latency[r]);
    } else {
      without += (without.empty() ? "" : ", ") + group.name;
    }
  }
  page.heading("Until " + rung);
  if (plot.series.empty()) {
    page.paragraph("No transaction was " + rung + " by the end of any run.");
    return;
  }
  // The colours of the ladder: a group without a curve keeps its place.
  if (!without.empty()) page.paragraph("No transaction was " + rung + " in: " + without + ".");
  page.figure(chart::draw(plot), "Share of the transactions that were " + rung +
                                     ", among those that were by the end of the run." +
                                     shown_of(drawn(data), data.groups.size()) + tables_read(data));
}

}  // namespace

void add_latency(Html& page, const ReportData& data) {
  page.section("latency", "Latency of transactions");
  std::uint64_t transactions = 0;
  for (const Group& group : data.groups) {
    for (const Distribution& curve : group.latency) transactions += curve.count + curve.never;
  }
  if (transactions == 0) {
    page.paragraph("The files record no transactions (no table /tx, or an empty one).");
    return;
  }
  if (data.groups.size() == 1) return add_single(page, data.groups.front(), tables_read(data));
  for (std::size_t r = 0; r < kRungs.size(); ++r) add_rung(page, data, r);
}

}  // namespace mezz::report
