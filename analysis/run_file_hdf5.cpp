#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "analysis/hdf5_access.h"
#include "analysis/run_source.h"
#include "sim/check/assert.h"

namespace mezz::analysis {
namespace {

using hdf5::Handle;
using hdf5::refuse;

constexpr std::int64_t kFormatMajor = 1;
constexpr std::uint64_t kTablesMax = 100'000;
constexpr std::uint64_t kColumnsMax = 4'096;
// While a run is being created or completed nobody can read its .part; then it is looked at again,
// for two seconds at most.
constexpr int kLooks = 40;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    text[15 - i] = "0123456789abcdef"[value >> (4 * i) & 15U];
  }
  return text;
}

// schema.md, "/commit".
std::uint64_t commit_checksum(const std::vector<std::int64_t>& words) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const std::int64_t word : words) {
    sum = (sum ^ static_cast<std::uint64_t>(word)) * 0x100000001b3U;
    sum ^= sum >> 29;
  }
  return sum;
}

struct LastCommit {
  std::vector<std::string> tables;
  std::vector<std::uint64_t> rows;
  Time time = {};
  std::uint64_t fingerprint = 0;
};

// The newest record whose checksum is right. A .part may have none yet: then all tables are empty.
LastCommit read_commit(hid_t file, bool is_part, const RunFileLimits& limits) {
  if (!hdf5::exists(file, "commit")) refuse("not a result file: it has no /commit");
  const Handle dataset = hdf5::open_dataset(file, "commit", limits);
  LastCommit last{.tables = split(hdf5::text_attribute(dataset.get(), "tables", limits), '\n'),
                  .rows = {}};
  if (last.tables.size() > kTablesMax) refuse("too many tables");
  if (hdf5::stored_type(dataset.get()) != StoredType::I64) refuse("/commit is of a wrong type");
  const std::uint64_t stride = last.tables.size() + 3;
  if (hdf5::integer_attribute(dataset.get(), "stride") !=
      std::vector{static_cast<std::int64_t>(stride)}) {
    refuse("/commit has a wrong stride");
  }
  for (std::uint64_t record = hdf5::length(dataset.get()) / stride; record-- > 0;) {
    std::vector<std::int64_t> words(stride);
    try {
      hdf5::read_rows(dataset.get(), H5T_NATIVE_INT64, record * stride, stride, words.data());
    } catch (const hdf5::Refusal&) {
      if (!is_part) throw;
      continue;  // torn by the end of its process; an older one may be whole
    }
    const auto checksum = static_cast<std::uint64_t>(words.back());
    words.pop_back();
    if (commit_checksum(words) != checksum) {
      if (!is_part) refuse("the last record of /commit has a wrong checksum");
      continue;
    }
    last.time = {words[0]};
    last.fingerprint = static_cast<std::uint64_t>(words[1]);
    for (std::size_t t = 2; t < words.size(); ++t) {
      last.rows.push_back(static_cast<std::uint64_t>(words[t]));
    }
    return last;
  }
  if (!is_part) refuse("/commit is empty");
  last.rows.assign(last.tables.size(), 0);
  return last;
}

RunHeader read_header(hid_t file, const RunFileLimits& limits) {
  const std::vector<std::int64_t> format = hdf5::integer_attribute(file, "mezz_format");
  if (format.size() != 2) refuse("not a result file: it has no attribute mezz_format");
  if (format[0] != kFormatMajor) {
    refuse("format " + std::to_string(format[0]) + "." + std::to_string(format[1]) +
           "; this program reads format " + std::to_string(kFormatMajor) + ".x");
  }
  const std::vector<std::int64_t> seed = hdf5::integer_attribute(file, "seed");
  if (seed.size() != 1) refuse("the attribute seed is missing");
  const auto text = [&](const char* name) { return hdf5::text_attribute(file, name, limits); };
  return {.title = text("title"),
          .status = text("status"),
          .fingerprint = text("fingerprint"),
          .git_commit = text("git_commit"),
          .compiler = text("compiler"),
          .flags = text("flags"),
          .creator = text("creator"),
          .rng = text("rng"),
          .epoch = text("epoch"),
          .seed = static_cast<std::uint64_t>(seed[0])};
}

ColumnInfo read_column(hid_t dataset, const std::string& name, const RunFileLimits& limits) {
  ColumnInfo column{.name = name,
                    .type = hdf5::stored_type(dataset),
                    .units = hdf5::text_attribute(dataset, "units", limits),
                    .scale_factor = 0.0,
                    .description = hdf5::text_attribute(dataset, "long_name", limits),
                    .flag_values = hdf5::integer_attribute(dataset, "flag_values"),
                    .flag_meanings = {}};
  const std::vector<double> scale = hdf5::real_attribute(dataset, "scale_factor");
  if (!scale.empty()) column.scale_factor = scale.front();
  column.flag_meanings = split(hdf5::text_attribute(dataset, "flag_meanings", limits), ' ');
  if (column.flag_values.size() != column.flag_meanings.size()) {
    refuse("flag_values and flag_meanings of " + name + " disagree");
  }
  return column;
}

// A finished file has exactly the rows its last commit promises; a .part at least those.
TableInfo read_table(hid_t file, const std::string& path, std::uint64_t rows, bool is_part,
                     const RunFileLimits& limits) {
  if (rows > limits.rows) refuse("too many rows: " + path);
  const Handle group = hdf5::open_group(file, path);
  TableInfo table{.path = path,
                  .description = hdf5::text_attribute(group.get(), "comment", limits),
                  .rows = rows,
                  .columns = {}};
  for (const std::string& name : hdf5::names_in(group.get(), kColumnsMax)) {
    if (!hdf5::is_dataset(group.get(), name)) continue;  // a series below this one
    const Handle dataset = hdf5::open_dataset(group.get(), name, limits);
    table.columns.push_back(read_column(dataset.get(), name, limits));
    const std::uint64_t extent = hdf5::length(dataset.get());
    if (extent < rows || (!is_part && extent != rows)) {
      refuse("the column " + path + "/" + name + " has " + std::to_string(extent) +
             " rows, /commit says " + std::to_string(rows));
    }
  }
  if (table.columns.empty()) refuse("the table " + path + " has no columns");
  return table;
}

std::vector<Metric> read_metrics(hid_t file, const char* path, const RunFileLimits& limits) {
  if (!hdf5::exists(file, path)) return {};
  const Handle group = hdf5::open_group(file, path);
  const std::vector<std::string> names = hdf5::texts(group.get(), "name", limits);
  const std::vector<std::string> units = hdf5::texts(group.get(), "unit", limits);
  if (names.size() != units.size()) refuse(std::string("damaged: /") + path);
  if (names.empty()) return {};
  const Handle dataset = hdf5::open_dataset(group.get(), "value", limits);
  if (hdf5::stored_type(dataset.get()) != StoredType::F64 ||
      hdf5::length(dataset.get()) != names.size()) {
    refuse(std::string("damaged: /") + path);
  }
  std::vector<double> values(names.size());
  hdf5::read_rows(dataset.get(), H5T_NATIVE_DOUBLE, 0, values.size(), values.data());
  std::vector<Metric> metrics;
  for (std::size_t i = 0; i < names.size(); ++i) metrics.push_back({names[i], values[i], units[i]});
  return metrics;
}

std::vector<std::int64_t> read_words(hid_t group, const char* name, hid_t memory_type,
                                     const RunFileLimits& limits) {
  const Handle dataset = hdf5::open_dataset(group, name, limits);
  hdf5::stored_type(dataset.get());  // refuses what no run writes
  std::vector<std::int64_t> values(hdf5::length(dataset.get()));
  if (values.size() > limits.list_entries) refuse(std::string("too long: ") + name);
  hdf5::read_rows(dataset.get(), memory_type, 0, values.size(), values.data());
  return values;
}

enum class Look : std::uint8_t { Whole, WithoutTables };

class Hdf5Source final : public RunSource {
 public:
  Hdf5Source(const std::string& path, const RunFileLimits& limits, Look look = Look::Whole);

  [[nodiscard]] const RunContents& contents() const override { return contents_; }
  [[nodiscard]] ScenarioText scenario() override;
  [[nodiscard]] std::vector<ParameterText> parameters() override;
  [[nodiscard]] std::vector<Metric> metrics() override { return metrics_of("metrics"); }
  [[nodiscard]] std::vector<Metric> profile() override { return metrics_of("profile"); }
  [[nodiscard]] std::vector<SubHash> fingerprints() override;
  [[nodiscard]] std::vector<std::int64_t> integers(const TableInfo& table, const ColumnInfo& column,
                                                   RowRange range) override {
    const hid_t type = column.type == StoredType::U64 ? H5T_NATIVE_UINT64 : H5T_NATIVE_INT64;
    return rows_of<std::int64_t>(table, column, range, type);
  }
  [[nodiscard]] std::vector<double> doubles(const TableInfo& table, const ColumnInfo& column,
                                            RowRange range) override;

 private:
  // Finds the file: the name, or the .part of a run that is not over.
  void find(const std::string& path);
  // Whether what was found is on its way to become readable, or another file.
  [[nodiscard]] bool may_change(const std::string& path) const;
  void open(Look look);
  // Where every Refusal leaves as RunFileError.
  template <class Read>
  auto guarded(Read read) const -> decltype(read(hid_t{})) {
    const hdf5::Quiet quiet;
    try {
      return read(handle_.get());
    } catch (const hdf5::Refusal& refusal) {
      throw RunFileError(contents_.path, refusal.reason);
    }
  }
  [[nodiscard]] std::vector<Metric> metrics_of(const char* path) const {
    if (contents_.is_part) return {};  // they may be on their way into the file right now
    return guarded([&](hid_t file) { return read_metrics(file, path, limits_); });
  }
  template <class Value>
  std::vector<Value> rows_of(const TableInfo& table, const ColumnInfo& column, RowRange range,
                             hid_t memory_type) const;

  RunContents contents_;
  RunFileLimits limits_;
  Handle handle_;
};

Hdf5Source::Hdf5Source(const std::string& path, const RunFileLimits& limits, Look look)
    : limits_(limits) {
  const hdf5::Quiet quiet;
  for (int looks_left = kLooks;; --looks_left) {
    contents_ = {};
    find(path);
    try {
      open(look);
      return;
    } catch (const hdf5::Refusal& refusal) {
      if (looks_left <= 1 || !may_change(path)) {
        throw RunFileError(contents_.path, refusal.reason);
      }
    }
    constexpr timespec kBetweenLooks{.tv_sec = 0, .tv_nsec = 50'000'000};
    ::nanosleep(&kBetweenLooks, nullptr);
  }
}

void Hdf5Source::find(const std::string& path) {
  struct stat status {};
  contents_.path = path;
  if (::stat(path.c_str(), &status) != 0) {
    const int number = errno;
    const std::string part = path + ".part";
    if (number == ENOENT && !path.ends_with(".part") && ::stat(part.c_str(), &status) == 0) {
      contents_.path = part;
    } else if (::stat(path.c_str(), &status) != 0) {  // else the .part became it in between
      throw RunFileError(path, std::strerror(number));
    }
  }
  if (!S_ISREG(status.st_mode)) throw RunFileError(contents_.path, "not a regular file");
  contents_.is_part = contents_.path.ends_with(".part");
}

bool Hdf5Source::may_change(const std::string& path) const {
  if (!contents_.is_part) return false;
  struct stat status {};
  if (path != contents_.path && ::stat(path.c_str(), &status) == 0) return true;
  constexpr std::string_view kPart = ".part";
  const std::string result = contents_.path.substr(0, contents_.path.size() - kPart.size());
  return ::stat((result + ".lock").c_str(), &status) == 0;  // there while the run is written
}

void Hdf5Source::open(Look look) {
  const bool is_part = contents_.is_part;
  handle_ = hdf5::open_file(contents_.path,
                            is_part ? hdf5::Access::BesideWriter : hdf5::Access::Finished);
  contents_.header = read_header(handle_.get(), limits_);
  const LastCommit last = read_commit(handle_.get(), is_part, limits_);
  contents_.committed = last.time;
  if (is_part) {
    contents_.header.fingerprint = hex(last.fingerprint);
  } else if (contents_.header.fingerprint != hex(last.fingerprint)) {
    refuse("the fingerprint is not that of the last record of /commit");
  }
  for (std::size_t t = 0; t < last.tables.size() && look == Look::Whole; ++t) {
    contents_.tables.push_back(
        read_table(handle_.get(), last.tables[t], last.rows[t], is_part, limits_));
  }
}

template <class Value>
std::vector<Value> Hdf5Source::rows_of(const TableInfo& table, const ColumnInfo& column,
                                       RowRange range, hid_t memory_type) const {
  MEZZ_ASSERT(range.first <= table.rows);
  MEZZ_ASSERT(range.count <= table.rows - range.first);
  return guarded([&](hid_t file) {
    if (range.count > limits_.read_bytes / sizeof(Value)) refuse("too many rows for one read");
    const Handle dataset = hdf5::open_dataset(file, table.path + "/" + column.name, limits_);
    hdf5::require_stored(dataset.get(), table.rows);
    std::vector<Value> values(range.count);
    hdf5::read_rows(dataset.get(), memory_type, range.first, range.count, values.data());
    return values;
  });
}

std::vector<double> Hdf5Source::doubles(const TableInfo& table, const ColumnInfo& column,
                                        RowRange range) {
  std::vector<double> values = rows_of<double>(table, column, range, H5T_NATIVE_DOUBLE);
  if (column.scale_factor != 0.0) {
    for (double& value : values) value *= column.scale_factor;
  }
  return values;
}

ScenarioText Hdf5Source::scenario() {
  return guarded([&](hid_t file) {
    const Handle group = hdf5::open_group(file, "scenario");
    const auto text = [&](const char* name) {
      const std::vector<std::string> texts = hdf5::texts(group.get(), name, limits_);
      return texts.empty() ? std::string() : texts.front();
    };
    return ScenarioText{text("source"), text("resolved"), text("interventions")};
  });
}

std::vector<ParameterText> Hdf5Source::parameters() {
  return guarded([&](hid_t file) {
    std::vector<ParameterText> parameters;
    if (!hdf5::exists(file, "scenario/parameters")) return parameters;
    const Handle group = hdf5::open_group(file, "scenario/parameters");
    const std::vector<std::string> names = hdf5::texts(group.get(), "name", limits_);
    const std::vector<std::string> values = hdf5::texts(group.get(), "value", limits_);
    if (names.size() != values.size()) refuse("damaged: /scenario/parameters");
    for (std::size_t i = 0; i < names.size(); ++i) parameters.push_back({names[i], values[i]});
    return parameters;
  });
}

std::vector<SubHash> Hdf5Source::fingerprints() {
  return guarded([&](hid_t file) {
    std::vector<SubHash> samples;
    if (contents_.is_part || !hdf5::exists(file, "fingerprints/time")) return samples;
    const Handle group = hdf5::open_group(file, "fingerprints");
    const auto times = read_words(group.get(), "time", H5T_NATIVE_INT64, limits_);
    const auto events = read_words(group.get(), "events", H5T_NATIVE_UINT64, limits_);
    const auto hashes = read_words(group.get(), "fingerprint", H5T_NATIVE_UINT64, limits_);
    if (times.size() != events.size() || times.size() != hashes.size()) {
      refuse("damaged: /fingerprints");
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
      samples.push_back({{times[i]},
                         static_cast<std::uint64_t>(events[i]),
                         static_cast<std::uint64_t>(hashes[i])});
    }
    return samples;
  });
}

}  // namespace

RunOutcome read_outcome(const std::string& path) {
  Hdf5Source source(path, {}, Look::WithoutTables);
  return {.header = source.contents().header, .metrics = source.metrics()};
}

std::unique_ptr<RunSource> open_with_hdf5(const std::string& path, const RunFileLimits& limits) {
  return std::make_unique<Hdf5Source>(path, limits);
}

}  // namespace mezz::analysis
