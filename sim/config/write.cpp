#include "sim/config/write.h"

#include "sim/check/assert.h"

namespace mezz::config {
namespace {

const Origin& origin_of(const Origins& origins, const std::string& path) {
  static const Origin kDefault{};
  const auto at = origins.find(path);
  return at == origins.end() ? kDefault : at->second;
}

// A comment is one line of printable text whatever a file name or a doc contains.
std::string comment_text(const std::string& text, bool ascii) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += ' ';
    } else {
      out += ascii && byte >= 0x80 ? '?' : c;
    }
  }
  return out;
}

// "value # origin  doc" of anything but a table or an array that has tables in it.
std::string value_toml(const Field& field) {
  if (field.optional && !field.present) return "\"none\"";
  if (field.shape == Field::Shape::Scalar) {
    MEZZ_ASSERT(field.values.size() == 1);
    return toml_text(field.type, field.values[0]);
  }
  std::string out = "[";
  for (const ScalarValue& value : field.values) {
    if (out.size() > 1) out += ", ";
    out += toml_text(field.type, value);
  }
  return out + "]";
}

std::string value_plain(const Field& field) {
  if (field.optional && !field.present) return "none";
  if (field.shape == Field::Shape::Scalar) return plain_text(field.type, field.values.at(0));
  std::string out = "[";
  for (const ScalarValue& value : field.values) {
    if (out.size() > 1) out += ", ";
    out += plain_text(field.type, value);
  }
  return out + "]";
}

// Whether the field needs a [header] of its own and so must follow the plain lines of its table.
bool has_header(const Field& field) {
  if (field.shape == Field::Shape::Table) return field.present;
  return field.shape == Field::Shape::TableArray && !field.fields.empty();
}

class TomlWriter {
 public:
  explicit TomlWriter(const Origins& origins) : origins_(origins) {}

  // path names origins ("shock[0].at"); header is the same without positions ("shock").
  void table(const Field& table, const std::string& path, const std::string& header) {
    for (const Field& field : table.fields) {
      if (!has_header(field)) line(field, child_path(path, field.name));
    }
    for (const Field& field : table.fields) {
      if (!has_header(field)) continue;
      const std::string inner = child_path(path, field.name);
      const std::string inner_header = child_path(header, field.name);
      if (field.shape == Field::Shape::Table) {
        open("[" + inner_header + "]", field, inner);
        this->table(field, inner, inner_header);
        continue;
      }
      for (std::size_t i = 0; i < field.fields.size(); ++i) {
        const std::string element = item_path(inner, i);
        open("[[" + inner_header + "]]", field, element);
        this->table(field.fields[i], element, inner_header);
      }
    }
  }

  std::string out;

 private:
  void open(const std::string& header, const Field& field, const std::string& path) {
    if (!out.empty()) out += '\n';
    out += header + comment(field, path) + '\n';
  }

  void line(const Field& field, const std::string& path) {
    // The word none would be a value of a string.
    const bool unset = field.optional && !field.present && field.shape == Field::Shape::Scalar &&
                       field.type.kind == ScalarKind::Text;
    if (unset) {
      out += "# " + key_text(field.name) + " is not set" + comment(field, path) + '\n';
    } else {
      out += key_text(field.name) + " = " + value_toml(field) + comment(field, path) + '\n';
    }
  }

  [[nodiscard]] std::string comment(const Field& field, const std::string& path) const {
    std::string text = "  # " + comment_text(to_text(origin_of(origins_, path)), true);
    if (!field.doc.empty()) text += "  " + comment_text(field.doc, false);
    return text;
  }

  const Origins& origins_;
};

void list(const Field& field, const std::string& path, const Origins& origins,
          std::vector<Parameter>& out) {
  if (field.shape == Field::Shape::Table && field.present) {
    for (const Field& inner : field.fields) {
      list(inner, child_path(path, inner.name), origins, out);
    }
    return;
  }
  if (field.shape == Field::Shape::TableArray && !field.fields.empty()) {
    for (std::size_t i = 0; i < field.fields.size(); ++i) {
      list(field.fields[i], item_path(path, i), origins, out);
    }
    return;
  }
  out.push_back({.path = path,
                 .value = value_plain(field),
                 .unit = accepted_units(field.type.dimension),
                 .range = range_text(field),
                 .doc = field.doc,
                 .origin = origin_of(origins, path)});
}

class Hasher {
 public:
  // FNV-1a; the zero byte separates, since no text holds one.
  void add(const std::string& text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    byte(0);
  }
  // FNV's high bits mix badly: finish as in SplitMix64 (Steele, Lea, Flood 2014).
  [[nodiscard]] std::uint64_t finish() const {
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

 private:
  void byte(unsigned char value) { state_ = (state_ ^ value) * 0x100000001b3U; }
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

void add_to_hash(const Field& field, const std::string& path, Hasher& hasher) {
  if (field.shape == Field::Shape::Table || field.shape == Field::Shape::TableArray) {
    hasher.add(path);
    hasher.add(field.present ? std::to_string(field.fields.size()) : "none");
    for (std::size_t i = 0; i < field.fields.size(); ++i) {
      const Field& inner = field.fields[i];
      const bool array = field.shape == Field::Shape::TableArray;
      add_to_hash(inner, array ? item_path(path, i) : child_path(path, inner.name), hasher);
    }
    return;
  }
  hasher.add(path);
  hasher.add(field.present ? std::to_string(field.values.size()) : "none");
  for (const ScalarValue& value : field.values) hasher.add(plain_text(field.type, value));
}

}  // namespace

Field make_table(std::string name, std::vector<Field> fields, std::string doc) {
  Field table{.name = std::move(name), .doc = std::move(doc)};
  table.fields = std::move(fields);
  return table;
}

std::string resolved_text(const Field& root, const Origins& origins) {
  MEZZ_ASSERT(root.shape == Field::Shape::Table);
  TomlWriter writer(origins);
  if (root.name.empty()) {
    writer.table(root, "", "");
  } else {
    writer.table(make_table("", {root}), "", "");
  }
  return std::move(writer.out);
}

std::vector<Parameter> parameters(const Field& root, const Origins& origins) {
  MEZZ_ASSERT(root.shape == Field::Shape::Table);
  std::vector<Parameter> out;
  list(root, root.name, origins, out);
  return out;
}

std::uint64_t hash(const Field& root) {
  Hasher hasher;
  add_to_hash(root, root.name, hasher);
  return hasher.finish();
}

std::string range_text(const Field& field) {
  const bool numeric = field.type.kind == ScalarKind::Amount || field.type.kind == ScalarKind::Real;
  if (!numeric) return {};
  const ScalarRange& range = field.range;
  if (range.min && range.max) {
    return plain_text(field.type, *range.min) + " .. " + plain_text(field.type, *range.max);
  }
  if (range.min) return ">= " + plain_text(field.type, *range.min);
  if (range.max) return "<= " + plain_text(field.type, *range.max);
  return {};
}

}  // namespace mezz::config
