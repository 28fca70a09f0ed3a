// JSON Schema for editors (taplo and others check TOML with it while it is typed).
#include <nlohmann/json.hpp>

#include "sim/config/write.h"

namespace mezz::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kNumber =
    "[-+]?[0-9]+(_[0-9]+)*(\\.[0-9]+(_[0-9]+)*)?([eE][-+]?[0-9]+)?";

std::string unit_pattern(Dimension dimension) {
  std::string units;
  for (const Unit& unit : units_of(dimension)) {
    if (!units.empty()) units += '|';
    units += unit.name;
  }
  std::string pattern = "^\\s*" + std::string(kNumber);
  pattern += dimension == Dimension::Ratio ? "(\\s*(" + units + "))?" : "\\s*(" + units + ")";
  pattern += "\\s*$";
  if (dimension == Dimension::Time) pattern += "|^never$";
  return pattern;
}

Json scalar_value(const ScalarType& type, const ScalarValue& value) {
  switch (type.kind) {
    case ScalarKind::Boolean:
      return value.integer != 0;
    case ScalarKind::Real:
      return value.real;
    case ScalarKind::Amount:
      if (type.dimension == Dimension::None && value.integer <= INT64_MAX) {
        return static_cast<std::int64_t>(value.integer);
      }
      break;
    case ScalarKind::Choice:
    case ScalarKind::Text:
      break;
  }
  return plain_text(type, value);
}

void amount_schema(const Field& field, Json& out) {
  if (field.type.dimension != Dimension::None) {
    const bool ratio = field.type.dimension == Dimension::Ratio;
    out["type"] = ratio ? Json::array({"string", "number"}) : Json("string");
    out["pattern"] = unit_pattern(field.type.dimension);
    out["examples"] = Json::array({dimension_example(field.type.dimension)});
    return;
  }
  // The upper half of an unsigned 64-bit value does not fit a TOML integer: a string of digits.
  const bool wide = field.type.highest > INT64_MAX;
  out["type"] = wide ? Json::array({"integer", "string"}) : Json("integer");
  if (wide) out["pattern"] = "^[0-9]+(_[0-9]+)*$";
}

Json scalar_schema(const Field& field) {
  Json out = Json::object();
  switch (field.type.kind) {
    case ScalarKind::Amount:
      amount_schema(field, out);
      break;
    case ScalarKind::Boolean:
      out["type"] = "boolean";
      break;
    case ScalarKind::Real:
      out["type"] = "number";
      break;
    case ScalarKind::Text:
      out["type"] = "string";
      break;
    case ScalarKind::Choice:
      out["type"] = "string";
      out["enum"] = Json::array();
      for (const std::string_view choice : field.type.choices) out["enum"].push_back(choice);
      break;
  }
  const Json type = out["type"];
  const bool number = type == "number" || type == "integer" || field.type.highest > INT64_MAX;
  const bool plain = field.type.dimension == Dimension::None;
  if (number && plain && field.range.min) {
    out["minimum"] = scalar_value(field.type, *field.range.min);
  }
  if (number && plain && field.range.max) {
    const Json maximum = scalar_value(field.type, *field.range.max);
    if (maximum.is_number()) out["maximum"] = maximum;
  }
  return out;
}

std::string description(const Field& field) {
  std::string text = field.doc;
  const std::string range = range_text(field);
  if (!range.empty()) text += (text.empty() ? "" : " ") + ("Range: " + range + ".");
  const std::string units = accepted_units(field.type.dimension);
  if (!units.empty()) text += (text.empty() ? "" : " ") + ("Units: " + units + ".");
  return text;
}

Json field_schema(const Field& field);

Json table_schema(const std::vector<Field>& fields) {
  Json out = Json::object();
  out["type"] = "object";
  out["properties"] = Json::object();
  for (const Field& field : fields) out["properties"][field.name] = field_schema(field);
  out["additionalProperties"] = false;
  return out;
}

Json array_schema(const Field& field) {
  Json out = Json::object();
  out["type"] = "array";
  const bool tables = field.shape == Field::Shape::TableArray;
  out["items"] = tables ? table_schema(field.element) : scalar_schema(field);
  if (field.count_max) out["maxItems"] = *field.count_max;
  if (!tables) {
    out["default"] = Json::array();
    for (const ScalarValue& value : field.values) {
      out["default"].push_back(scalar_value(field.type, value));
    }
  }
  return out;
}

Json field_schema(const Field& field) {
  Json out;
  switch (field.shape) {
    case Field::Shape::Table:
      out = table_schema(field.present ? field.fields : field.element);
      break;
    case Field::Shape::TableArray:
    case Field::Shape::ScalarArray:
      out = array_schema(field);
      break;
    case Field::Shape::Scalar:
      out = scalar_schema(field);
      break;
  }
  const bool text = field.shape == Field::Shape::Scalar && field.type.kind == ScalarKind::Text;
  if (field.optional && !text) {
    out = Json{{"anyOf", Json::array({Json{{"const", "none"}}, out})}};
  }
  if (field.shape == Field::Shape::Scalar && field.present) {
    out["default"] = scalar_value(field.type, field.values.at(0));
  }
  const std::string words = description(field);
  if (!words.empty()) out["description"] = words;
  return out;
}

}  // namespace

std::string json_schema(const Field& root, const std::string& title) {
  Json out = Json::object();
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = title;
  Json body = table_schema(root.fields);
  body["properties"]["extends"] = Json{
      {"type", "array"},
      {"items", Json{{"type", "string"}}},
      {"maxItems", kFilesMax - 1},
      {"description", "Catalogue names or paths of scenarios whose values hold unless set here."}};
  out.update(body);
  // Strings come from files (valid UTF-8) or from source code; "replace" so that none can throw.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mezz::config
