#include "gui/model/session.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mezz::gui {

using nlohmann::json;

std::string to_json(const Session& session) {
  json bookmarks = json::array();
  for (const Bookmark& b : session.bookmarks)
    bookmarks.push_back({{"time_ns", b.at.ns}, {"note", b.note}});
  const json all = {
      {"mezz_session", 1},        {"files", session.files},
      {"series", session.series}, {"range_ns", {session.range.begin.ns, session.range.end.ns}},
      {"filter", session.filter}, {"bookmarks", bookmarks}};
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Session session_from_json(const std::string& text) {
  try {
    const json all = json::parse(text);
    if (all.at("mezz_session").get<int>() != 1)
      throw std::runtime_error("written by a later version of the viewer");
    Session session;
    session.files = all.at("files").get<std::vector<std::string>>();
    session.series = all.at("series").get<std::vector<std::string>>();
    session.range = {Time{all.at("range_ns").at(0).get<std::int64_t>()},
                     Time{all.at("range_ns").at(1).get<std::int64_t>()}};
    session.filter = all.at("filter").get<std::string>();
    for (const json& b : all.at("bookmarks"))
      session.bookmarks.push_back(
          {Time{b.at("time_ns").get<std::int64_t>()}, b.at("note").get<std::string>()});
    return session;
  } catch (const json::exception& error) {
    throw std::runtime_error(std::string("no session of the viewer: ") + error.what());
  }
}

}  // namespace mezz::gui
