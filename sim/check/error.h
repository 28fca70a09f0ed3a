// The two exceptions of the project, and nothing else is thrown on purpose.
//   AssertionFailure  our bug: an invariant does not hold. Stops the run.
//   ScenarioError     the user's input: names the parameter path, the value and the remedy.
//                     Thrown only while reading and building; never inside a run.
#pragma once

#include <stdexcept>
#include <string>

namespace mezz {

class AssertionFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

class ScenarioError : public std::runtime_error {
 public:
  // path: "settlement.challenge_window"; problem: "must be > 0, got -1"; where: "file.toml:12", the
  // command line, or empty when only the builder knows the value.
  ScenarioError(std::string path, std::string problem, std::string where = {});

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  std::string path_;
  std::string problem_;
  std::string where_;
};

}  // namespace mezz
