// `mezz report`: the pages of analysis/report, and the verdicts on the limits of the scenario that
// the files hold. Return value: exit code, 1 when a limit is broken.
#pragma once

#include <string>
#include <vector>

namespace mezz::commands {

struct ReportArguments {
  std::vector<std::string> paths;  // a result file or several, or the folder of a sweep
  std::string out = "report.html";
  bool force = false;  // overwrite what is no report
};

int report(const ReportArguments& arguments);

}  // namespace mezz::commands
