// The result file of a run (layout: schema.md), written by one thread of its own.
//   NAME.h5.part   while running: HDF5 in SWMR mode, readable after a crash up to its last commit
//                  (recover.h). An older .part is kept as NAME.h5.part.previous.
//   NAME.h5.lock   held while running (a second run to the same NAME is refused); it also reserves
//                  `ballast_bytes` of disk, given back when the disk fills so that the file can be
//                  closed
//   NAME.h5        appears by rename only when complete and verified; an older one stays until then
// Any failed write makes the sink failed(): what follows is dropped, finish() returns false, the
// .part stays. The writer takes at most kBuffers blocks per table from the run; when it is behind,
// the run packs blocks itself, kPacked of them, then it waits; rows are never dropped. Wall time
// decides when commit_due() is true and who packs, never what is written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/record/sink.h"

namespace mezz {

struct Hdf5Options {
  double flush_seconds = 2.0;                    // wall time between commit_due()
  std::uint64_t expected_bytes = 0;              // start() refuses when 1.2 x this is not free
  std::uint64_t ballast_bytes = 16 * 1'048'576;  // 16 MiB
  bool make_folder = false;                      // start() makes the folder when there is none
};

class Hdf5Sink final : public Sink {
 public:
  explicit Hdf5Sink(std::string path, Hdf5Options options = {});
  ~Hdf5Sink() override;  // without finish(): the .part stays

  [[nodiscard]] bool start(const RunMetadata& run, const std::vector<TableSpec>& tables) override;
  void write(RowBlock& block) override;
  void commit(const Commit& commit) override;
  [[nodiscard]] bool finish(const RunResult& result) override;
  [[nodiscard]] bool commit_due() const override;
  [[nodiscard]] std::string error() const override;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string part_path() const { return path_ + ".part"; }

 private:
  struct Worker;
  std::string path_;
  Hdf5Options options_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace mezz
