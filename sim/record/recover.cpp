#include "sim/record/recover.h"

#include <unistd.h>

#include <algorithm>

#include "sim/record/disk.h"
#include "sim/record/hdf5_reader.h"
#include "sim/record/hdf5_writer.h"

namespace mezz {
namespace {

void copy_table(const hdf5::Reader& from, std::uint32_t table, std::uint64_t rows,
                hdf5::Writer& to) {
  const RowBlock block = make_block(table, from.tables()[table]);
  std::vector<const std::byte*> columns;
  for (const std::size_t offset : block.offset) columns.push_back(block.bytes.get() + offset);
  for (std::uint64_t first = 0; first < rows; first += kChunkRows) {
    const std::uint64_t count = std::min<std::uint64_t>(rows - first, kChunkRows);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      from.read(table, c, first, count, block.bytes.get() + block.offset[c]);
    }
    to.write_rows({.table = table,
                   .rows = static_cast<std::uint32_t>(count),
                   .first_row = first,
                   .columns = columns.data()});
  }
}

void write_clean(const hdf5::Reader& from, const std::vector<Commit>& commits,
                 const std::string& path) {
  const Commit& last = commits.back();
  hdf5::Writer to;
  to.create(path, from.metadata(), from.tables());
  for (std::uint32_t t = 0; t < last.rows.size(); ++t) copy_table(from, t, last.rows[t], to);
  to.commit(last);
  to.close();
  RunResult result{
      .status = RunStatus::Interrupted, .end = last.time, .fingerprint = last.fingerprint};
  for (const Commit& commit : commits) {
    result.fingerprints.push_back({.time = commit.time, .fingerprint = commit.fingerprint});
  }
  hdf5::complete_file(path, result);
  hdf5::verify_file(path, from.tables(), last.rows, result);
}

RecoverReport report_of(const hdf5::Reader& from, const std::vector<Commit>& commits) {
  RecoverReport report;
  report.recovered = true;
  report.commits = commits.size();
  report.time = commits.back().time;
  report.fingerprint = commits.back().fingerprint;
  for (std::size_t t = 0; t < from.tables().size(); ++t) {
    report.tables.push_back({from.tables()[t].path, commits.back().rows[t]});
  }
  return report;
}

// Tries the newest commit first. A commit whose rows cannot be read is not trusted: the one before
// is tried, which costs a second copy but happens only after a torn write.
RecoverReport recover_to(const hdf5::Reader& from, const std::string& scratch,
                         const std::string& out) {
  hdf5::Reader::Commits commits = from.commits();
  std::string first_error = "no commit was written before the run ended: nothing to recover";
  for (std::uint64_t discarded = commits.damaged; !commits.valid.empty(); ++discarded) {
    try {
      write_clean(from, commits.valid, scratch);
      sync_file(scratch);
      publish(scratch, out);
      RecoverReport report = report_of(from, commits.valid);
      report.discarded = discarded;
      return report;
    } catch (const hdf5::IoFailure& failure) {
      if (failure.disk_full) throw;
      if (discarded == commits.damaged) first_error = failure.text;
      commits.valid.pop_back();
    }
  }
  return {.error = first_error};
}

}  // namespace

RecoverReport recover(const std::string& part, const std::string& out) {
  if (::access(out.c_str(), F_OK) == 0) return {.error = out + " exists already"};
  hdf5::silence_errors();
  const std::string scratch = out + ".recovering";
  const std::string copy = out + ".copy";
  RecoverReport report;
  try {
    const hdf5::Reader from(part, copy);
    report = recover_to(from, scratch, out);
  } catch (const hdf5::IoFailure& failure) {
    report.error = failure.text;
  }
  ::unlink(scratch.c_str());
  ::unlink(copy.c_str());
  return report;
}

}  // namespace mezz
