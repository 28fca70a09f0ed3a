// The recording of one run: tables, series and probes are declared while the world is built, then
// start(), rows, commit() now and then, finish(). Appending only copies values into column buffers;
// a full buffer goes to the sinks (memory_sink.h, hdf5_sink.h). Recording never influences the run.
//   Recording recording{plan};
//   Hdf5Sink file{"out.h5"};
//   recording.add_sink(file);            // before the world is built
//   ... entities declare ...
//   if (!recording.start(metadata)) ... recording.error()
//   while (running) { ...; if (recording.commit_due()) recording.commit(now, fingerprint);
//                     if (recording.failed()) stop; }
//   if (!recording.finish(result)) exit code 3
// Without a sink every table is off and only scalar recorders work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/record/column.h"
#include "sim/record/probe_recorder.h"
#include "sim/record/recorder_plan.h"
#include "sim/record/sink.h"

namespace mezz {

class Recording;

// The rows of one table that have not left for the sinks yet.
class TableBuffer {
 public:
  TableBuffer(Recording& owner, std::uint32_t table) : owner_(&owner) { block_.table = table; }

  // Where to store the next row: column c begins at column(c), the row is number row().
  [[nodiscard]] std::byte* const* columns() const { return columns_.data(); }
  [[nodiscard]] std::uint32_t row() const { return block_.rows; }
  [[nodiscard]] bool ready() const { return !columns_.empty(); }
  [[nodiscard]] std::uint64_t rows_total() const { return block_.first_row + block_.rows; }
  void row_done() {
    if (++block_.rows == kChunkRows) [[unlikely]] {
      hand_over();
    }
  }

 private:
  friend class Recording;
  void allocate(const TableSpec& spec);
  void find_columns();
  void hand_over();

  Recording* owner_;
  RowBlock block_;
  std::vector<std::byte*> columns_;
  std::uint64_t committed_ = 0;  // rows_total() at the last commit
};

class Recording {
 public:
  explicit Recording(RecorderPlan plan = {});
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  ~Recording();

  // The sink must outlive the recording's finish().
  void add_sink(Sink& sink);

  // Null when the table is off. The path must be new. Only before start().
  [[nodiscard]] TableBuffer* declare(TableSpec spec);
  // Null when no recorder is chosen. `path` is the entity's path, without the probe's name.
  [[nodiscard]] ProbeRecorder* declare_probe(std::string_view path, const ProbeTraits& probe,
                                             std::string_view default_recorders);

  [[nodiscard]] bool start(const RunMetadata& run);
  void commit(Time now, std::uint64_t fingerprint);
  // Adds the probes' metrics and histograms to the result. False: see error().
  [[nodiscard]] bool finish(RunResult result);

  [[nodiscard]] bool commit_due() const;
  [[nodiscard]] bool failed() const;
  [[nodiscard]] std::string error() const;
  // Scalar results of all probes up to `now`, in order of declaration.
  [[nodiscard]] std::vector<Metric> metrics(Time now) const;
  [[nodiscard]] const std::vector<TableSpec>& tables() const { return specs_; }
  [[nodiscard]] const RecorderPlan& plan() const { return plan_; }

 private:
  friend class TableBuffer;
  void deliver(RowBlock& block);

  RecorderPlan plan_;
  std::vector<Sink*> sinks_;
  std::vector<TableSpec> specs_;
  std::vector<std::unique_ptr<TableBuffer>> buffers_;
  std::vector<std::unique_ptr<ProbeRecorder>> probes_;
  Commit commit_;
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace mezz
