// Which keys count only where another key has a certain value: market.ramp is read where
// market.liquidation_rule = drift, [plasma] where layer2.design = plasma. One table says so for all
// of them (key_readers.cpp); the warnings about keys without effect come from it (unread_keys.h).
// A key that is not in the table is read whatever the others say. Whoever adds a rule with numbers
// of its own adds a row.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mezz {

// Reads while `choice` has one of `values`; where `off` is given, while it has any other value.
struct KeyReader {
  std::string choice;
  std::vector<std::string_view> values = {};
  std::string_view off = {};
  std::span<const std::string_view> names = {};  // all that the choice can be, where it is an enum

  [[nodiscard]] bool reads(std::string_view value) const;
};

struct ReadRule {
  // A key, or a section with all below it. One '*' stands for any text, the same in `choice`.
  std::string path;
  std::vector<KeyReader> readers = {};  // one that reads is enough
  std::string_view agrees = {};   // this value of the key says what happens anyway: no warning
  std::string_view instead = {};  // nobody ever reads it: what counts in its place
  bool whole = false;             // a section that is named once, whatever is written in it
};

// From the general to the special: the first row that says "not read" is the one to be told.
const std::vector<ReadRule>& read_rules();

}  // namespace mezz
