#include "sim/record/hdf5_sink.h"

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "sim/check/assert.h"
#include "sim/record/disk.h"
#include "sim/record/hdf5_writer.h"

namespace mezz {
namespace {

constexpr std::size_t kBuffers = 8;         // per table, in the queue or being written
constexpr std::size_t kPacked = 8;          // blocks packed by the run, the same
constexpr std::size_t kJobsMax = 4'096;     // commits of many small tables
constexpr std::uint64_t kSlack = 32 << 20;  // replaced bytes that are always allowed

using Clock = std::chrono::steady_clock;

enum class JobKind : std::uint8_t { Rows, Commit, Finish, Abandon };

struct Job {
  JobKind kind = JobKind::Rows;
  std::uint32_t table = 0;
  std::uint32_t rows = 0;
  std::uint64_t first_row = 0;
  std::unique_ptr<std::byte[]> bytes = {};        // rows: as they are, or
  std::unique_ptr<hdf5::PackedRows> packed = {};  // packed by the run
  Commit commit = {};
};

}  // namespace

// What the two threads share. HDF5 is called by the writer thread only.
struct Hdf5Sink::Worker {
  Worker(Hdf5Sink& owner, const RunMetadata& run_, const std::vector<TableSpec>& tables)
      : sink(owner), run(run_), specs(tables), free(tables.size()), made(tables.size()) {
    for (std::size_t i = 0; i < kPacked; ++i) {
      free_packed.push_back(std::make_unique<hdf5::PackedRows>());
    }
    for (std::size_t t = 0; t < tables.size(); ++t) {
      layout.push_back(make_block(static_cast<std::uint32_t>(t), tables[t]));
      layout.back().bytes.reset();
    }
  }

  void run_thread();
  void handle(Job& job);
  void complete();
  void set_failed(const hdf5::IoFailure& failure);
  void push(Job job);
  void take_room(Job& job);
  void pack(const RowBlock& block, hdf5::PackedRows& rows);
  bool next(Job& job);
  void update_due();

  Hdf5Sink& sink;
  RunMetadata run;
  std::vector<TableSpec> specs;
  std::vector<RowBlock> layout;  // offsets and size of each table's blocks
  hdf5::Writer writer;
  std::vector<const std::byte*> starts;  // of the columns of the block being written
  ChunkFilter filter;                    // of the run
  Ballast ballast;
  std::vector<std::uint64_t> rows_committed;
  RunResult result;
  Clock::time_point last_commit = Clock::now();
  double interval = 2.0;
  std::atomic<bool> due = false;

  std::mutex mutex;
  std::condition_variable work;   // for the writer: a job, or a time limit
  std::condition_variable space;  // for the run: a free buffer, or started
  std::deque<Job> queue;
  std::vector<std::vector<std::unique_ptr<std::byte[]>>> free;
  std::vector<std::size_t> made;
  std::vector<std::unique_ptr<hdf5::PackedRows>> free_packed;
  bool started = false;
  bool completed = false;
  std::string error;
  std::thread thread;
};

void Hdf5Sink::Worker::set_failed(const hdf5::IoFailure& failure) {
  // Space first: closing the file needs some.
  ballast.release();
  const std::lock_guard lock(mutex);
  if (error.empty()) error = failure.text;
  sink.failed_.store(true, std::memory_order_relaxed);
  space.notify_all();
}

void Hdf5Sink::Worker::run_thread() {
  hdf5::silence_errors();
  try {
    if (sink.options_.make_folder) {
      std::error_code error;  // a failure shows when the file is opened
      std::filesystem::create_directories(std::filesystem::path(sink.path_).parent_path(), error);
    }
    ballast.take(sink.path_ + ".lock", sink.options_.ballast_bytes);
    require_free_space(sink.path_, sink.options_.expected_bytes + sink.options_.expected_bytes / 5);
    keep_previous(sink.part_path());
    writer.create(sink.part_path(), run, specs);
  } catch (const hdf5::IoFailure& failure) {
    set_failed(failure);
  }
  {
    const std::lock_guard lock(mutex);
    started = true;
    last_commit = Clock::now();
    space.notify_all();
  }
  Job job;
  while (next(job)) {
    handle(job);
    if (job.kind == JobKind::Finish || job.kind == JobKind::Abandon) break;
  }
}

// Waits for a job; meanwhile tells the run when a commit is due.
bool Hdf5Sink::Worker::next(Job& job) {
  std::unique_lock lock(mutex);
  if (job.bytes != nullptr) {
    free[job.table].push_back(std::move(job.bytes));
    space.notify_all();
  } else if (job.packed != nullptr) {
    free_packed.push_back(std::move(job.packed));
    space.notify_all();
  }
  update_due();
  while (queue.empty()) {
    work.wait_for(lock, std::chrono::duration<double>(interval / 4));
    update_due();
  }
  job = std::move(queue.front());
  queue.pop_front();
  space.notify_all();
  return true;
}

void Hdf5Sink::Worker::update_due() {
  const std::chrono::duration<double> since = Clock::now() - last_commit;
  if (since.count() >= interval) due.store(true, std::memory_order_relaxed);
}

void Hdf5Sink::Worker::handle(Job& job) {
  const bool failed = sink.failed();
  try {
    if (failed) {
      // What follows is dropped.
    } else if (job.packed != nullptr) {
      writer.write_packed(job.table, *job.packed);
    } else if (job.kind == JobKind::Rows) {
      starts.clear();
      for (const std::size_t offset : layout[job.table].offset) {
        starts.push_back(job.bytes.get() + offset);
      }
      writer.write_rows({.table = job.table,
                         .rows = job.rows,
                         .first_row = job.first_row,
                         .columns = starts.data()});
    } else if (job.kind == JobKind::Commit) {
      writer.commit(job.commit);
      rows_committed = job.commit.rows;
      // A commit rewrites the unfinished chunks and SWMR mode cannot reuse their old place: commit
      // less often once that costs more than a quarter of the file.
      if (writer.bytes_replaced() > kSlack + writer.bytes_stored() / 4) interval *= 2.0;
    } else if (job.kind == JobKind::Finish) {
      complete();
    }
  } catch (const hdf5::IoFailure& failure) {
    set_failed(failure);
  }
  if (job.kind == JobKind::Finish || job.kind == JobKind::Abandon) {
    writer.abandon();
    ballast.remove();
  }
}

void Hdf5Sink::Worker::complete() {
  const std::string part = sink.part_path();
  writer.close();
  hdf5::complete_file(part, result);
  hdf5::verify_file(part, specs, rows_committed, result);
  sync_file(part);
  publish(part, sink.path_);
  completed = true;
}

void Hdf5Sink::Worker::push(Job job) {
  std::unique_lock lock(mutex);
  space.wait(lock, [&] { return queue.size() < kJobsMax; });
  // The next commit is due an interval after this request, however long the writer needs for it.
  // The writer asks under the same mutex, so that nothing asks again for what was just requested.
  if (job.kind == JobKind::Commit) {
    last_commit = Clock::now();
    due.store(false, std::memory_order_relaxed);
  }
  queue.push_back(std::move(job));
  work.notify_one();
}

// A buffer for the rows; when the writer has them all, room for a block that the run packs.
void Hdf5Sink::Worker::take_room(Job& job) {
  std::vector<std::unique_ptr<std::byte[]>>& buffers = free[job.table];
  std::size_t& buffers_made = made[job.table];
  std::unique_lock lock(mutex);
  space.wait(lock,
             [&] { return !buffers.empty() || buffers_made < kBuffers || !free_packed.empty(); });
  if (!buffers.empty()) {
    job.bytes = std::move(buffers.back());
    buffers.pop_back();
  } else if (buffers_made < kBuffers) {
    ++buffers_made;
    job.bytes.reset(new std::byte[layout[job.table].size]);
  } else {
    job.packed = std::move(free_packed.back());
    free_packed.pop_back();
  }
}

void Hdf5Sink::Worker::pack(const RowBlock& block, hdf5::PackedRows& rows) {
  const std::vector<ColumnSpec>& columns = specs[block.table].columns;
  rows.rows = block.rows;
  rows.first_row = block.first_row;
  rows.bytes.clear();
  rows.bytes.reserve(block.size);
  rows.ends.clear();
  rows.ends.reserve(columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto bytes =
        filter.encode(block.bytes.get() + block.offset[c], block.rows, width(columns[c].type));
    rows.bytes.insert(rows.bytes.end(), bytes.begin(), bytes.end());
    rows.ends.push_back(rows.bytes.size());
  }
}

Hdf5Sink::Hdf5Sink(std::string path, Hdf5Options options)
    : path_(std::move(path)), options_(options) {}

Hdf5Sink::~Hdf5Sink() {
  if (worker_ == nullptr || !worker_->thread.joinable()) return;
  worker_->push({.kind = JobKind::Abandon});
  worker_->thread.join();
}

bool Hdf5Sink::start(const RunMetadata& run, const std::vector<TableSpec>& tables) {
  MEZZ_ASSERT(worker_ == nullptr);
  MEZZ_ASSERT(options_.flush_seconds > 0.0);
  worker_ = std::make_unique<Worker>(*this, run, tables);
  worker_->interval = options_.flush_seconds;
  worker_->rows_committed.resize(tables.size());
  worker_->thread = std::thread([worker = worker_.get()] { worker->run_thread(); });
  std::unique_lock lock(worker_->mutex);
  worker_->space.wait(lock, [&] { return worker_->started; });
  return !failed();
}

void Hdf5Sink::write(RowBlock& block) {
  MEZZ_ASSERT(worker_ != nullptr);
  if (failed() || block.rows == 0) return;
  Job job{.table = block.table, .rows = block.rows, .first_row = block.first_row};
  worker_->take_room(job);
  if (job.packed != nullptr) {
    worker_->pack(block, *job.packed);
  } else if (block.rows == kChunkRows) {
    std::swap(job.bytes, block.bytes);
  } else {
    for (std::size_t c = 0; c < block.offset.size(); ++c) {
      const std::size_t bytes = width(worker_->specs[block.table].columns[c].type) * block.rows;
      std::memcpy(job.bytes.get() + block.offset[c], block.bytes.get() + block.offset[c], bytes);
    }
  }
  worker_->push(std::move(job));
}

void Hdf5Sink::commit(const Commit& commit) {
  MEZZ_ASSERT(worker_ != nullptr);
  if (failed()) return;
  worker_->push({.kind = JobKind::Commit, .commit = commit});
}

bool Hdf5Sink::finish(const RunResult& result) {
  MEZZ_ASSERT(worker_ != nullptr);
  MEZZ_ASSERT(worker_->thread.joinable());
  worker_->result = result;  // published to the writer by the queue's mutex
  worker_->push({.kind = JobKind::Finish});
  worker_->thread.join();
  return worker_->completed && !failed();
}

bool Hdf5Sink::commit_due() const {
  return worker_ != nullptr && worker_->due.load(std::memory_order_relaxed);
}

std::string Hdf5Sink::error() const {
  if (worker_ == nullptr) return {};
  const std::lock_guard lock(worker_->mutex);
  return worker_->error;
}

}  // namespace mezz
