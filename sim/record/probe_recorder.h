// What happens to the values of one probe: any of vector, last, mean, timeavg, quantiles,
// histogram. Integer types are summed exactly in 128 bits; doubles in the order they come.
//   timeavg: the value holds from its record until the next; the average runs from the first record
//   to the end of the run.   quantiles: p50, p99, p999 (log_histogram.h, within 1/1024).
// The results are metrics named <path with dots>.<probe>.{last,mean,timeavg,p50,p99,p999} in the
// unit of headline numbers (Duration in s, Money in USD) and histograms named <path>/<probe>.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/record/column.h"
#include "sim/record/log_histogram.h"
#include "sim/record/recorder_plan.h"
#include "sim/record/sink.h"
#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz {

class TableBuffer;

struct ProbeTraits {
  ColumnSpec column;
  std::string metric_unit;
  double metric_scale = 1.0;
};

class ProbeRecorder {
 public:
  // series: where `vector` goes, or null.
  ProbeRecorder(std::string name, ProbeTraits traits, RecorderSet recorders, TableBuffer* series);

  void record(Time now, std::int64_t value);
  void record(Time now, double value);

  void append_metrics(Time end, std::vector<Metric>& metrics) const;
  void append_histogram(std::vector<Histogram>& histograms) const;
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  void append_row(Time now, const void* value);

  std::string name_;
  ProbeTraits traits_;
  RecorderSet recorders_;
  TableBuffer* series_;
  bool integer_;
  std::uint64_t count_ = 0;
  Time first_time_;
  Time last_time_;
  std::int64_t last_integer_ = 0;
  double last_real_ = 0.0;
  Int128 sum_ = 0;
  Int128 integral_ = 0;  // value x ns
  double real_sum_ = 0.0;
  double real_integral_ = 0.0;
  LogHistogram distribution_;
};

}  // namespace mezz
