// Evaluates files of expected numbers published by venues: CSV with the columns name, topic,
// family, quantity, inputs (k=v;k=v), expected, tolerance, ... Each family is a rule of ours that
// is given the row's inputs; nothing is looked up by row name. presets.json beside the file holds
// parameters that rows name with preset=NAME. Tolerances: 0 exact text or integer; a number
// absolute; NUMBERrel relative; "exact rational" a fraction; "trunc-to-int" truncate, then compare.
// To add a family: write an Evaluator and a line in a table (see families_dydx_v4.cpp).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::vectors {

struct Row {
  std::string name;
  std::string family;
  std::string quantity;
  std::map<std::string, std::string> inputs;
  std::string expected;
  std::string tolerance;
  std::string presets;  // the text of presets.json, empty when there is none
};

// Returns the value as text; throws InputError when the row asks what the rule does not know.
using Evaluator = std::string (*)(const Row&);
struct Family {
  std::string_view name;
  Evaluator evaluate;
};
struct InputError {
  std::string problem;
};

struct FamilyResult {
  int passed = 0;
  int failed = 0;
  int not_implemented = 0;
};
struct Failure {
  std::string name;
  std::string family;
  std::string expected;
  std::string got;
};
// A row that could not be evaluated: an input that is missing or no number, a family or quantity
// nobody knows, a tolerance that is none, numbers outside of what the rule is for.
struct RowError {
  std::size_t line = 0;  // of the file, where the row begins; 0: not known
  std::string problem;
};
struct VectorReport {
  std::map<std::string, FamilyResult> families;
  std::vector<Failure> failures;  // those of rows with an error as well
  std::vector<RowError> errors;   // in the order of the file
  [[nodiscard]] bool ok() const { return failures.empty() && errors.empty(); }
};

// A file NAME.json holds whole portfolios of derive_pmrm2 as Derive publishes them, four expected
// numbers each: {"cases": [{name, parameters, scenario, expected}]}. Throws ScenarioError when the
// file cannot be read, has no such columns or is not such a file.
VectorReport evaluate_vectors(const std::string& path);
// "FILE:LINE: problem" for every row that could not be evaluated.
std::string errors_text(const VectorReport& report, const std::string& path);
// Failures first, then one line `FAMILY passed N failed N not implemented N` per family.
std::string to_text(const VectorReport& report);

// For tables and tests.
std::span<const Family> dydx_v4_families();
std::span<const Family> funding_families();
std::span<const Family> margin_families();
std::span<const Family> liquidation_families();
std::span<const Family> pool_families();
std::span<const Family> pricing_families();
VectorReport evaluate_portfolios(const std::string& text, const std::string& path);
struct CsvRow {
  std::size_t line = 1;  // where it begins
  std::vector<std::string> fields;
};
std::vector<CsvRow> parse_csv(std::string_view text);
std::map<std::string, std::string> parse_inputs(std::string_view text);
bool matches(std::string_view expected, std::string_view got, std::string_view tolerance);

}  // namespace mezz::vectors
