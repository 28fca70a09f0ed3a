#include "sim/record/table_file.h"

#include <numeric>

#include "sim/check/assert.h"
#include "sim/record/disk.h"
#include "sim/record/hdf5_attributes.h"

namespace mezz {

namespace {

using hdf5::Handle;

void write_flags(hid_t dataset, const std::vector<std::string>& flags) {
  std::vector<std::uint8_t> values(flags.size());
  std::iota(values.begin(), values.end(), std::uint8_t{0});
  std::string meanings;
  for (const std::string& flag : flags) meanings += (meanings.empty() ? "" : " ") + flag;
  hdf5::write_attribute(dataset, "flag_values", H5T_STD_U8LE, values.data(), values.size());
  hdf5::write_text(dataset, "flag_meanings", meanings);
}

Handle write_column(hid_t file, const TableFile::Column& column, std::size_t rows) {
  const char* name = column.name.c_str();
  if (!column.flags.empty()) {
    MEZZ_ASSERT(column.integers.size() == rows);
    const std::vector<std::uint8_t> small(column.integers.begin(), column.integers.end());
    Handle dataset = hdf5::write_numbers(file, name, ColumnType::U8, small.data(), rows);
    write_flags(dataset.get(), column.flags);
    return dataset;
  }
  if (column.reals.size() == rows) {
    return hdf5::write_numbers(file, name, ColumnType::F64, column.reals.data(), rows);
  }
  if (column.integers.size() == rows) {
    return hdf5::write_numbers(file, name, ColumnType::I64, column.integers.data(), rows);
  }
  MEZZ_ASSERT(column.texts.size() == rows);
  return hdf5::write_strings(file, name, column.texts);
}

void write_columns(hid_t file, const TableFile& table) {
  const std::size_t rows = table.index.size();
  Handle scale =
      hdf5::write_numbers(file, table.dimension.c_str(), ColumnType::I64, table.index.data(), rows);
  hdf5::write_text(scale.get(), "long_name", table.dimension_description);
  std::string coordinates;
  for (const TableFile::Column& column : table.columns) {
    if (column.coordinate) coordinates += (coordinates.empty() ? "" : " ") + column.name;
  }
  std::vector<Handle> open;
  std::vector<hdf5::NamedDataset> named;
  for (const TableFile::Column& column : table.columns) {
    open.push_back(write_column(file, column, rows));
    const hid_t dataset = open.back().get();
    if (!column.unit.empty()) hdf5::write_text(dataset, "units", column.unit);
    if (!column.description.empty()) hdf5::write_text(dataset, "long_name", column.description);
    if (!column.coordinate && !coordinates.empty()) {
      hdf5::write_text(dataset, "coordinates", coordinates);
    }
    named.push_back({column.name, dataset});
  }
  hdf5::make_dimension(file, {table.dimension, scale.get()}, named);
}

void write_file(const std::string& path, const TableFile& table) {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), "creating properties");
  hdf5::check(
      H5Pset_link_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
      "tracking link order");
  // Attributes beyond 64 KiB (the list of columns of a wide table) need the dense storage of 1.10.
  const Handle access = hdf5::file_access();
  hdf5::check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110),
              "choosing the file format");
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
              "creating " + path);
  hdf5::write_text(file.get(), "Conventions", "CF-1.8");
  hdf5::write_text(file.get(), "title", table.title);
  write_columns(file.get(), table);
  for (const TableFile::Link& link : table.links) {
    const std::size_t slash = link.name.rfind('/');
    MEZZ_ASSERT(slash != std::string::npos);
    const Handle group = hdf5::make_group(file.get(), "/" + link.name.substr(0, slash));
    hdf5::check(H5Lcreate_external(link.file.c_str(), "/", group.get(),
                                   link.name.substr(slash + 1).c_str(), H5P_DEFAULT, H5P_DEFAULT),
                "linking " + link.file);
  }
  hdf5::check(H5Fflush(file.get(), H5F_SCOPE_LOCAL), "flushing " + path);
  file.close("closing " + path);
}

}  // namespace

std::string write_table_file(const std::string& path, const TableFile& table) {
  hdf5::silence_errors();
  const std::string part = path + ".part";
  try {
    write_file(part, table);
    sync_file(part);
    publish(part, path);
    return {};
  } catch (const hdf5::IoFailure& failure) {
    return path + ": " + failure.text;
  }
}

}  // namespace mezz
