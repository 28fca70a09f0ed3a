#include "sim/config/document.h"

#include <algorithm>
#include <utility>

#include "sim/check/assert.h"

namespace mezz::config {

std::string to_text(const Origin& origin) {
  switch (origin.kind) {
    case Origin::Kind::Default:
      return "default";
    case Origin::Kind::CommandLine:
      return "command line";
    case Origin::Kind::File:
      break;
  }
  return origin.file + ":" + std::to_string(origin.line);
}

std::string place(const Origin& origin) {
  if (origin.kind != Origin::Kind::File) return to_text(origin);
  return to_text(origin) + ":" + std::to_string(origin.column);
}

std::string_view type_name(Node::Type type) {
  switch (type) {
    case Node::Type::Table:
      return "a table";
    case Node::Type::Array:
      return "an array";
    case Node::Type::String:
      return "a string";
    case Node::Type::Integer:
      return "an integer";
    case Node::Type::Real:
      return "a floating-point number";
    case Node::Type::Boolean:
      return "a boolean";
  }
  return "nothing";
}

namespace {
std::size_t position_of(const Node& table, std::string_view key) {
  MEZZ_ASSERT(table.type == Node::Type::Table);
  MEZZ_ASSERT(table.keys.size() == table.items.size());
  const auto at = std::lower_bound(table.keys.begin(), table.keys.end(), key);
  return static_cast<std::size_t>(at - table.keys.begin());
}
}  // namespace

const Node* Node::find(std::string_view key) const {
  if (type != Type::Table) return nullptr;
  const std::size_t i = position_of(*this, key);
  return i < keys.size() && keys[i] == key ? &items[i] : nullptr;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(static_cast<const Node*>(this)->find(key));
}

Node& Node::set(const std::string& key, Node value) {
  const std::size_t i = position_of(*this, key);
  if (i < keys.size() && keys[i] == key) {
    items[i] = std::move(value);
  } else {
    const auto offset = static_cast<std::ptrdiff_t>(i);
    keys.insert(keys.begin() + offset, key);
    items.insert(items.begin() + offset, std::move(value));
  }
  return items[i];
}

void Node::erase(std::string_view key) {
  const std::size_t i = position_of(*this, key);
  if (i >= keys.size() || keys[i] != key) return;
  const auto offset = static_cast<std::ptrdiff_t>(i);
  keys.erase(keys.begin() + offset);
  items.erase(items.begin() + offset);
}

void merge(Node& base, const Node& over) {
  if (base.type != Node::Type::Table || over.type != Node::Type::Table) {
    base = Node(over);
    return;
  }
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    if (Node* existing = base.find(over.keys[i])) {
      merge(*existing, over.items[i]);
    } else {
      base.set(over.keys[i], over.items[i]);
    }
  }
  base.origin = over.origin;
}

std::string key_text(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  if (bare) return std::string(key);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string child_path(const std::string& path, std::string_view key) {
  return path.empty() ? key_text(key) : path + "." + key_text(key);
}

std::string item_path(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

}  // namespace mezz::config
