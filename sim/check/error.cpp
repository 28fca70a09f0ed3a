#include "sim/check/error.h"

#include <utility>

#include "sim/check/assert.h"

namespace mezz {

void assert_failed(const char* condition, const char* file, int line) {
  throw AssertionFailure(std::string("assertion failed: ") + condition + " at " + file + ":" +
                         std::to_string(line));
}

namespace {
std::string message(const std::string& path, const std::string& problem, const std::string& where) {
  std::string text;
  if (!where.empty()) text += where + ": ";
  if (!path.empty()) text += path + ": ";
  return text + problem;
}
}  // namespace

ScenarioError::ScenarioError(std::string path, std::string problem, std::string where)
    : std::runtime_error(message(path, problem, where)),
      path_(std::move(path)),
      problem_(std::move(problem)),
      where_(std::move(where)) {}

}  // namespace mezz
