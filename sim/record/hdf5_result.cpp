// The end of a result file: what is known only when the run is over, and the check of what is on
// disk.
#include <algorithm>

#include "sim/check/assert.h"
#include "sim/record/hdf5_attributes.h"
#include "sim/record/hdf5_writer.h"

namespace mezz::hdf5 {
namespace {

Handle open_file(const std::string& path, unsigned mode) {
  const Handle access = file_access();
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "file format");
  return {H5Fopen(path.c_str(), mode, access.get()), "cannot open " + path};
}

void write_metrics(hid_t file, const char* path, const std::vector<Metric>& metrics) {
  const Handle group = open_group(file, path);
  if (metrics.empty()) return;
  std::vector<std::string> names;
  std::vector<std::string> units;
  std::vector<double> values;
  for (const Metric& metric : metrics) {
    names.push_back(metric.name);
    units.push_back(metric.unit);
    values.push_back(metric.value);
  }
  const Handle name = write_strings(group.get(), "name", names);
  const Handle value =
      write_numbers(group.get(), "value", ColumnType::F64, values.data(), values.size());
  const Handle unit = write_strings(group.get(), "unit", units);
  make_dimension(group.get(), {"name", name.get()}, {{"value", value.get()}, {"unit", unit.get()}});
}

void write_histogram(hid_t file, const Histogram& histogram) {
  MEZZ_ASSERT(histogram.edges.size() == histogram.counts.size() + 1);
  const Handle group = make_group(file, "hist/" + histogram.name);
  const Handle edges = write_numbers(group.get(), "edges", ColumnType::F64, histogram.edges.data(),
                                     histogram.edges.size());
  write_text(edges.get(), "units", histogram.unit);
  const Handle counts = write_numbers(group.get(), "counts", ColumnType::U64,
                                      histogram.counts.data(), histogram.counts.size());
  write_text(counts.get(), "units", "1");
  // Edges and counts differ in length by one, so each is its own dimension.
  make_dimension(group.get(), {"edges", edges.get()}, {});
  make_dimension(group.get(), {"counts", counts.get()}, {});
}

void write_fingerprints(hid_t file, const std::vector<FingerprintSample>& samples) {
  const Handle group = open_group(file, "fingerprints");
  if (samples.empty()) return;
  std::vector<std::int64_t> times;
  std::vector<std::uint64_t> events;
  std::vector<std::uint64_t> values;
  for (const FingerprintSample& sample : samples) {
    times.push_back(sample.time.ns);
    events.push_back(sample.events);
    values.push_back(sample.fingerprint);
  }
  const Handle time =
      write_numbers(group.get(), "time", ColumnType::I64, times.data(), times.size());
  write_text(time.get(), "units", std::string(kTimeUnit) + " " + read_text(file, "epoch"));
  write_text(time.get(), "calendar", "proleptic_gregorian");
  const Handle event =
      write_numbers(group.get(), "events", ColumnType::U64, events.data(), events.size());
  const Handle value =
      write_numbers(group.get(), "fingerprint", ColumnType::U64, values.data(), values.size());
  make_dimension(group.get(), {"time", time.get()},
                 {{"events", event.get()}, {"fingerprint", value.get()}});
}

// Reads the last chunk through the filter pipeline: a torn or missing chunk fails its checksum.
void verify_column(hid_t group, const ColumnSpec& column, std::uint64_t rows) {
  const Handle dataset(H5Dopen2(group, column.name.c_str(), H5P_DEFAULT), "opening a column");
  const Handle space(H5Dget_space(dataset.get()), "reading an extent");
  hsize_t extent = 0;
  if (H5Sget_simple_extent_dims(space.get(), &extent, nullptr) != 1 || extent != rows) {
    fail("the column " + column.name + " has a wrong number of rows");
  }
  if (rows == 0) return;
  const hsize_t start = (rows - 1) / kChunkRows * kChunkRows;
  const hsize_t count = rows - start;
  std::vector<std::byte> values(count * width(column.type));
  check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr),
        "selecting rows");
  const Handle memory(H5Screate_simple(1, &count, nullptr), "creating a dataspace");
  check(H5Dread(dataset.get(), stored_type(column.type), memory.get(), space.get(), H5P_DEFAULT,
                values.data()),
        "reading back the column " + column.name);
}

}  // namespace

void complete_file(const std::string& path, const RunResult& result) {
  Handle file = open_file(path, H5F_ACC_RDWR);
  write_metrics(file.get(), "metrics", result.metrics);
  write_metrics(file.get(), "profile", result.profile);
  for (const Histogram& histogram : result.histograms) write_histogram(file.get(), histogram);
  write_fingerprints(file.get(), result.fingerprints);
  overwrite_text(file.get(), "fingerprint", fingerprint_text(result.fingerprint));
  overwrite_text(file.get(), "status", enum_name(result.status));
  check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "flushing the file");
  file.close("closing the file");
}

void verify_file(const std::string& path, const std::vector<TableSpec>& tables,
                 const std::vector<std::uint64_t>& rows, const RunResult& result) {
  MEZZ_ASSERT(tables.size() == rows.size());
  Handle file = open_file(path, H5F_ACC_RDONLY);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const Handle group = open_group(file.get(), tables[t].path);
    for (const ColumnSpec& column : tables[t].columns) {
      verify_column(group.get(), column, rows[t]);
    }
  }
  if (read_text(file.get(), "status") != enum_name(result.status) ||
      read_text(file.get(), "fingerprint") != fingerprint_text(result.fingerprint)) {
    fail("the file's status or fingerprint is not what was written");
  }
  file.close("closing the file");
}

}  // namespace mezz::hdf5
