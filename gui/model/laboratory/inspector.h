// The inside of a running world as plain rows and tables: what an inspector window shows. Each is a
// copy of what the entities say through their const access at one moment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/study.h"

namespace mezz::lab {

struct InspectorRow {
  std::string name;
  std::string value;
  bool alarm = false;  // worth a second look: negative equity, a residual that is not zero
};

struct InspectorTable {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct Inspector {
  std::string id;     // "accounts", "account 17"
  std::string title;  // "Account 17"
  std::vector<InspectorRow> rows;
  std::vector<InspectorTable> tables;
};

struct InspectorName {
  std::string id;
  std::string title;
  std::string place;  // group in the tree
};

// What can be looked at in this world, in the order of a transaction's way. "account N" exists for
// every account beside them, "transaction N" for every one that is in a block.
std::vector<InspectorName> inspectors(const Study& study);

// Of a part by its path the numbers it reports. An unknown id is an inspector that says so.
Inspector inspect(const Study& study, const std::string& id);

}  // namespace mezz::lab
