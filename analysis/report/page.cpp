#include "analysis/report/page.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/chart/style.h"
#include "analysis/chart/svg.h"
#include "analysis/headline.h"
#include "analysis/report/html.h"
#include "analysis/report/sections.h"
#include "analysis/report/words.h"
#include "analysis/statistics/moments.h"

namespace mezz::report {

using chart::escape;

namespace {

constexpr const char* kStyle =
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);"
    "font:15px/1.5 system-ui,\"Segoe UI\",\"DejaVu Sans\",Arial,sans-serif}\n"
    "main,header,nav{max-width:860px;margin:0 auto;padding:0 24px}\n"
    "header{padding-top:36px}h1{font-size:28px;line-height:1.2;margin:0 0 8px}\n"
    "h2{font-size:20px;margin:0 0 12px;padding-top:20px;border-top:2px solid var(--rule)}\n"
    "h3{font-size:15px;margin:20px 0 4px}p{margin:8px 0;max-width:75ch}\n"
    ".question{font-size:17px;color:var(--soft)}.soft{color:var(--soft)}\n"
    "p.soft,figcaption{font-size:13px;color:var(--soft)}\n"
    ".good{color:var(--good)}.bad{color:var(--bad);font-weight:600}\n"
    ".warning{border-left:4px solid var(--bad);padding:6px 12px;background:var(--panel)}\n"
    "nav{font-size:13px;padding-top:8px}nav a{margin-right:14px;white-space:nowrap}\n"
    "a{color:var(--c0)}section{margin:28px 0}\n"
    "dl.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0 8px}\n"
    "dl.tiles div{background:var(--panel);border:1px solid var(--rule);border-radius:6px;"
    "padding:8px 14px}\n"
    "dt{font-size:12px;color:var(--soft)}dd{margin:0;font-size:18px;font-weight:600}\n"
    "figure{margin:16px 0}figcaption{margin-top:4px;max-width:75ch}\n"
    ".wide{overflow-x:auto;margin:12px 0}\n"
    "table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}\n"
    "th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid var(--rule);"
    "vertical-align:top}\n"
    "th{color:var(--soft);font-weight:600;border-bottom:1px solid var(--soft)}\n"
    "th.number,td.number{text-align:right;white-space:nowrap}th.number{white-space:normal}\n"
    "code,pre{font:12px/1.45 ui-monospace,\"DejaVu Sans Mono\",Consolas,monospace}\n"
    "td code{white-space:nowrap}td small{color:var(--soft)}\n"
    "pre{background:var(--panel);border:1px solid var(--rule);padding:12px;overflow-x:auto}\n"
    "summary{cursor:pointer}details{margin:8px 0}\n"
    "footer{max-width:860px;margin:32px auto;padding:0 24px;font-size:12px;color:var(--soft)}\n"
    "@page{margin:16mm}\n"
    "@media print{nav{display:none}body{font-size:11pt}main,header{max-width:none;padding:0}"
    "figure,tr,dl.tiles{break-inside:avoid}h2,h3{break-after:avoid}"
    ".wide{overflow:visible}table{font-size:8.5pt}td "
    "code{white-space:normal;overflow-wrap:anywhere}details:not([open]){display:none}"
    ".f0,.f1,.f2,.f3,.f4,.f5,.f6,.f7,rect.cell{print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}}\n";

std::string tile(std::string_view name, const std::string& value, const char* css_class = "") {
  return fmt::format("<div><dt>{}</dt><dd class=\"{}\">{}</dd></div>\n", escape(name), css_class,
                     escape(value));
}

// The answer before the details.
std::string tiles(const ReportData& data) {
  std::size_t failed = 0;
  for (const Group& group : data.groups) failed += group.failed;
  std::string out = "<dl class=\"tiles\">\n";
  out += tile(data.set.runs.size() == 1 ? "run" : "runs", std::to_string(data.set.runs.size()));
  if (data.groups.size() > 1) out += tile("groups", std::to_string(data.groups.size()));
  if (failed > 0) out += tile("failed", std::to_string(failed), "bad");
  double worst = -HUGE_VAL;
  for (const Group& group : data.groups) {
    for (const double value : values_of(data, group, "bad_debt.usd")) {
      worst = std::max(worst, value);
    }
  }
  if (std::isfinite(worst)) {
    out += tile(data.set.runs.size() == 1 ? "bad debt" : "bad debt, worst run",
                analysis::human(worst, "USD"), worst > 0.0 ? "bad" : "good");
  }
  if (!data.limits.empty()) {
    const auto broken = std::count_if(data.limits.begin(), data.limits.end(),
                                      [](const LimitRow& row) { return row.broken; });
    out += tile("limits broken", fmt::format("{} of {}", broken, data.limits.size()),
                broken > 0 ? "bad" : "good");
  }
  return out + "</dl>\n";
}

Html body_of(const ReportData& data) {
  Html page;
  add_design(page, data);
  add_limits(page, data);
  add_headline(page, data);
  add_parameters(page, data);
  add_sensitivity(page, data);
  add_pairs(page, data);
  add_finality(page, data);
  add_latency(page, data);
  add_bad_debt(page, data);
  add_waterfall(page, data);
  add_worst_runs(page, data);
  add_provenance(page, data);
  return page;
}

}  // namespace

std::string report_page(const ReportData& data) {
  const Html body = body_of(data);
  const std::string title = escape(data.title.empty() ? "Mezzanine report" : data.title);
  std::string nav;
  for (const Html::Section& section : body.sections()) {
    nav += fmt::format("<a href=\"#{}\">{}</a>\n", escape(section.anchor), escape(section.title));
  }
  std::string out = fmt::format(
      "<!DOCTYPE html>\n{}\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n",
      kReportMark, title, chart::style_sheet(), kStyle);
  out += fmt::format("<header>\n<h1>{}</h1>\n", title);
  if (!data.question.empty()) {
    out += fmt::format("<p class=\"question\">{}</p>\n", escape(data.question));
  }
  out += tiles(data) + "</header>\n<nav>\n" + nav + "</nav>\n<main>\n" + body.finish();
  return out + "</main>\n<footer>Made by mezz report from the result files alone.</footer>\n" +
         "</body>\n</html>\n";
}

}  // namespace mezz::report
