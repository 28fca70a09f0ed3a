// Two runs of one scenario, the user's and the one before his changes: which numbers moved, and the
// most telling of them in one sentence.
#pragma once

#include <string>
#include <vector>

#include "sim/record/sink.h"

namespace mezz::lab {

struct MetricChange {
  std::string name;
  std::string unit;
  double base = 0;
  double changed = 0;

  [[nodiscard]] bool moved() const;
  // Of the base; infinite when that is zero.
  [[nodiscard]] double share() const;
};

// Numbers of either run, those that moved first, by how telling they are.
std::vector<MetricChange> changes(const std::vector<Metric>& base,
                                  const std::vector<Metric>& changed);

// "With settlement.challenge_window 1 d instead of 7 d, withdrawals wait 1 d 00:20:00 instead of
// 7 d 00:20:00 (-86 %); bad debt stays 0 USD." `what` are the texts of ParameterForm::changes().
std::string summary(const std::vector<std::string>& what, const std::vector<MetricChange>& changes);

std::string value_text(double value, const std::string& unit);

}  // namespace mezz::lab
