// A Params struct as data: one tree of Fields with name, type, value, range and doc. Everything
// that prints or shows parameters (write.h, the GUI form) is an ordinary function of this tree.
//   Field f = describe(params, "sequencing");
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/config/read.h"
#include "sim/config/scalar.h"
#include "sim/config/visit.h"

namespace mezz::config {

struct Field {
  enum class Shape : std::uint8_t { Scalar, Table, ScalarArray, TableArray };

  std::string name;
  std::string doc = {};
  Shape shape = Shape::Table;
  bool optional = false;
  bool present = true;  // false only for an empty optional
  // Of a scalar and of each element of a scalar array:
  ScalarType type = {};
  ScalarRange range = {};                // the one that holds (effective_range)
  std::vector<ScalarValue> values = {};  // one of a scalar, any number of a scalar array
  // Of a table: its fields. Of an array of tables: one table per element.
  std::vector<Field> fields = {};
  // Of an array of tables, or of an absent optional table: the fields of a default element.
  std::vector<Field> element = {};
  std::optional<std::size_t> count_max = {};
};

// A table made by hand of parts that are described one by one.
Field make_table(std::string name, std::vector<Field> fields, std::string doc = {});

namespace detail {

class Describer {
 public:
  template <class T>
  void operator()(std::string_view name, T& field, const SpecOf<T>& spec = {}) {
    Field out{.name = std::string(name), .doc = std::string(spec.doc)};
    fill(out, field, spec);
    fields.push_back(std::move(out));
  }

  template <Visitable T>
  static std::vector<Field> fields_of(T& value) {
    Describer nested;
    value.visit(nested);
    return std::move(nested.fields);
  }

  std::vector<Field> fields;

 private:
  template <class T, class S>
  static void set_scalar_type(Field& out, const S& spec) {
    out.type = scalar_type<T>();
    out.range = effective_range(out.type, {to_scalar_limit(spec.min), to_scalar_limit(spec.max)});
  }

  template <class T>
  static void fill(Field& out, T& value, const Spec<T>& spec) {
    if constexpr (Visitable<T>) {
      out.shape = Field::Shape::Table;
      out.fields = fields_of(value);
    } else if constexpr (is_optional<T>::value) {
      typename T::value_type held = value.value_or(typename T::value_type{});
      fill(out, held, {spec.doc, spec.min, spec.max});
      out.optional = true;
      out.present = value.has_value();
      if (!out.present && out.shape == Field::Shape::Table) out.element = std::move(out.fields);
      if (!out.present) out.fields.clear();
      if (!out.present) out.values.clear();
    } else if constexpr (is_vector<T>::value) {
      fill_vector(out, value, spec);
    } else {
      out.shape = Field::Shape::Scalar;
      set_scalar_type<T>(out, spec);
      out.values.push_back(to_scalar(value));
    }
  }

  template <class T>
  static void fill_vector(Field& out, std::vector<T>& value, const Spec<std::vector<T>>& spec) {
    out.count_max = spec.count_max;
    if constexpr (Visitable<T>) {
      out.shape = Field::Shape::TableArray;
      for (T& item : value) out.fields.push_back(make_table("", fields_of(item)));
      T blank{};
      out.element = fields_of(blank);
    } else {
      out.shape = Field::Shape::ScalarArray;
      set_scalar_type<T>(out, spec);
      for (const T item : value) out.values.push_back(to_scalar(item));
    }
  }
};

}  // namespace detail

// By value: visit() takes its fields by reference to non-const.
template <Visitable T>
Field describe(T params, std::string name = {}, std::string doc = {}) {
  return make_table(std::move(name), detail::Describer::fields_of(params), std::move(doc));
}

}  // namespace mezz::config
