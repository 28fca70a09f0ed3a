#include "analysis/report/html.h"

#include <fmt/core.h>

#include "analysis/chart/svg.h"

namespace mezz::report {

using chart::escape;

namespace {

const char* class_of(CellKind kind) {
  switch (kind) {
    case CellKind::Text:
    case CellKind::Code:
      break;
    case CellKind::Number:
      return " class=\"number\"";
    case CellKind::Good:
      return " class=\"good\"";
    case CellKind::Bad:
      return " class=\"bad\"";
    case CellKind::Soft:
      return " class=\"soft\"";
  }
  return "";
}

std::string row(const std::vector<Cell>& cells, const char* tag) {
  std::string out = "<tr>";
  for (const Cell& cell : cells) {
    std::string text = escape(cell.text);
    if (cell.kind == CellKind::Code) text = "<code>" + text + "</code>";
    if (!cell.more.empty()) text += "<br/><small>" + escape(cell.more) + "</small>";
    out += fmt::format("<{0}{1}>{2}</{0}>", tag, class_of(cell.kind), text);
  }
  return out + "</tr>\n";
}

}  // namespace

Cell number(std::string text) { return {.text = std::move(text), .kind = CellKind::Number}; }
Cell code(std::string text) { return {.text = std::move(text), .kind = CellKind::Code}; }

void Html::section(std::string_view anchor, std::string_view title) {
  if (!sections_.empty()) body_ += "</section>\n";
  sections_.push_back({std::string(anchor), std::string(title)});
  body_ += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n", escape(anchor), escape(title));
}

void Html::heading(std::string_view title) { body_ += fmt::format("<h3>{}</h3>\n", escape(title)); }

void Html::paragraph(std::string_view text, std::string_view css_class) {
  const std::string attribute =
      css_class.empty() ? std::string() : fmt::format(" class=\"{}\"", css_class);
  body_ += fmt::format("<p{}>{}</p>\n", attribute, escape(text));
}

void Html::figure(std::string_view svg, std::string_view caption) {
  body_ +=
      fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", svg, escape(caption));
}

void Html::table(const HtmlTable& table) {
  body_ += "<div class=\"wide\"><table>\n";
  if (!table.head.empty()) body_ += "<thead>" + row(table.head, "th") + "</thead>\n";
  body_ += "<tbody>\n";
  for (const std::vector<Cell>& cells : table.rows) body_ += row(cells, "td");
  body_ += "</tbody></table></div>\n";
}

void Html::folded(std::string_view summary, std::string_view text) {
  body_ += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", escape(summary),
                       escape(text));
}

std::string Html::finish() const { return sections_.empty() ? body_ : body_ + "</section>\n"; }

}  // namespace mezz::report
