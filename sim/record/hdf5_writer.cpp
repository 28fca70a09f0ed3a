#include "sim/record/hdf5_writer.h"

#include <algorithm>
#include <cstdint>

#include "sim/check/assert.h"
#include "sim/record/hdf5_attributes.h"

namespace mezz::hdf5 {
namespace {

std::string joined(const std::vector<std::string>& words, char separator) {
  std::string text;
  for (std::string word : words) {
    // CF 3.5: flag_meanings is a blank-separated list, so a name holds no blank.
    std::replace(word.begin(), word.end(), ' ', '_');
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

void write_flags(hid_t dataset, const ColumnSpec& spec) {
  std::vector<std::uint8_t> small;
  std::vector<std::uint16_t> large;
  for (std::size_t i = 0; i < spec.flag_names.size(); ++i) {
    small.push_back(static_cast<std::uint8_t>(i));
    large.push_back(static_cast<std::uint16_t>(i));
  }
  MEZZ_ASSERT(spec.type == ColumnType::U8 || spec.type == ColumnType::U16);
  const void* values = spec.type == ColumnType::U8 ? static_cast<const void*>(small.data())
                                                   : static_cast<const void*>(large.data());
  write_attribute(dataset, "flag_values", stored_type(spec.type), values, small.size());
  write_text(dataset, "flag_meanings", joined(spec.flag_names, ' '));
}

Handle column_properties() {
  Handle properties = dataset_properties();
  const hsize_t chunk = kChunkRows;
  check(H5Pset_chunk(properties.get(), 1, &chunk), "setting the chunk size");
  check(H5Pset_shuffle(properties.get()), "setting shuffle");
  check(H5Pset_deflate(properties.get(), 1), "setting deflate");
  check(H5Pset_fletcher32(properties.get()), "setting Fletcher32");
  check(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), "setting the fill time");
  return properties;
}

Handle declare_column(hid_t group, const ColumnSpec& spec, const std::string& epoch) {
  const hsize_t zero = 0;
  const hsize_t unlimited = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(1, &zero, &unlimited), "creating a dataspace");
  const Handle properties = column_properties();
  Handle dataset(H5Dcreate2(group, spec.name.c_str(), stored_type(spec.type), space.get(),
                            H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                 "creating the column " + spec.name);
  const bool is_time = spec.unit == kTimeUnit;
  // A category has no unit; everything else does ("1" for plain numbers, CF 3.1).
  if (spec.flag_names.empty()) {
    write_text(dataset.get(), "units", is_time ? spec.unit + " " + epoch : spec.unit);
  } else {
    write_flags(dataset.get(), spec);
  }
  if (is_time) write_text(dataset.get(), "calendar", "proleptic_gregorian");
  if (spec.scale_factor != 0.0) {
    write_attribute(dataset.get(), "scale_factor", H5T_IEEE_F64LE, &spec.scale_factor);
  }
  if (!spec.description.empty()) write_text(dataset.get(), "long_name", spec.description);
  return dataset;
}

Handle create_file(const std::string& path) {
  const Handle access = file_access();
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "file format");
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), "creating properties");
  check(H5Pset_link_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "tracking link order");
  check(H5Pset_attr_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "tracking attribute order");
  check(H5Pset_obj_track_times(creation.get(), false), "switching object times off");
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
          "cannot create " + path};
}

void write_root(hid_t file, const RunMetadata& run) {
  const std::int64_t format[] = {1, 0};
  write_text(file, "Conventions", "CF-1.8");
  write_attribute(file, "mezz_format", H5T_STD_I64LE, format, 2);
  write_text(file, "creator", run.creator);
  write_text(file, "title", run.title);
  write_text(file, "git_commit", run.git_commit);
  write_text(file, "compiler", run.compiler);
  write_text(file, "flags", run.flags);
  write_attribute(file, "seed", H5T_STD_U64LE, &run.seed);
  write_text(file, "rng", run.rng);
  write_text(file, "fingerprint", fingerprint_text(0), 17);
  write_text(file, "status", enum_name(RunStatus::Running), 16);
  write_text(file, "epoch", run.epoch);
}

void write_scenario(hid_t file, const RunMetadata& run) {
  const Handle scenario = make_group(file, "scenario");
  write_text(scenario.get(), "schema_version", run.schema_version);
  write_long_text(scenario.get(), "source", run.scenario_source);
  write_long_text(scenario.get(), "resolved", run.scenario_resolved);
  write_long_text(scenario.get(), "interventions", run.interventions);
  const Handle group = make_group(file, "scenario/parameters");
  if (run.parameters.empty()) return;
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const Parameter& parameter : run.parameters) {
    names.push_back(parameter.name);
    values.push_back(parameter.value);
  }
  const Handle name = write_strings(group.get(), "name", names);
  const Handle value = write_strings(group.get(), "value", values);
  make_dimension(group.get(), {"name", name.get()}, {{"value", value.get()}});
}

void write_entities(hid_t file, const RunMetadata& run) {
  const Handle all = make_group(file, "entities");
  for (const EntityGroup& entities : run.entities) {
    MEZZ_ASSERT(entities.ids.size() == entities.names.size());
    const Handle group = make_group(all.get(), entities.kind);
    if (entities.ids.empty()) continue;
    const Handle id =
        write_numbers(group.get(), "id", ColumnType::U32, entities.ids.data(), entities.ids.size());
    const Handle name = write_strings(group.get(), "name", entities.names);
    make_dimension(group.get(), {"id", id.get()}, {{"name", name.get()}});
  }
}

}  // namespace

std::string fingerprint_text(std::uint64_t fingerprint) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    text[15 - i] = "0123456789abcdef"[fingerprint >> (4 * i) & 15U];
  }
  return text;
}

std::int64_t commit_checksum(const std::vector<std::int64_t>& record) {
  std::uint64_t sum = 0xcbf29ce484222325U;  // FNV-1a over 64-bit words, with a final mix
  for (const std::int64_t word : record) {
    sum = (sum ^ static_cast<std::uint64_t>(word)) * 0x100000001b3U;
    sum ^= sum >> 29;
  }
  return static_cast<std::int64_t>(sum);
}

void Writer::create(const std::string& path, const RunMetadata& run,
                    const std::vector<TableSpec>& tables) {
  MEZZ_ASSERT(!file_.open());
  specs_ = &tables;
  file_ = create_file(path);
  write_root(file_.get(), run);
  write_scenario(file_.get(), run);
  write_entities(file_.get(), run);
  for (const char* group : {"series", "tables", "metrics", "hist", "fingerprints", "profile"}) {
    make_group(file_.get(), group);
  }
  for (const TableSpec& spec : tables) declare_table(spec, run.epoch);
  declare_commit();
  check(H5Fstart_swmr_write(file_.get()), "starting SWMR mode in " + path);
}

void Writer::declare_table(const TableSpec& spec, const std::string& epoch) {
  const Handle group = make_group(file_.get(), spec.path);
  if (!spec.description.empty()) write_text(group.get(), "comment", spec.description);
  if (spec.path.starts_with("series/") && spec.columns.size() > 1) {
    write_text(group.get(), "NX_class", "NXdata");
    write_text(group.get(), "signal", spec.columns[1].name);
    write_text(group.get(), "axes", spec.columns[0].name);
  }
  Table& table = tables_.emplace_back();
  std::vector<NamedDataset> users;
  for (const ColumnSpec& column : spec.columns) {
    table.columns.push_back({declare_column(group.get(), column, epoch), 0});
    users.push_back({column.name, table.columns.back().dataset.get()});
  }
  const NamedDataset scale = users.front();
  users.erase(users.begin());
  make_dimension(group.get(), scale, users);
}

void Writer::declare_commit() {
  const hsize_t stride = specs_->size() + 3;
  const hsize_t zero = 0;
  const hsize_t unlimited = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(1, &zero, &unlimited), "creating a dataspace");
  const Handle properties = dataset_properties();
  // One record per chunk and no filter: writing a record never touches an earlier one.
  check(H5Pset_chunk(properties.get(), 1, &stride), "setting the chunk size");
  check(H5Pset_fill_time(properties.get(), H5D_FILL_TIME_NEVER), "setting the fill time");
  commit_ = Handle(H5Dcreate2(file_.get(), "commit", H5T_STD_I64LE, space.get(), H5P_DEFAULT,
                              properties.get(), H5P_DEFAULT),
                   "creating /commit");
  std::vector<std::string> paths;
  for (const TableSpec& spec : *specs_) paths.push_back(spec.path);
  const auto words = static_cast<std::int64_t>(stride);
  write_attribute(commit_.get(), "stride", H5T_STD_I64LE, &words);
  write_text(commit_.get(), "fields", "time fingerprint rows_of_each_table checksum");
  write_text(commit_.get(), "tables", joined(paths, '\n'));
  make_dimension(file_.get(), {"commit", commit_.get()}, {});
}

void Writer::write_rows(const Rows& rows) {
  const TableSpec& spec = (*specs_)[rows.table];
  set_rows(rows.table, rows.first_row, rows.rows);
  for (std::size_t c = 0; c < spec.columns.size(); ++c) {
    write_chunk(rows.table, c, rows.first_row,
                filter_.encode(rows.columns[c], rows.rows, width(spec.columns[c].type)));
  }
}

void Writer::write_packed(std::uint32_t table, const PackedRows& rows) {
  MEZZ_ASSERT(rows.ends.size() == tables_[table].columns.size());
  set_rows(table, rows.first_row, rows.rows);
  const std::span<const std::byte> all(rows.bytes);
  std::size_t begin = 0;
  for (std::size_t c = 0; c < rows.ends.size(); begin = rows.ends[c++]) {
    write_chunk(table, c, rows.first_row, all.subspan(begin, rows.ends[c] - begin));
  }
}

// The chunk from first_row on now has `rows` rows.
void Writer::set_rows(std::uint32_t number, std::uint64_t first_row, std::uint64_t rows) {
  MEZZ_ASSERT(first_row % kChunkRows == 0);
  MEZZ_ASSERT(rows > 0 && rows <= kChunkRows);
  Table& table = tables_[number];
  const std::uint64_t chunk = first_row / kChunkRows;
  const hsize_t extent = first_row + rows;
  const bool again = table.written && table.chunk == chunk;
  for (Column& column : table.columns) {
    if (again) replaced_ += column.last_chunk_bytes;
    if (extent == table.rows) continue;
    check(H5Dset_extent(column.dataset.get(), &extent), "extending " + (*specs_)[number].path);
  }
  table.rows = extent;
  table.chunk = chunk;
  table.written = table.dirty = true;
}

void Writer::write_chunk(std::uint32_t table, std::size_t number, std::uint64_t first_row,
                         std::span<const std::byte> bytes) {
  Column& column = tables_[table].columns[number];
  const hsize_t offset = first_row;
  check(H5Dwrite_chunk(column.dataset.get(), H5P_DEFAULT, 0, &offset, bytes.size(), bytes.data()),
        "writing " + (*specs_)[table].path);
  column.last_chunk_bytes = bytes.size();
  stored_ += bytes.size();
}

void Writer::commit(const Commit& commit) {
  MEZZ_ASSERT(commit.rows.size() == tables_.size());
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    MEZZ_ASSERT(commit.rows[t] == tables_[t].rows);
    if (!tables_[t].dirty) continue;
    for (const Column& column : tables_[t].columns) {
      check(H5Dflush(column.dataset.get()), "flushing " + (*specs_)[t].path);
    }
    tables_[t].dirty = false;
  }
  std::vector<std::int64_t> record{commit.time.ns, static_cast<std::int64_t>(commit.fingerprint)};
  for (const std::uint64_t rows : commit.rows) record.push_back(static_cast<std::int64_t>(rows));
  record.push_back(commit_checksum(record));
  const hsize_t offset = commits_ * record.size();
  const hsize_t extent = offset + record.size();
  check(H5Dset_extent(commit_.get(), &extent), "extending /commit");
  check(H5Dwrite_chunk(commit_.get(), H5P_DEFAULT, 0, &offset, record.size() * 8, record.data()),
        "writing /commit");
  check(H5Dflush(commit_.get()), "flushing /commit");
  ++commits_;
}

void Writer::close() {
  for (Table& table : tables_) {
    for (Column& column : table.columns) column.dataset.close("closing a column");
  }
  commit_.close("closing /commit");
  check(H5Fflush(file_.get(), H5F_SCOPE_GLOBAL), "flushing the file");
  file_.close("closing the file");
}

void Writer::abandon() noexcept {
  tables_.clear();
  commit_ = Handle();
  file_ = Handle();
}

}  // namespace mezz::hdf5
