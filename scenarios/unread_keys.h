// Keys that somebody wrote and nobody reads, because another key chose otherwise (key_readers.h):
// one line of text for each. Asked are the keys of the file itself and of --set: not defaults, and
// not those of the files it extends, which may serve many scenarios (nor, therefore, those of a
// base, whose name begins with '_'). Where [sweep] of the file varies the key that chooses, one of
// its values that reads is enough for what the file says; --set is judged by the scenario itself.
// A file that names every parameter there is, as `mezz resolve` prints it, is asked only for values
// other than the default.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace mezz {

struct UnreadKey {
  std::string path;     // or the section, where its design is another
  std::string place;    // "file.toml:12:3" or "command line"
  std::string problem;  // "has no effect where market.margin = drift; it is read by: dydx_v4"
};
// By row of the table, then by path.
std::vector<UnreadKey> unread_keys(const Scenario& scenario);

// "in an optimistic_rollup"
std::string in_design(std::string_view name);

// Of [sweep]: by path, the texts of the values it takes; none where they are a range.
std::map<std::string, VariedKey> varied_keys(const config::Node& root);

}  // namespace mezz
