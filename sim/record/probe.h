// A probe is one observable quantity of an entity, declared beside the state it watches:
//   Probe<Duration> inclusion_delay_{{.name = "inclusion_delay", .doc = "Submission to
//   inclusion"}}; inclusion_delay_.bind(recording, path());        // while building; the scenario
//   picks recorders inclusion_delay_.record(ctx.now(), delay);       // one predictable branch when
//   off
// Name, unit (from the type) and description go to the result file. T is any column type
// (column.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/check/assert.h"
#include "sim/record/recording.h"

namespace mezz {

struct ProbeSpec {
  std::string_view name;
  std::string_view doc = {};
  std::string_view recorders = "mean";  // unless the scenario says otherwise
  std::string_view unit = {};           // only for plain numbers: "gas", "tx", ...
};

template <Recordable T>
class Probe {
 public:
  explicit Probe(const ProbeSpec& spec) : spec_(spec) {}

  void bind(Recording& recording, std::string_view entity_path) {
    using Column = ColumnOf<T>;
    ProbeTraits traits{.column = column_spec<T>(spec_.name, spec_.doc),
                       .metric_unit = std::string(Column::metric_unit),
                       .metric_scale = Column::metric_scale};
    if (!spec_.unit.empty()) {
      MEZZ_ASSERT(Column::unit == "1" && Column::scale == 0.0);
      traits.column.unit = traits.metric_unit = spec_.unit;
    }
    recorder_ = recording.declare_probe(entity_path, traits, spec_.recorders);
  }

  void record(Time now, T value) {
    if (recorder_ == nullptr) return;
    const auto raw = ColumnOf<T>::raw(value);
    if constexpr (std::is_same_v<decltype(raw), const double>) {
      recorder_->record(now, raw);
    } else {
      if constexpr (std::is_same_v<decltype(raw), const std::uint64_t>) {
        MEZZ_ASSERT(raw <= static_cast<std::uint64_t>(INT64_MAX));
      }
      recorder_->record(now, static_cast<std::int64_t>(raw));
    }
  }

  [[nodiscard]] bool enabled() const { return recorder_ != nullptr; }

 private:
  ProbeSpec spec_;
  ProbeRecorder* recorder_ = nullptr;
};

}  // namespace mezz
