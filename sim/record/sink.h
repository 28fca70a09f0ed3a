// Where recorded rows go. The hub (recording.h) fills one RowBlock per table and hands it to its
// sinks when it is full, and again, partly filled, at every commit. Errors are values here, not
// exceptions: a failed sink says failed() and error(), drops what follows, and finish() returns
// false; the runner stops the run and exits with code 3.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/record/column.h"
#include "sim/types/time.h"

namespace mezz {

// Up to kChunkRows rows of one table. Column c starts at byte offset[c] and is contiguous.
struct RowBlock {
  std::uint32_t table = 0;
  std::uint32_t rows = 0;       // rows filled; fewer than kChunkRows only at a commit
  std::uint64_t first_row = 0;  // a multiple of kChunkRows
  std::vector<std::size_t> offset = {};
  std::size_t size = 0;  // bytes
  std::unique_ptr<std::byte[]> bytes = {};
};
RowBlock make_block(std::uint32_t table, const TableSpec& spec);

struct Parameter {
  std::string name;   // "settlement.challenge_window"
  std::string value;  // as text, with unit
};

struct EntityGroup {
  std::string kind;  // "trader"
  std::vector<std::uint32_t> ids;
  std::vector<std::string> names;  // paths
};

// Everything known about a run before it starts.
struct RunMetadata {
  std::string title;
  std::string scenario_source;    // the scenario file as typed
  std::string scenario_resolved;  // every parameter written out
  std::vector<Parameter> parameters;
  std::vector<EntityGroup> entities;
  std::uint64_t seed = 0;
  std::string rng;
  std::string creator = "mezz 0.1.0";
  std::string git_commit;
  std::string compiler;
  std::string flags;
  std::string epoch = "1970-01-01 00:00:00";  // the calendar date of Time::zero()
  std::string schema_version = "1";
  std::string interventions;
};

struct Metric {
  std::string name;
  double value = 0.0;
  std::string unit = "1";
};

struct Histogram {
  std::string name;  // may contain '/'
  std::string unit;
  std::vector<double> edges;          // counts.size() + 1
  std::vector<std::uint64_t> counts;  // counts[i] in [edges[i], edges[i + 1])
};

struct FingerprintSample {
  Time time = {};
  std::uint64_t events = 0;
  std::uint64_t fingerprint = 0;
};

struct Commit {
  Time time = {};
  std::uint64_t fingerprint = 0;
  std::vector<std::uint64_t> rows = {};  // per table, in the order of declaration
};

enum class RunStatus : std::uint8_t { Complete, Running, Failed, Interrupted };
template <>
struct EnumNames<RunStatus> {
  static constexpr std::string_view names[] = {"complete", "running", "failed", "interrupted"};
};

// Everything known when it ends. profile (wall time, memory) is never compared between runs.
struct RunResult {
  RunStatus status = RunStatus::Complete;
  Time end = {};
  std::uint64_t fingerprint = 0;
  std::vector<Metric> metrics = {};
  std::vector<Histogram> histograms = {};
  std::vector<FingerprintSample> fingerprints = {};
  std::vector<Metric> profile = {};
};

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // False: nothing can be recorded, error() says why.
  [[nodiscard]] virtual bool start(const RunMetadata& run,
                                   const std::vector<TableSpec>& tables) = 0;
  // Takes the rows not seen before. The sink may exchange block.bytes for another buffer of equal
  // size when the block is full. May wait for the disk; never drops a row unless failed().
  virtual void write(RowBlock& block) = 0;
  virtual void commit(const Commit& commit) = 0;
  // False: there is no complete result; error() says why.
  [[nodiscard]] virtual bool finish(const RunResult& result) = 0;

  // True now and then: the sink would like a commit soon.
  [[nodiscard]] virtual bool commit_due() const { return false; }
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_relaxed); }
  [[nodiscard]] virtual std::string error() const { return {}; }

 protected:
  std::atomic<bool> failed_ = false;
};

}  // namespace mezz
