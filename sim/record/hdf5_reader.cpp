#include "sim/record/hdf5_reader.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <fstream>

#include "sim/check/assert.h"
#include "sim/record/hdf5_attributes.h"
#include "sim/record/hdf5_writer.h"

namespace mezz::hdf5 {
namespace {

// Bob Jenkins' lookup3 (hashlittle), which HDF5 uses for its metadata.
std::uint32_t lookup3(const unsigned char* bytes, std::size_t length) {
  std::uint32_t a = 0xdeadbeefU + static_cast<std::uint32_t>(length);
  std::uint32_t b = a;
  std::uint32_t c = a;
  const auto word = [](const unsigned char* from, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count && i < 4; ++i) value |= std::uint32_t{from[i]} << (8 * i);
    return value;
  };
  const auto rot = [](std::uint32_t x, int k) { return std::rotl(x, k); };
  while (length > 12) {
    a += word(bytes, 4), b += word(bytes + 4, 4), c += word(bytes + 8, 4);
    a -= c, a ^= rot(c, 4), c += b;
    b -= a, b ^= rot(a, 6), a += c;
    c -= b, c ^= rot(b, 8), b += a;
    a -= c, a ^= rot(c, 16), c += b;
    b -= a, b ^= rot(a, 19), a += c;
    c -= b, c ^= rot(b, 4), b += a;
    bytes += 12;
    length -= 12;
  }
  a += word(bytes, length);
  if (length > 4) b += word(bytes + 4, length - 4);
  if (length > 8) c += word(bytes + 8, length - 8);
  c ^= b, c -= rot(b, 14);
  a ^= c, a -= rot(c, 11);
  b ^= a, b -= rot(a, 25);
  c ^= b, c -= rot(b, 16);
  a ^= c, a -= rot(c, 4);
  b ^= a, b -= rot(a, 14);
  c ^= b, c -= rot(b, 24);
  return c;
}

// Superblock version 3 (HDF5 File Format Specification III.A): byte 11 the open marks, bytes 28-35
// the end of the file, bytes 44-47 the checksum of bytes 0-43.
void copy_and_unmark(const std::string& path, const std::string& scratch) {
  std::ifstream from(path, std::ios::binary);
  if (!from) fail_errno("cannot open " + path);
  std::ofstream to(scratch, std::ios::binary | std::ios::trunc);
  if (!to) fail("cannot copy " + path + " to " + scratch);
  unsigned char head[48] = {};
  from.read(reinterpret_cast<char*>(head), sizeof head);
  if (!from || head[1] != 'H' || head[2] != 'D' || head[3] != 'F' || head[8] != 3 || head[9] != 8) {
    fail(path + " is not a result file of this program");
  }
  from.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(from.tellg());
  head[11] = 0;
  for (int i = 0; i < 8; ++i) head[28 + i] = static_cast<unsigned char>(size >> (8 * i));
  const std::uint32_t sum = lookup3(head, 44);
  for (int i = 0; i < 4; ++i) head[44 + i] = static_cast<unsigned char>(sum >> (8 * i));
  to.write(reinterpret_cast<const char*>(head), sizeof head);
  from.seekg(sizeof head);
  std::vector<char> buffer(1 << 20);
  while (from) {
    from.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    to.write(buffer.data(), from.gcount());
  }
  if (!to.flush()) fail("cannot copy " + path + " to " + scratch);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

std::vector<std::string> names_in(hid_t group) {
  std::vector<std::string> names;
  hsize_t position = 0;
  check(H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, &position, collect_name, &names),
        "listing a group");
  return names;
}

std::uint64_t extent_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), "reading an extent");
  hsize_t extent = 0;
  if (H5Sget_simple_extent_ndims(space.get()) != 1 ||
      H5Sget_simple_extent_dims(space.get(), &extent, nullptr) != 1) {
    fail("reading an extent");
  }
  return extent;
}

void read_rows(hid_t dataset, ColumnType type, std::uint64_t first, std::uint64_t count, void* to) {
  const Handle space(H5Dget_space(dataset), "reading an extent");
  const hsize_t start = first;
  const hsize_t length = count;
  check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &length, nullptr),
        "selecting rows");
  const Handle memory(H5Screate_simple(1, &length, nullptr), "creating a dataspace");
  check(H5Dread(dataset, stored_type(type), memory.get(), space.get(), H5P_DEFAULT, to),
        "reading rows");
}

TableSpec read_table(hid_t file, const std::string& path) {
  const Handle group = open_group(file, path);
  TableSpec table{.path = path, .columns = {}, .description = read_text(group.get(), "comment")};
  for (const std::string& name : names_in(group.get())) {
    const Handle object(H5Oopen(group.get(), name.c_str(), H5P_DEFAULT), "opening " + name);
    if (H5Iget_type(object.get()) != H5I_DATASET) continue;  // a series below this one
    ColumnSpec column{.name = name, .type = column_type_of(object.get())};
    const std::string unit = read_text(object.get(), "units");
    column.unit = unit.starts_with(kTimeUnit) ? std::string(kTimeUnit) : unit;
    if (unit.empty()) column.unit = "1";
    read_attribute(object.get(), "scale_factor", H5T_IEEE_F64LE, &column.scale_factor);
    column.description = read_text(object.get(), "long_name");
    column.flag_names = split(read_text(object.get(), "flag_meanings"), ' ');
    table.columns.push_back(std::move(column));
  }
  if (table.columns.empty()) fail("the table " + path + " has no columns");
  return table;
}

}  // namespace

Reader::Reader(const std::string& path, const std::string& scratch) {
  const Handle access = file_access();
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get());
  if (file >= 0) {
    file_ = Handle(file, "");
  } else {
    copy_and_unmark(path, scratch);
    file_ = Handle(H5Fopen(scratch.c_str(), H5F_ACC_RDONLY, access.get()), "cannot open " + path);
  }
  const Handle commit(H5Dopen2(file_.get(), "commit", H5P_DEFAULT), "opening /commit");
  for (const std::string& table : split(read_text(commit.get(), "tables"), '\n')) {
    specs_.push_back(read_table(file_.get(), table));
  }
}

RunMetadata Reader::metadata() const {
  const hid_t file = file_.get();
  RunMetadata run;
  run.title = read_text(file, "title");
  run.creator = read_text(file, "creator");
  run.git_commit = read_text(file, "git_commit");
  run.compiler = read_text(file, "compiler");
  run.flags = read_text(file, "flags");
  run.rng = read_text(file, "rng");
  run.epoch = read_text(file, "epoch");
  read_attribute(file, "seed", H5T_STD_U64LE, &run.seed);
  const Handle scenario = open_group(file, "scenario");
  run.schema_version = read_text(scenario.get(), "schema_version");
  run.scenario_source = read_long_text(scenario.get(), "source");
  run.scenario_resolved = read_long_text(scenario.get(), "resolved");
  run.interventions = read_long_text(scenario.get(), "interventions");
  const Handle parameters = open_group(file, "scenario/parameters");
  const std::vector<std::string> names = read_strings(parameters.get(), "name");
  const std::vector<std::string> values = read_strings(parameters.get(), "value");
  if (names.size() != values.size()) fail("the scenario's parameters are damaged");
  for (std::size_t i = 0; i < names.size(); ++i) run.parameters.push_back({names[i], values[i]});
  const Handle entities = open_group(file, "entities");
  for (const std::string& kind : names_in(entities.get())) {
    const Handle group = open_group(entities.get(), kind);
    run.entities.push_back({kind, read_u32(group.get(), "id"), read_strings(group.get(), "name")});
    if (run.entities.back().ids.size() != run.entities.back().names.size()) {
      fail("the list of entities is damaged");
    }
  }
  return run;
}

Reader::Commits Reader::commits() const {
  const Handle dataset(H5Dopen2(file_.get(), "commit", H5P_DEFAULT), "opening /commit");
  const std::size_t stride = specs_.size() + 3;
  const std::uint64_t records = extent_of(dataset.get()) / stride;
  Commits found;
  for (std::uint64_t i = 0; i < records; ++i) {
    std::vector<std::int64_t> record(stride);
    try {
      read_rows(dataset.get(), ColumnType::I64, i * stride, stride, record.data());
    } catch (const IoFailure&) {
      ++found.damaged;
      continue;
    }
    const std::int64_t checksum = record.back();
    record.pop_back();
    if (commit_checksum(record) != checksum) {
      ++found.damaged;
      continue;
    }
    Commit commit{.time = {record[0]}, .fingerprint = static_cast<std::uint64_t>(record[1])};
    for (std::size_t t = 2; t < record.size(); ++t) {
      commit.rows.push_back(static_cast<std::uint64_t>(record[t]));
    }
    found.valid.push_back(std::move(commit));
  }
  return found;
}

void Reader::read(std::size_t table, std::size_t column, std::uint64_t first, std::uint64_t count,
                  std::byte* to) const {
  MEZZ_ASSERT(table < specs_.size());
  const ColumnSpec& spec = specs_[table].columns[column];
  const Handle group = open_group(file_.get(), specs_[table].path);
  const Handle dataset(H5Dopen2(group.get(), spec.name.c_str(), H5P_DEFAULT), "opening a column");
  if (first + count > extent_of(dataset.get())) fail("rows of " + spec.name + " are missing");
  read_rows(dataset.get(), spec.type, first, count, to);
}

}  // namespace mezz::hdf5
