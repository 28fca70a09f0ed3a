// Private to this folder (includes HDF5): attributes, small datasets and dimension scales, written
// so that h5py, netCDF4 and h5netcdf read them. Dimension scales follow the HDF5 Dimension Scale
// Specification 1.0; they are written directly rather than through hdf5_hl, which is outside the
// library's promise of thread safety and needs quadratic time to attach many columns to one scale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/record/hdf5_handle.h"

namespace mezz::hdf5 {

// Fixed-length UTF-8; `size` bytes when given, so that it can be overwritten in place.
void write_text(hid_t object, const char* name, std::string_view text, std::size_t size = 0);
void overwrite_text(hid_t object, const char* name, std::string_view text);
// Text of an attribute written by write_text; empty when absent.
std::string read_text(hid_t object, const char* name);

void write_attribute(hid_t object, const char* name, hid_t type, const void* values,
                     std::size_t count = 1);
// False when absent.
bool read_attribute(hid_t object, const char* name, hid_t type, void* values);

Handle open_group(hid_t file, std::string_view path);
// Creates the missing groups of the path, each with tracked link order and no times.
Handle make_group(hid_t file, std::string_view path);
// Dataset creation properties common to everything: no times, attribute order tracked.
Handle dataset_properties();

Handle write_strings(hid_t group, const char* name, const std::vector<std::string>& values);
Handle write_numbers(hid_t group, const char* name, ColumnType type, const void* values,
                     std::size_t count);
std::vector<std::string> read_strings(hid_t group, const char* name);  // empty when absent
std::vector<std::uint32_t> read_u32(hid_t group, const char* name);
void write_long_text(hid_t group, const char* name, const std::string& text);
std::string read_long_text(hid_t group, const char* name);

// Makes `scale` the dimension `name` of itself and of the columns, all in `group`.
struct NamedDataset {
  std::string name;
  hid_t id;
};
void make_dimension(hid_t group, const NamedDataset& scale,
                    const std::vector<NamedDataset>& columns);

}  // namespace mezz::hdf5
