#include "sim/record/recording.h"

#include <utility>

#include "sim/check/assert.h"

namespace mezz {

RowBlock make_block(std::uint32_t table, const TableSpec& spec) {
  RowBlock block;
  block.table = table;
  for (const ColumnSpec& column : spec.columns) {
    block.offset.push_back(block.size);
    block.size += width(column.type) * kChunkRows;
  }
  // Not initialised: pages of a table that stays small are never touched, so they cost nothing.
  block.bytes.reset(new std::byte[block.size]);
  return block;
}

void TableBuffer::allocate(const TableSpec& spec) {
  MEZZ_ASSERT(!ready());
  block_ = make_block(block_.table, spec);
  columns_.resize(spec.columns.size());
  find_columns();
}

void TableBuffer::find_columns() {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    columns_[c] = block_.bytes.get() + block_.offset[c];
  }
}

void TableBuffer::hand_over() {
  MEZZ_ASSERT(block_.rows == kChunkRows);
  owner_->deliver(block_);
  block_.first_row += kChunkRows;
  block_.rows = 0;
  find_columns();
}

Recording::Recording(RecorderPlan plan) : plan_(std::move(plan)) {}
Recording::~Recording() = default;

void Recording::add_sink(Sink& sink) {
  MEZZ_ASSERT(!started_);
  MEZZ_ASSERT(specs_.empty());  // tables declared before the first sink would be off
  sinks_.push_back(&sink);
}

TableBuffer* Recording::declare(TableSpec spec) {
  MEZZ_ASSERT(!started_);
  MEZZ_ASSERT(!spec.columns.empty());
  for (const TableSpec& other : specs_) MEZZ_ASSERT(other.path != spec.path);
  const auto on = static_cast<RecorderSet>(Recorder::Vector);
  const bool off = plan_.choose(spec.path, on) == 0;  // without a sink too: names are remembered
  if (sinks_.empty() || off) return nullptr;
  buffers_.push_back(
      std::make_unique<TableBuffer>(*this, static_cast<std::uint32_t>(specs_.size())));
  specs_.push_back(std::move(spec));
  return buffers_.back().get();
}

ProbeRecorder* Recording::declare_probe(std::string_view path, const ProbeTraits& probe,
                                        std::string_view default_recorders) {
  MEZZ_ASSERT(!started_);
  const std::string full = std::string(path) + "/" + probe.column.name;
  const RecorderSet set = plan_.choose(full, parse_recorders(default_recorders, full));
  if (set == 0) return nullptr;
  TableBuffer* series = nullptr;
  if (contains(set, Recorder::Vector)) {
    TableSpec spec{.path = "series/" + full,
                   .columns = {column_spec<Time>("time", "Simulated time"), probe.column},
                   .description = probe.column.description};
    spec.columns[1].name = "value";
    series = declare(std::move(spec));
  }
  if (series == nullptr && set == static_cast<RecorderSet>(Recorder::Vector)) return nullptr;
  probes_.push_back(std::make_unique<ProbeRecorder>(full, probe, set, series));
  return probes_.back().get();
}

bool Recording::start(const RunMetadata& run) {
  MEZZ_ASSERT(!started_);
  started_ = true;
  commit_.rows.resize(specs_.size());
  for (std::size_t t = 0; t < specs_.size(); ++t) buffers_[t]->allocate(specs_[t]);
  bool good = true;
  for (Sink* sink : sinks_) good = sink->start(run, specs_) && good;
  return good;
}

void Recording::deliver(RowBlock& block) {
  for (Sink* sink : sinks_) sink->write(block);
  MEZZ_ASSERT(block.bytes != nullptr);
}

void Recording::commit(Time now, std::uint64_t fingerprint) {
  MEZZ_ASSERT(started_);
  MEZZ_ASSERT(!finished_);
  for (std::size_t t = 0; t < buffers_.size(); ++t) {
    TableBuffer& buffer = *buffers_[t];
    if (buffer.committed_ != buffer.rows_total() && buffer.block_.rows > 0) {
      deliver(buffer.block_);
      buffer.find_columns();
    }
    buffer.committed_ = buffer.rows_total();
    commit_.rows[t] = buffer.rows_total();
  }
  commit_.time = now;
  commit_.fingerprint = fingerprint;
  for (Sink* sink : sinks_) sink->commit(commit_);
}

bool Recording::finish(RunResult result) {
  commit(result.end, result.fingerprint);
  finished_ = true;
  for (const auto& probe : probes_) {
    probe->append_metrics(result.end, result.metrics);
    probe->append_histogram(result.histograms);
  }
  bool good = true;
  for (Sink* sink : sinks_) good = sink->finish(result) && good;
  return good;
}

bool Recording::commit_due() const {
  for (const Sink* sink : sinks_) {
    if (sink->commit_due()) return true;
  }
  return false;
}

bool Recording::failed() const {
  for (const Sink* sink : sinks_) {
    if (sink->failed()) return true;
  }
  return false;
}

std::string Recording::error() const {
  for (const Sink* sink : sinks_) {
    if (sink->failed()) return sink->error();
  }
  return {};
}

std::vector<Metric> Recording::metrics(Time now) const {
  std::vector<Metric> all;
  for (const auto& probe : probes_) probe->append_metrics(now, all);
  return all;
}

}  // namespace mezz
