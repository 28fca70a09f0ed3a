#include "analysis/hdf5_access.h"

#include <algorithm>
#include <array>

#include "sim/check/assert.h"

namespace mezz::analysis::hdf5 {
namespace {

herr_t keep_innermost(unsigned, const H5E_error2_t* error, void* text) {
  if (error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
  return 0;
}

std::string named(std::string_view what, std::string_view name) {
  return std::string(what) + " " + std::string(name);
}

// Plug-ins could be loaded for any filter number; three built-in ones are all that we write.
void require_known_filters(hid_t properties) {
  const int filters = H5Pget_nfilters(properties);
  if (filters < 0 || filters > 3) refuse("a dataset has unknown filters");
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    unsigned config = 0;
    const H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags,
                                               &values, nullptr, 0, nullptr, &config);
    const std::array known{H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32};
    if (std::find(known.begin(), known.end(), filter) == known.end()) {
      refuse("a dataset has an unknown filter");
    }
  }
}

void require_safe_layout(hid_t dataset, std::string_view name, const RunFileLimits& limits) {
  const Handle properties(H5Dget_create_plist(dataset), "reading a dataset's properties");
  const H5D_layout_t layout = H5Pget_layout(properties.get());
  if (layout == H5D_VIRTUAL) refuse(named("data from other files:", name));
  if (H5Pget_external_count(properties.get()) != 0) refuse(named("data in other files:", name));
  require_known_filters(properties.get());
  const Handle space(H5Dget_space(dataset), "reading an extent");
  if (H5Sget_simple_extent_ndims(space.get()) > 1) refuse(named("not one-dimensional:", name));
  const Handle type(H5Dget_type(dataset), "reading a type");
  // A text is a length and a place in the heap: 4 + 12 bytes in the file, a pointer in memory.
  const bool is_text = H5Tis_variable_str(type.get()) > 0;
  const std::uint64_t width = is_text ? 16 : H5Tget_size(type.get());
  if (width == 0 || width > 16) refuse(named("values of a strange size:", name));
  if (layout != H5D_CHUNKED) {
    const hssize_t points = H5Sget_simple_extent_npoints(space.get());
    if (points < 0 || static_cast<std::uint64_t>(points) > limits.list_entries ||
        H5Dget_storage_size(dataset) != static_cast<std::uint64_t>(points) * width) {
      refuse(named("extent and stored size disagree:", name));
    }
    return;
  }
  hsize_t chunk = 0;
  if (H5Pget_chunk(properties.get(), 1, &chunk) != 1 || chunk == 0 ||
      chunk > limits.chunk_bytes / width) {
    refuse(named("chunks of a strange size:", name));
  }
}

// Attributes other than small fixed-size scalars and vectors are not ours.
Handle open_attribute(hid_t object, const char* name, std::uint64_t bytes_max) {
  Handle attribute(H5Aopen(object, name, H5P_DEFAULT), named("opening the attribute", name));
  const Handle space(H5Aget_space(attribute.get()), "reading an attribute's extent");
  const Handle type(H5Aget_type(attribute.get()), "reading an attribute's type");
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  const std::uint64_t width = H5Tget_size(type.get());
  if (points < 0 || width == 0 || width > bytes_max ||
      static_cast<std::uint64_t>(points) > bytes_max / width) {
    refuse(named("too large: the attribute", name));
  }
  return attribute;
}

std::size_t points_of(hid_t attribute) {
  const Handle space(H5Aget_space(attribute), "reading an attribute's extent");
  return static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.get()));
}

template <class Value>
std::vector<Value> numbers(hid_t object, const char* name, H5T_class_t wanted, hid_t memory_type) {
  constexpr std::uint64_t kBytesMax = 1 << 20;
  if (H5Aexists(object, name) <= 0) return {};
  const Handle attribute = open_attribute(object, name, kBytesMax);
  const Handle type(H5Aget_type(attribute.get()), "reading an attribute's type");
  if (H5Tget_class(type.get()) != wanted || H5Tget_size(type.get()) > sizeof(Value)) {
    refuse(named("of a wrong type: the attribute", name));
  }
  std::vector<Value> values(points_of(attribute.get()));
  if (!values.empty() && H5Aread(attribute.get(), memory_type, values.data()) < 0) {
    refuse(named("reading the attribute", name));
  }
  return values;
}

}  // namespace

void refuse(std::string_view what) {
  std::string message;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_innermost, &message);
  H5Eclear2(H5E_DEFAULT);
  std::string text(what);
  if (!message.empty()) text += " (HDF5: " + message + ")";
  throw Refusal{text};
}

Handle open_file(const std::string& path, Access access) {
  H5PLset_loading_state(0);
  const Handle properties(H5Pcreate(H5P_FILE_ACCESS), "creating properties");
  // A lock would make a reader stop the writer of the next run; we only read.
  if (H5Pset_file_locking(properties.get(), false, true) < 0 ||
      H5Pset_fclose_degree(properties.get(), H5F_CLOSE_STRONG) < 0) {
    refuse("setting properties");
  }
  const unsigned mode =
      access == Access::Finished ? H5F_ACC_RDONLY : H5F_ACC_RDONLY | H5F_ACC_SWMR_READ;
  return {H5Fopen(path.c_str(), mode, properties.get()),
          access == Access::Finished
              ? "not a readable HDF5 file"
              : "cannot be read beside its writer (in its last moments, or killed in them: see "
                "`mezz recover`)"};
}

bool exists(hid_t from, std::string_view path) {
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/', end + 1);
    const std::string part(path.substr(0, end));
    H5E_BEGIN_TRY {
      if (H5Lexists(from, part.c_str(), H5P_DEFAULT) <= 0) return false;
    }
    H5E_END_TRY;
    H5L_info_t link{};
    if (H5Lget_info(from, part.c_str(), &link, H5P_DEFAULT) < 0) refuse(named("reading", part));
    if (link.type != H5L_TYPE_HARD) refuse(named("a link to another place:", part));
  }
  return true;
}

Handle open_group(hid_t from, std::string_view path) {
  if (!exists(from, path)) refuse(named("missing: the group", path));
  return {H5Gopen2(from, std::string(path).c_str(), H5P_DEFAULT), named("opening the group", path)};
}

Handle open_dataset(hid_t from, std::string_view path, const RunFileLimits& limits) {
  if (!exists(from, path)) refuse(named("missing:", path));
  Handle dataset(H5Dopen2(from, std::string(path).c_str(), H5P_DEFAULT), named("opening", path));
  require_safe_layout(dataset.get(), path, limits);
  return dataset;
}

std::vector<std::string> names_in(hid_t group, std::uint64_t limit) {
  H5G_info_t info{};
  if (H5Gget_info(group, &info) < 0 || info.nlinks > limit) refuse("a group with too many members");
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    std::array<char, 1'024> name{};
    const ssize_t size = H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i,
                                            name.data(), name.size(), H5P_DEFAULT);
    if (size <= 0 || static_cast<std::size_t>(size) >= name.size()) refuse("listing a group");
    names.emplace_back(name.data());
  }
  return names;
}

bool is_dataset(hid_t group, const std::string& name) {
  if (!exists(group, name)) return false;
  const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), named("opening", name));
  return H5Iget_type(object.get()) == H5I_DATASET;
}

std::string text_attribute(hid_t object, const char* name, const RunFileLimits& limits) {
  if (H5Aexists(object, name) <= 0) return {};
  const Handle attribute = open_attribute(object, name, limits.text_bytes);
  const Handle type(H5Aget_type(attribute.get()), "reading an attribute's type");
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) != 0 ||
      points_of(attribute.get()) != 1) {
    refuse(named("not a text: the attribute", name));
  }
  std::string text(H5Tget_size(type.get()), '\0');
  if (H5Aread(attribute.get(), type.get(), text.data()) < 0) {
    refuse(named("reading the attribute", name));
  }
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

std::vector<std::int64_t> integer_attribute(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  // Converting an unsigned value above 2^63 to a signed type would clip it.
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), named("opening the attribute", name));
  const Handle type(H5Aget_type(attribute.get()), "reading an attribute's type");
  const bool is_signed = H5Tget_sign(type.get()) == H5T_SGN_2;
  return numbers<std::int64_t>(object, name, H5T_INTEGER,
                               is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64);
}

std::vector<double> real_attribute(hid_t object, const char* name) {
  return numbers<double>(object, name, H5T_FLOAT, H5T_NATIVE_DOUBLE);
}

StoredType stored_type(hid_t dataset) {
  const std::array<std::pair<StoredType, hid_t>, 7> known{{{StoredType::I64, H5T_STD_I64LE},
                                                           {StoredType::I32, H5T_STD_I32LE},
                                                           {StoredType::U8, H5T_STD_U8LE},
                                                           {StoredType::U16, H5T_STD_U16LE},
                                                           {StoredType::U32, H5T_STD_U32LE},
                                                           {StoredType::U64, H5T_STD_U64LE},
                                                           {StoredType::F64, H5T_IEEE_F64LE}}};
  const Handle type(H5Dget_type(dataset), "reading a type");
  for (const auto& [stored, id] : known) {
    if (H5Tequal(type.get(), id) > 0) return stored;
  }
  refuse("a column of a type that no run writes");
}

std::uint64_t length(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), "reading an extent");
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  if (points < 0) refuse("reading an extent");
  return static_cast<std::uint64_t>(points);
}

void require_stored(hid_t dataset, std::uint64_t rows) {
  const Handle properties(H5Dget_create_plist(dataset), "reading a dataset's properties");
  if (rows == 0 || H5Pget_layout(properties.get()) != H5D_CHUNKED) return;
  hsize_t chunk = 0;
  if (H5Pget_chunk(properties.get(), 1, &chunk) != 1 || chunk == 0) refuse("reading a chunk size");
  const Handle space(H5Dget_space(dataset), "reading an extent");
  hsize_t stored = 0;
  if (H5Dget_num_chunks(dataset, space.get(), &stored) < 0) refuse("counting chunks");
  if (stored < (rows - 1) / chunk + 1) refuse("chunks are missing");
}

void read_rows(hid_t dataset, hid_t memory_type, std::uint64_t first, std::uint64_t count,
               void* to) {
  if (count == 0) return;
  MEZZ_ASSERT(to != nullptr);
  const std::uint64_t rows = length(dataset);
  if (first > rows || count > rows - first) refuse("rows are missing");
  const Handle space(H5Dget_space(dataset), "reading an extent");
  const hsize_t start = first;
  const hsize_t size = count;
  const Handle memory(H5Screate_simple(1, &size, nullptr), "creating a dataspace");
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &size, nullptr) < 0 ||
      H5Dread(dataset, memory_type, memory.get(), space.get(), H5P_DEFAULT, to) < 0) {
    refuse("reading rows");
  }
}

std::vector<std::string> texts(hid_t group, const char* name, const RunFileLimits& limits) {
  if (!exists(group, name)) return {};
  const Handle dataset = open_dataset(group, name, limits);
  const Handle stored(H5Dget_type(dataset.get()), "reading a type");
  if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) <= 0) {
    refuse(named("not text:", name));
  }
  std::vector<char*> pointers(length(dataset.get()), nullptr);
  if (pointers.empty()) return {};
  const Handle type(H5Tcopy(H5T_C_S1), "creating a type");
  if (H5Tset_size(type.get(), H5T_VARIABLE) < 0 || H5Tset_cset(type.get(), H5T_CSET_UTF8) < 0 ||
      H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) {
    refuse(named("reading", name));
  }
  std::vector<std::string> values;
  for (char* pointer : pointers) values.emplace_back(pointer == nullptr ? "" : pointer);
  const Handle space(H5Dget_space(dataset.get()), "reading an extent");
  H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data());
  return values;
}

}  // namespace mezz::analysis::hdf5
