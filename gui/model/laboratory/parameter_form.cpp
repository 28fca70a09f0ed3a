#include "gui/model/laboratory/parameter_form.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

#include "gui/model/laboratory/form_fields.h"
#include "scenarios/parameter_tables.h"
#include "sim/check/error.h"
#include "sim/config/units.h"

namespace mezz::lab {

namespace {

constexpr std::string_view kAlwaysFeatured[] = {"run.seed", "run.duration", "layer2.design"};
constexpr std::string_view kAboutTheFile[] = {"title", "question"};
// Sections of every design (models/layer2/designs/shared_parameters.md).
constexpr std::string_view kShared[] = {
    "run",   "layer1",      "layer2",      "market",       "execution", "sequencing", "derivation",
    "price", "push_oracle", "pull_oracle", "gas_coupling", "link",      "shock",      "agent"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool contains(const auto& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

// A plain word or number with a unit needs no quotes of TOML; strings always get them.
std::string toml_value(const FormField& field, const std::string& text) {
  return is_text(field) ? config::toml_string(text) : text;
}

}  // namespace

ParameterForm::ParameterForm(const std::string& path_or_name)
    : base_(load_scenario(path_or_name, {})), scenario_(base_), base_fields_(form_fields(base_)) {
  std::vector<FormField> standard = form_fields(Scenario{});
  for (FormField& field : base_fields_) {
    field.base = field.text;
    const auto same = std::find_if(standard.begin(), standard.end(), [&](const FormField& other) {
      return other.path == field.path;
    });
    if (same != standard.end()) field.standard = same->text;
  }
  fields_ = base_fields_;
}

const FormField* ParameterForm::find(std::string_view path) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const FormField& field) { return field.path == path; });
  return found == fields_.end() ? nullptr : &*found;
}

std::vector<FormField> ParameterForm::featured() const {
  const std::vector<std::string> own = sections_of_design(enum_name(scenario_.layer2.design));
  std::vector<FormField> out;
  for (const FormField& field : fields_) {
    const bool list = field.section == "record" || field.section == "limit" ||
                      field.section == "compare" || contains(kAboutTheFile, field.path);
    const bool window = field.path == "settlement.challenge_window" && contains(own, "settlement");
    const bool shown = field.written || field.changed() || contains(kAlwaysFeatured, field.path);
    if ((shown && !list) || window) out.push_back(field);
  }
  return out;
}

std::vector<FormField> ParameterForm::search(std::string_view words, bool all) const {
  std::vector<std::string> wanted;
  std::istringstream in(lower(words));
  for (std::string word; in >> word;) wanted.push_back(word);
  const std::vector<std::string> own = sections_of_design(enum_name(scenario_.layer2.design));
  std::vector<FormField> out;
  for (const FormField& field : fields_) {
    if (contains(kAboutTheFile, field.path)) continue;
    if (!all && !contains(own, field.section) && !contains(kShared, field.section)) continue;
    const std::string text = lower(field.path + " " + field.doc);
    const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
      return text.find(word) != std::string::npos;
    });
    if (fits) out.push_back(field);
  }
  return out;
}

std::string ParameterForm::assignment(const Override& override) const {
  const FormField* field = find(override.path);
  return override.path + "=" +
         (field == nullptr ? override.text : toml_value(*field, override.text));
}

void ParameterForm::apply(std::vector<Override> overrides) {
  std::vector<std::string> assignments;
  for (const Override& override : overrides) assignments.push_back(assignment(override));
  Scenario read = load_scenario(base_.file, assignments);
  std::vector<FormField> rows = form_fields(read);
  for (FormField& row : rows) {
    const auto same = std::find_if(base_fields_.begin(), base_fields_.end(),
                                   [&](const FormField& other) { return other.path == row.path; });
    if (same == base_fields_.end()) continue;
    row.base = same->base;
    row.standard = same->standard;
    row.written = same->written;
  }
  scenario_ = std::move(read);
  fields_ = std::move(rows);
  overrides_ = std::move(overrides);
}

void ParameterForm::push(std::vector<Override> after, std::string text) {
  if (after == overrides_) return;
  std::vector<Override> before = overrides_;
  apply(after);
  history_.resize(done_);
  history_.push_back({std::move(before), std::move(after), std::move(text)});
  ++done_;
}

std::vector<ParameterForm::Override> ParameterForm::without(const std::string& path) const {
  std::vector<Override> rest;
  for (const Override& override : overrides_) {
    if (override.path != path) rest.push_back(override);
  }
  return rest;
}

std::string ParameterForm::set(const std::string& path, const std::string& text) {
  const FormField* field = find(path);
  if (field == nullptr) return "there is no parameter " + path;
  if (text == field->text) return {};
  std::vector<Override> after = without(path);
  if (text != field->base) after.push_back({path, text});
  try {
    push(std::move(after), path + " = " + text);
  } catch (const ScenarioError& error) {
    return error.path().empty() ? error.problem() : error.path() + ": " + error.problem();
  }
  return {};
}

double ParameterForm::slider_share(const SliderRange& range) {
  const double value = std::clamp(range.value, range.lowest, range.highest);
  if (!range.logarithmic) return (value - range.lowest) / (range.highest - range.lowest);
  const double lowest = range.lowest > 0 ? range.lowest : range.highest * 1e-6;
  if (value <= lowest) return 0;
  return std::log(value / lowest) / std::log(range.highest / lowest);
}

std::string ParameterForm::slider_text(const FormField& field, double share) const {
  if (!field.slider) return field.text;
  const SliderRange& range = *field.slider;
  double value = range.lowest + share * (range.highest - range.lowest);
  if (range.logarithmic) {
    const double lowest = range.lowest > 0 ? range.lowest : range.highest * 1e-6;
    value = share <= 0 ? range.lowest : lowest * std::pow(range.highest / lowest, share);
  }
  // Three digits are what a hand can choose.
  const double scale = value == 0 ? 1 : std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
  value = std::clamp(std::round(value / scale) * scale, range.lowest, range.highest);
  if (share >= 1) value = range.highest;
  if (field.kind == FieldKind::Number) return fmt::format("{:.6g}", value);
  const auto raw = static_cast<Int128>(std::llround(value));
  switch (field.kind) {
    case FieldKind::Duration:
      return config::format_amount(config::Dimension::Duration, raw);
    case FieldKind::Money:
      return config::format_amount(config::Dimension::Money, raw);
    case FieldKind::Ratio:
      return config::format_amount(config::Dimension::Ratio, raw);
    case FieldKind::Count:
      return config::integer_text(raw);
    default:
      return field.text;
  }
}

void ParameterForm::reset(const std::string& path) { push(without(path), path + " as it was"); }
bool ParameterForm::reset_all() {
  const bool changes_something = !overrides_.empty();
  push({}, "everything as it was");
  return changes_something;
}

bool ParameterForm::undo() {
  if (!can_undo()) return false;
  apply(history_[done_ - 1].before);
  --done_;
  return true;
}

bool ParameterForm::redo() {
  if (!can_redo()) return false;
  apply(history_[done_].after);
  ++done_;
  return true;
}

std::string ParameterForm::undo_text() const {
  return can_undo() ? history_[done_ - 1].text : std::string();
}
std::string ParameterForm::redo_text() const {
  return can_redo() ? history_[done_].text : std::string();
}

std::vector<std::string> ParameterForm::overrides() const {
  std::vector<std::string> out;
  for (const Override& override : overrides_) out.push_back(assignment(override));
  return out;
}

std::vector<std::string> ParameterForm::changes() const {
  std::vector<std::string> out;
  for (const Override& override : overrides_) {
    const FormField* field = find(override.path);
    if (field == nullptr) continue;
    out.push_back(fmt::format("{} {} instead of {}", field->path, field->text, field->base));
  }
  return out;
}

}  // namespace mezz::lab
