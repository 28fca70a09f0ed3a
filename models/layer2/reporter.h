// What a part of a layer two tells at the end of a run: its headline numbers, and whether its own
// books balance. Every design is a set of such parts, so neither the headline nor the checks know
// which design they look at. Names are dotted, lower case, and the same in every design that has
// the number; `unit` is "1", "s", "USD", "ETH".
#pragma once

#include <string>
#include <vector>

#include "sim/record/sink.h"
#include "sim/types/money.h"
#include "sim/types/time.h"

namespace mezz {

class MetricList {
 public:
  void add(std::string name, double value, const char* unit) {
    metrics_.push_back({std::move(name), value, unit});
  }
  template <class Integer>
  void count(std::string name, Integer value) {
    add(std::move(name), static_cast<double>(value), "1");
  }
  void money(std::string name, Money value) { add(std::move(name), value.usd(), "USD"); }
  // NAME.p50 and NAME.p99, nearest ranks; nothing when there are none.
  void delays(const std::string& name, std::vector<Duration> delays);

  [[nodiscard]] std::vector<Metric> take() { return std::move(metrics_); }

 private:
  std::vector<Metric> metrics_;
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void report(MetricList& out) const = 0;
  // Asserts what must hold between two events.
  virtual void check() const {}
};

}  // namespace mezz
