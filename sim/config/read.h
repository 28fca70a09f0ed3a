// Fills a Params struct from a table of the scenario:
//   SequencerParams p;
//   read(*document.root.find("sequencing"), p, "sequencing", {.origins = &origins});
// A parameter that the table does not name keeps its default. Checked: type, unit, range, choice,
// count, and that the table holds no key that nothing reads. `elsewhere` lists keys of this table
// that the caller reads itself (for example parameters that depend on the chosen design).
// An optional other than a string is emptied by the string "none".
// Errors: ScenarioError{path, what is wrong and what is allowed, file:line:column}.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/config/document.h"
#include "sim/config/scalar.h"
#include "sim/config/visit.h"

namespace mezz::config {

struct ReadOptions {
  Origins* origins = nullptr;
  std::vector<std::string_view> elsewhere = {};
};

namespace detail {

// The part of the reader that needs no types: which keys were asked for, what is left over.
class TableReader {
 public:
  TableReader(const Node& table, std::string path, Origins* origins);
  const Node* take(std::string_view name);  // null when the table does not set it
  void finish(const std::vector<std::string_view>& elsewhere) const;

 protected:
  void record(const std::string& path, const Node& node) const;

  const Node& table_;
  std::string path_;
  Origins* origins_;
  std::vector<std::string> known_;
};

void require_array(const Node& node, const std::string& path, bool of_tables,
                   const std::optional<std::size_t>& count_max);
bool is_none(const Node& node);

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

// "none" empties an optional, so it cannot be one of its values.
template <class T>
constexpr bool has_choice_none() {
  if constexpr (NamedEnum<T>) {
    for (const std::string_view name : EnumNames<T>::names) {
      if (name == "none") return true;
    }
  }
  return false;
}

class Reader : public TableReader {
 public:
  using TableReader::TableReader;

  template <class T>
  void operator()(std::string_view name, T& field, const SpecOf<T>& spec = {}) {
    if (const Node* node = take(name)) read_field(*node, child_path(path_, name), field, spec);
  }

 private:
  template <class T>
  void read_field(const Node& node, const std::string& path, T& field, const Spec<T>& spec) {
    if constexpr (Visitable<T>) {
      record(path, node);
      Reader nested(node, path, origins_);
      field.visit(nested);
      nested.finish({});
    } else if constexpr (is_optional<T>::value) {
      read_optional(node, path, field, spec);
    } else if constexpr (is_vector<T>::value) {
      read_vector(node, path, field, spec);
    } else {
      record(path, node);
      const ScalarRange range{to_scalar_limit(spec.min), to_scalar_limit(spec.max)};
      field = from_scalar<T>(read_scalar(node, path, scalar_type<T>(), range));
    }
  }

  template <class T>
  void read_optional(const Node& node, const std::string& path, std::optional<T>& field,
                     const Spec<std::optional<T>>& spec) {
    static_assert(Visitable<T> || ScalarField<T>);
    static_assert(!has_choice_none<T>());
    if constexpr (!std::same_as<T, std::string>) {
      if (is_none(node)) {
        record(path, node);
        field.reset();
        return;
      }
    }
    T value = field.value_or(T{});
    read_field(node, path, value, Spec<T>{spec.doc, spec.min, spec.max});
    field = std::move(value);
  }

  template <class T>
  void read_vector(const Node& node, const std::string& path, std::vector<T>& field,
                   const Spec<std::vector<T>>& spec) {
    static_assert(Visitable<T> || ScalarField<T>);
    record(path, node);
    require_array(node, path, Visitable<T>, spec.count_max);
    std::vector<T> values;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      T value{};
      read_field(node.items[i], item_path(path, i), value, Spec<T>{spec.doc, spec.min, spec.max});
      values.push_back(std::move(value));
    }
    field = std::move(values);
  }
};

}  // namespace detail

// On an error `params` is left as it was.
template <Visitable T>
void read(const Node& table, T& params, const std::string& path = {},
          const ReadOptions& options = {}) {
  T copy = params;
  detail::Reader reader(table, path, options.origins);
  copy.visit(reader);
  reader.finish(options.elsewhere);
  params = std::move(copy);
}

}  // namespace mezz::config
