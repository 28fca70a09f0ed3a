#include "sim/record/probe_recorder.h"

#include <bit>
#include <cstring>
#include <utility>

#include "sim/check/assert.h"
#include "sim/record/recording.h"

namespace mezz {

// append_row copies the low bytes of a 64-bit value into a narrower column.
static_assert(std::endian::native == std::endian::little);

ProbeRecorder::ProbeRecorder(std::string name, ProbeTraits traits, RecorderSet recorders,
                             TableBuffer* series)
    : name_(std::move(name)),
      traits_(std::move(traits)),
      recorders_(recorders),
      series_(series),
      integer_(traits_.column.type != ColumnType::F64),
      distribution_(integer_ ? LogHistogram::Domain::Integer : LogHistogram::Domain::Real) {}

void ProbeRecorder::append_row(Time now, const void* value) {
  MEZZ_ASSERT(series_->ready());
  const std::size_t bytes = width(traits_.column.type);
  const std::size_t row = series_->row();
  std::memcpy(series_->columns()[0] + row * sizeof now.ns, &now.ns, sizeof now.ns);
  std::memcpy(series_->columns()[1] + row * bytes, value, bytes);
  series_->row_done();
}

void ProbeRecorder::record(Time now, std::int64_t value) {
  MEZZ_ASSERT(integer_);
  MEZZ_ASSERT(count_ == 0 || now >= last_time_);
  if (count_++ == 0) {
    first_time_ = now;
  } else {
    integral_ += Int128{last_integer_} * (now - last_time_).ns;
  }
  last_time_ = now;
  last_integer_ = value;
  sum_ += value;
  if (contains(recorders_, Recorder::Quantiles) || contains(recorders_, Recorder::Histogram)) {
    distribution_.add(value);
  }
  if (series_ != nullptr) append_row(now, &value);
}

void ProbeRecorder::record(Time now, double value) {
  MEZZ_ASSERT(!integer_);
  MEZZ_ASSERT(count_ == 0 || now >= last_time_);
  if (count_++ == 0) {
    first_time_ = now;
  } else {
    real_integral_ += last_real_ * static_cast<double>((now - last_time_).ns);
  }
  last_time_ = now;
  last_real_ = value;
  real_sum_ += value;
  if (contains(recorders_, Recorder::Quantiles) || contains(recorders_, Recorder::Histogram)) {
    distribution_.add(value);
  }
  if (series_ != nullptr) append_row(now, &value);
}

void ProbeRecorder::append_metrics(Time end, std::vector<Metric>& metrics) const {
  if (count_ == 0) return;  // nothing was observed: no number is better than a zero
  std::string base = name_;
  for (char& c : base) c = c == '/' ? '.' : c;
  const auto emit = [&](const char* suffix, double stored) {
    metrics.push_back({base + suffix, stored * traits_.metric_scale, traits_.metric_unit});
  };
  const double last = integer_ ? static_cast<double>(last_integer_) : last_real_;
  const double sum = integer_ ? static_cast<double>(sum_) : real_sum_;
  if (contains(recorders_, Recorder::Last)) emit(".last", last);
  if (contains(recorders_, Recorder::Mean)) emit(".mean", sum / static_cast<double>(count_));
  if (contains(recorders_, Recorder::TimeAverage)) {
    MEZZ_ASSERT(end >= last_time_);
    const std::int64_t rest = (end - last_time_).ns;
    const double integral = integer_ ? static_cast<double>(integral_ + Int128{last_integer_} * rest)
                                     : real_integral_ + last_real_ * static_cast<double>(rest);
    const std::int64_t span = (end - first_time_).ns;
    emit(".timeavg", span > 0 ? integral / static_cast<double>(span) : last);
  }
  if (contains(recorders_, Recorder::Quantiles)) {
    emit(".p50", distribution_.quantile(500));
    emit(".p99", distribution_.quantile(990));
    emit(".p999", distribution_.quantile(999));
  }
}

void ProbeRecorder::append_histogram(std::vector<Histogram>& histograms) const {
  if (!contains(recorders_, Recorder::Histogram) || count_ == 0) return;
  LogHistogram::Bins bins = distribution_.bins(512);
  for (double& edge : bins.edges) edge *= traits_.metric_scale;
  histograms.push_back({name_, traits_.metric_unit, std::move(bins.edges), std::move(bins.counts)});
}

}  // namespace mezz
