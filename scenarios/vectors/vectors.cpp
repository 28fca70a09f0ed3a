#include "scenarios/vectors/vectors.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "scenarios/vectors/fields.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::vectors {
namespace {

std::optional<std::string> read_text(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  return std::string(std::istreambuf_iterator<char>(file), {});
}

constexpr std::span<const Family> (*kTables[])() = {dydx_v4_families,     funding_families,
                                                    liquidation_families, margin_families,
                                                    pool_families,        pricing_families};

const Family* find_family(std::string_view name) {
  for (const auto table : kTables) {
    for (const Family& family : table()) {
      if (family.name == name) return &family;
    }
  }
  return nullptr;
}

std::optional<long double> real(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const long double value = std::strtold(copy.c_str(), &end);
  if (copy.empty() || *end != '\0') return {};
  return value;
}

std::string unknown_family(const std::string& name) {
  std::vector<std::string_view> known;
  for (const auto table : kTables) {
    for (const Family& family : table()) known.push_back(family.name);
  }
  return "unknown family " + config::quote(name) + config::did_you_mean(name, known);
}

bool is_tolerance(std::string_view text) {
  text = trim(text);
  if (text == "exact rational" || text == "trunc-to-int") return true;
  if (text.ends_with("rel")) text.remove_suffix(3);
  const auto width = real(text);
  return width && *width >= 0;
}

// Throws InputError.
std::string evaluate_known(const Family& family, const Row& row) {
  if (!is_tolerance(row.tolerance)) {
    throw InputError{
        "tolerance: must be a number, a number followed by rel, exact rational or "
        "trunc-to-int; got " +
        config::quote(row.tolerance)};
  }
  try {
    return family.evaluate(row);
  } catch (const AssertionFailure& error) {
    // "assertion failed: CONDITION at FILE:LINE": what the rule asks of its inputs.
    std::string condition = error.what();
    condition = condition.substr(0, condition.rfind(" at "));
    constexpr std::string_view kBegin = "assertion failed: ";
    if (condition.starts_with(kBegin)) condition.erase(0, kBegin.size());
    throw InputError{"outside of what the rule is for: " + condition};
  }
}

void evaluate_row(const Row& row, std::size_t line, VectorReport& report) {
  FamilyResult& result = report.families[row.family];
  const Family* family = find_family(row.family);
  if (family == nullptr) {
    ++result.not_implemented;
    report.errors.push_back({line, "row " + row.name + ": " + unknown_family(row.family)});
    return;
  }
  std::string got;
  try {
    got = evaluate_known(*family, row);
  } catch (const InputError& error) {
    report.errors.push_back({line, "row " + row.name + " (" + row.family + "): " + error.problem});
    got = "cannot read the row: " + error.problem;
  }
  if (matches(row.expected, got, row.tolerance)) {
    ++result.passed;
  } else {
    ++result.failed;
    report.failures.push_back({row.name, row.family, row.expected, got});
  }
}

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text) {
  std::vector<CsvRow> rows;
  CsvRow row;
  std::string field;
  std::size_t line = 1;
  bool quoted = false;
  bool any = false;  // something was read since the last line end
  const auto end_row = [&] {
    if (any) {
      row.fields.push_back(std::move(field));
      rows.push_back(std::move(row));
    }
    row = {.line = line, .fields = {}};
    field.clear();
    any = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '\n') {
      end_row();
    } else if (c == '"') {
      quoted = true;
      any = true;
    } else if (c == ',') {
      row.fields.push_back(std::move(field));
      field.clear();
      any = true;
    } else if (c != '\r') {
      field += c;
      any = true;
    }
  }
  end_row();
  return rows;
}

std::map<std::string, std::string> parse_inputs(std::string_view text) {
  std::map<std::string, std::string> inputs;
  std::string* open = nullptr;
  for (const std::string_view part : split(text, ';')) {
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos) {
      open = &inputs[std::string(trim(part.substr(0, equals)))];
      *open = trim(part.substr(equals + 1));
    } else if (open != nullptr && !trim(part).empty()) {
      // A value that itself contains ';', as "asks 1@2; bids 1@1".
      *open += ";" + std::string(part);
    }
  }
  return inputs;
}

bool matches(std::string_view expected, std::string_view got, std::string_view tolerance) {
  expected = trim(expected);
  got = trim(got);
  tolerance = trim(tolerance);
  if (expected == got) return true;
  if (tolerance == "exact rational") {
    const auto a = fraction(expected);
    const auto b = fraction(got);
    return a && b && a->numerator == b->numerator && a->denominator == b->denominator;
  }
  const auto want = real(expected);
  const auto have = real(got);
  if (!want || !have) return false;
  if (tolerance == "trunc-to-int") return std::trunc(*want) == std::trunc(*have);
  const bool relative = tolerance.ends_with("rel");
  if (relative) tolerance.remove_suffix(3);
  const auto width = real(tolerance);
  if (!width || !(*width > 0)) return same_number(expected, got);  // to the last digit
  const long double bound = relative ? *width * std::fabs(*want) : *width;
  return std::fabs(*want - *have) <= bound;
}

VectorReport evaluate_vectors(const std::string& path) {
  const auto text = read_text(path);
  if (!text) throw ScenarioError("", "cannot read the file", path);
  if (path.ends_with(".json")) return evaluate_portfolios(*text, path);
  const auto rows = parse_csv(*text);
  if (rows.empty()) throw ScenarioError("", "the file is empty", path);
  std::map<std::string, std::size_t> columns;
  const std::vector<std::string>& header = rows[0].fields;
  for (std::size_t i = 0; i < header.size(); ++i) columns[std::string(trim(header[i]))] = i;
  for (const char* name : {"name", "family", "quantity", "inputs", "expected", "tolerance"}) {
    if (!columns.contains(name)) {
      throw ScenarioError("", fmt::format("the header has no column `{}`", name), path);
    }
  }
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string presets = read_text(folder + "presets.json").value_or("");
  VectorReport report;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].fields.size() != header.size()) {
      throw ScenarioError(
          "",
          fmt::format("the row has {} fields, the header {}", rows[i].fields.size(), header.size()),
          fmt::format("{}:{}", path, rows[i].line));
    }
    const auto field = [&](const char* name) { return rows[i].fields[columns.at(name)]; };
    evaluate_row({.name = field("name"),
                  .family = field("family"),
                  .quantity = field("quantity"),
                  .inputs = parse_inputs(field("inputs")),
                  .expected = field("expected"),
                  .tolerance = field("tolerance"),
                  .presets = presets},
                 rows[i].line, report);
  }
  return report;
}

std::string errors_text(const VectorReport& report, const std::string& path) {
  std::string text;
  for (const RowError& e : report.errors) {
    const std::string at = e.line == 0 ? path : fmt::format("{}:{}", path, e.line);
    text += fmt::format("mezz: {}: {}\n", at, e.problem);
  }
  return text;
}

std::string to_text(const VectorReport& report) {
  std::string text;
  for (const Failure& f : report.failures) {
    text +=
        fmt::format("FAILED {} ({}): expected {}, got {}\n", f.name, f.family, f.expected, f.got);
  }
  for (const auto& [name, r] : report.families) {
    text += fmt::format("{} passed {} failed {} not implemented {}\n", name, r.passed, r.failed,
                        r.not_implemented);
  }
  return text;
}

}  // namespace mezz::vectors
