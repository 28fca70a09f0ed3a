#include <fmt/core.h>

#include "gui/model/laboratory/parameter_form.h"
#include "scenarios/catalogue.h"

namespace mezz::lab {

namespace {

// A scenario of the catalogue is called by its name, another by its file.
std::string called(const Scenario& scenario) {
  for (const CatalogueFile& file : catalogue_files()) {
    if (file.path == scenario.file) return scenario.name;
  }
  return scenario.file;
}

std::string python_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/=:,+@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string command_line(const Scenario& scenario, const std::vector<std::string>& overrides) {
  std::string out = "mezz run " + shell_word(called(scenario));
  for (const std::string& override : overrides) out += " --set " + shell_word(override);
  return out + " --out " + shell_word(scenario.name + ".h5");
}

std::string python_text(const Scenario& scenario, const std::vector<std::string>& overrides) {
  std::string out = "import subprocess\n\nimport mezzanine\n\n";
  out += fmt::format("command = [\"mezz\", \"run\", {}]\n", python_string(called(scenario)));
  for (const std::string& override : overrides) {
    out += fmt::format("command += [\"--set\", {}]\n", python_string(override));
  }
  const std::string file = python_string(scenario.name + ".h5");
  out += fmt::format("subprocess.run(command + [\"--out\", {}], check=True)\n", file);
  return out + fmt::format("run = mezzanine.open_run({})\nprint(run.metrics)\n", file);
}

}  // namespace mezz::lab
