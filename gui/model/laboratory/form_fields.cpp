#include "gui/model/laboratory/form_fields.h"

#include <cmath>

#include "scenarios/live_parameters.h"
#include "sim/config/write.h"

namespace mezz::lab {

namespace {

using config::Dimension;
using config::Field;
using config::ScalarKind;

FieldKind kind_of(const Field& field) {
  if (field.shape != Field::Shape::Scalar) return FieldKind::List;
  switch (field.type.kind) {
    case ScalarKind::Choice:
      return FieldKind::Choice;
    case ScalarKind::Boolean:
      return FieldKind::Flag;
    case ScalarKind::Real:
      return FieldKind::Number;
    case ScalarKind::Text:
      return FieldKind::Text;
    case ScalarKind::Amount:
      break;
  }
  switch (field.type.dimension) {
    case Dimension::Duration:
    case Dimension::Time:
      return FieldKind::Duration;
    case Dimension::Money:
      return FieldKind::Money;
    case Dimension::Ratio:
      return FieldKind::Ratio;
    case Dimension::None:
      return FieldKind::Count;
    default:
      return FieldKind::Other;
  }
}

double number(const Field& field, const config::ScalarValue& value) {
  return field.type.kind == ScalarKind::Real ? value.real : static_cast<double>(value.integer);
}

// A field without an upper limit gets a slider to ten times what it holds, so that it can be moved
// at all; what is typed may go beyond.
std::optional<SliderRange> slider_of(const Field& field) {
  const bool amount = field.type.kind == ScalarKind::Amount || field.type.kind == ScalarKind::Real;
  if (!amount || field.shape != Field::Shape::Scalar || field.values.size() != 1) return {};
  SliderRange out;
  out.value = number(field, field.values[0]);
  out.lowest = field.range.min ? number(field, *field.range.min) : std::min(0.0, out.value * 10);
  out.highest = field.range.max ? number(field, *field.range.max) : std::abs(out.value) * 10;
  if (!(out.highest > out.lowest)) return {};
  const double start = out.lowest > 0 ? out.lowest : std::abs(out.value) / 100;
  out.logarithmic = out.lowest >= 0 && start > 0 && out.highest / start > 100;
  return out;
}

void list(const Field& field, const std::string& path, std::vector<FormField>& out) {
  if (field.shape == Field::Shape::Table && field.present) {
    for (const Field& inner : field.fields) {
      list(inner, config::child_path(path, inner.name), out);
    }
    return;
  }
  if (field.shape == Field::Shape::TableArray) {
    for (std::size_t i = 0; i < field.fields.size(); ++i) {
      list(field.fields[i], config::item_path(path, i), out);
    }
    return;
  }
  FormField& row = out.emplace_back();
  row.path = path;
  row.section = path.substr(0, path.find_first_of(".["));
  row.kind = kind_of(field);
  row.doc = field.doc;
  if (field.type.kind == ScalarKind::Amount) row.units = accepted_units(field.type.dimension);
  row.range = config::range_text(field);
  for (const std::string_view choice : field.type.choices) row.choices.emplace_back(choice);
  if (row.kind == FieldKind::Flag) row.choices = {"false", "true"};
  if (field.optional) row.choices.empty() ? void() : row.choices.push_back("none");
  row.slider = slider_of(field);
}

}  // namespace

bool is_text(const FormField& field) { return field.kind == FieldKind::Text; }

std::vector<FormField> form_fields(const Scenario& scenario) {
  const Field root = describe_scenario(scenario);
  std::vector<FormField> rows;
  list(root, "", rows);
  // The same walk as config::parameters, but for lists of tables that hold nothing.
  const std::vector<config::Parameter> values = config::parameters(root, scenario.origins);
  std::size_t next = 0;
  for (FormField& row : rows) {
    while (next < values.size() && values[next].path != row.path) ++next;
    if (next == values.size()) break;
    row.text = values[next].value;
    row.origin = config::to_text(values[next].origin);
    row.written = values[next].origin.kind == config::Origin::Kind::File &&
                  values[next].origin.file == scenario.file;
  }
  for (const LiveParameter& live : live_parameters(scenario)) {
    for (FormField& row : rows) row.live = row.live || row.path == live.path;
  }
  return rows;
}

}  // namespace mezz::lab
