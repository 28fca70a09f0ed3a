// The parameters of a scenario as a form to fill in. Everything in it comes from the parameter
// visitor (sim/config/visit.h): name, unit, range, choices, text of help; what is typed is checked
// by the reader of scenarios itself, with its own message, so the form accepts exactly what --set
// accepts. Each accepted edit can be undone and done again. The list of agents and other tables of
// a list are shown with their position, "shock[0].at". Left out: adding to a list or taking away.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace mezz::lab {

enum class FieldKind : std::uint8_t {
  Duration,
  Money,
  Ratio,
  Count,
  Number,
  Choice,
  Flag,
  Text,
  List,
  Other
};

// What a slider needs: where the value stands between its limits, in the type's own integer.
struct SliderRange {
  double value = 0;
  double lowest = 0;
  double highest = 0;
  bool logarithmic = false;  // the range spans more than two powers of ten
};

struct FormField {
  std::string path;     // "settlement.challenge_window"
  std::string section;  // "settlement"
  FieldKind kind = FieldKind::Other;
  std::string doc;
  std::string units;  // accepted, "ns, us, ms, s, min, h, d"; empty when dimensionless
  std::string range;  // "1 min .. 365 d"; empty when unlimited
  std::vector<std::string> choices;
  std::string standard;  // the simulator's default
  std::string base;      // what the scenario says before any edit
  std::string text;      // now
  std::string origin;    // "flash_crash.toml:12", "command line", "default"
  bool written = false;  // the scenario's own file sets it: what this scenario is about
  bool live = false;     // can change while the world runs (scenarios/live_parameters.h)
  std::optional<SliderRange> slider;

  [[nodiscard]] bool changed() const { return text != base; }
};

class ParameterForm {
 public:
  // Throws ScenarioError when the scenario cannot be read.
  explicit ParameterForm(const std::string& path_or_name);

  [[nodiscard]] const Scenario& scenario() const { return scenario_; }  // with all edits
  [[nodiscard]] const Scenario& base() const { return base_; }
  [[nodiscard]] const std::vector<FormField>& fields() const { return fields_; }
  [[nodiscard]] const FormField* find(std::string_view path) const;
  // Those a user would look at first: what the scenario's file sets, the seed, the length, the
  // design and, where there is one, the challenge window.
  [[nodiscard]] std::vector<FormField> featured() const;
  // Fields whose path or help contains every word; only sections that the design uses unless `all`.
  [[nodiscard]] std::vector<FormField> search(std::string_view words, bool all = false) const;

  // Empty when accepted; else the reader's message and nothing has changed. A text equal to the
  // base takes the override back.
  std::string set(const std::string& path, const std::string& text);
  // The value at this share of the slider, 0 to 1, rounded to three digits, as text to set().
  [[nodiscard]] std::string slider_text(const FormField& field, double share) const;
  [[nodiscard]] static double slider_share(const SliderRange& range);
  void reset(const std::string& path);  // to the base; an edit like any other
  bool reset_all();

  // These say whether they changed anything.
  [[nodiscard]] bool can_undo() const { return done_ > 0; }
  [[nodiscard]] bool can_redo() const { return done_ < history_.size(); }
  bool undo();
  bool redo();
  [[nodiscard]] std::string undo_text() const;  // "settlement.challenge_window = 1 d"
  [[nodiscard]] std::string redo_text() const;

  // Assignments for --set, in the order of the fields' first edits.
  [[nodiscard]] std::vector<std::string> overrides() const;
  // "changed from 7 d": for those who compare.
  [[nodiscard]] std::vector<std::string> changes() const;

 private:
  struct Override {
    std::string path;
    std::string text;
    bool operator==(const Override&) const = default;
  };
  struct Edit {
    std::vector<Override> before;
    std::vector<Override> after;
    std::string text;
  };
  void apply(std::vector<Override> overrides);
  void push(std::vector<Override> after, std::string text);
  [[nodiscard]] std::vector<Override> without(const std::string& path) const;
  [[nodiscard]] std::string assignment(const Override& override) const;

  Scenario base_;
  Scenario scenario_;
  std::vector<FormField> fields_;
  std::vector<FormField> base_fields_;
  std::vector<Override> overrides_;
  std::vector<Edit> history_;
  std::size_t done_ = 0;
};

// A word as a POSIX shell takes it: quoted where it must be.
std::string shell_word(std::string_view text);
// "mezz run flash_crash --set 'settlement.challenge_window=1 d'"
std::string command_line(const Scenario& scenario, const std::vector<std::string>& overrides);
// The same as a Python program that runs the command and opens its result.
std::string python_text(const Scenario& scenario, const std::vector<std::string>& overrides);

}  // namespace mezz::lab
