#include "gui/model/losses.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mezz::gui {

namespace {

double sum(const ColumnData* column) {
  double total = 0.0;
  for (std::size_t row = 0; column != nullptr && row < column->stored.size(); ++row)
    total += column->number(row);
  return total;
}

// Notional of the rows whose step has this name.
double sum_of_step(const TableData& table, std::string_view step) {
  const ColumnData* steps = table.column("step");
  const ColumnData* notional = table.column("notional");
  double total = 0.0;
  if (steps == nullptr || notional == nullptr) return total;
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (steps->text(row) == step) total += notional->number(row);
  }
  return total;
}

}  // namespace

std::vector<LossStep> loss_waterfall(const RunData& run) {
  const TableData* table = run.table("tables/liquidations");
  if (table == nullptr || table->rows == 0) return {};
  return {{"penalties", sum(table->column("fee")), "paid by the accounts themselves"},
          {"insurance fund", sum(table->column("fund_paid")), "shortfalls it covered"},
          {"deleveraged", sum_of_step(*table, "deleverage"), "notional closed against winners"},
          {"bad debt", sum(table->column("bad_debt")), "left with nobody to pay"}};
}

bool value_less(const std::string& a, const std::string& b) {
  char* end_a = nullptr;
  char* end_b = nullptr;
  std::string plain_a = a;
  std::string plain_b = b;
  for (std::string* text : {&plain_a, &plain_b}) {
    std::erase(*text, '"');
    std::erase(*text, '_');
  }
  const double x = std::strtod(plain_a.c_str(), &end_a);
  const double y = std::strtod(plain_b.c_str(), &end_b);
  if (end_a == plain_a.c_str() || end_b == plain_b.c_str() || x == y) return a < b;
  return x < y;
}

std::vector<std::string> varying_parameters(const std::vector<RunSummary>& runs) {
  std::map<std::string, std::string> first;
  std::vector<std::string> varying;
  for (const RunSummary& run : runs) {
    for (const analysis::ParameterText& p : run.parameters) {
      const auto [entry, fresh] = first.emplace(p.name, p.value);
      const bool known = std::find(varying.begin(), varying.end(), p.name) != varying.end();
      // Bounds and words are not what a run is made of.
      const bool says_only = p.name == "name" || p.name == "title" || p.name == "question" ||
                             p.name.starts_with("limit[");
      const bool sets_the_run = p.name != "run.seed" && !says_only;
      if (!fresh && entry->second != p.value && !known && sets_the_run) varying.push_back(p.name);
    }
  }
  std::sort(varying.begin(), varying.end());
  return varying;
}

SweepGrid sweep_grid(const std::vector<RunSummary>& runs, std::string_view x, std::string_view y,
                     std::string_view metric) {
  SweepGrid grid{.x = std::string(x), .y = std::string(y), .metric = std::string(metric)};
  const auto collect = [&](std::string_view name, std::vector<std::string>& values) {
    for (const RunSummary& run : runs) {
      if (run.error.empty()) values.push_back(run.parameter(name));
    }
    std::sort(values.begin(), values.end(), value_less);
    values.erase(std::unique(values.begin(), values.end()), values.end());
  };
  collect(x, grid.columns);
  collect(y, grid.rows);
  grid.cells.resize(grid.columns.size() * grid.rows.size());
  grid.runs.resize(grid.cells.size());
  const auto index = [](const std::vector<std::string>& list, const std::string& value) {
    return static_cast<std::size_t>(std::find(list.begin(), list.end(), value) - list.begin());
  };
  for (const RunSummary& run : runs) {
    const std::optional<double> value = run.metric(metric);
    if (!run.error.empty() || !value) continue;
    grid.unit = run.unit_of(metric);
    const std::size_t cell = index(grid.rows, run.parameter(y)) * grid.columns.size() +
                             index(grid.columns, run.parameter(x));
    grid.cells[cell] = grid.cells[cell].value_or(0.0) + *value;
    ++grid.runs[cell];
  }
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    if (grid.cells[i]) *grid.cells[i] /= static_cast<double>(grid.runs[i]);
  }
  return grid;
}

}  // namespace mezz::gui
