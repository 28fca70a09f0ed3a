// What belongs to looking at results and not to the results: which files, what is shown, bookmarks.
// A JSON file of its own, so that result files stay as they were written.
#pragma once

#include <string>
#include <vector>

#include "gui/model/time_range.h"

namespace mezz::gui {

struct Bookmark {
  Time at = {};
  std::string note;
  bool operator==(const Bookmark&) const = default;
};

struct Session {
  std::vector<std::string> files = {};
  std::vector<std::string> series = {};
  TimeRange range = {};
  std::string filter = {};
  std::vector<Bookmark> bookmarks = {};
  bool operator==(const Session&) const = default;
};

std::string to_json(const Session& session);
// Throws std::runtime_error that names what is wrong.
Session session_from_json(const std::string& text);

}  // namespace mezz::gui
