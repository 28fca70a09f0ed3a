#include "sim/record/hdf5_attributes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace mezz::hdf5 {
namespace {

Handle text_type(std::size_t size) {
  Handle type(H5Tcopy(H5T_C_S1), "copying the text type");
  check(H5Tset_size(type.get(), size), "sizing the text type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "setting UTF-8");
  return type;
}

Handle scalar() { return {H5Screate(H5S_SCALAR), "creating a scalar space"}; }

Handle vector_space(std::size_t count) {
  const hsize_t dims = count;
  return {H5Screate_simple(1, &dims, nullptr), "creating a dataspace"};
}

std::size_t length(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), "reading an extent");
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  if (points < 0) fail("reading an extent");
  return static_cast<std::size_t>(points);
}

Handle create_attribute(hid_t object, const char* name, hid_t type, const Handle& space) {
  return {H5Acreate2(object, name, type, space.get(), H5P_DEFAULT, H5P_DEFAULT),
          std::string("creating the attribute ") + name};
}

Handle create_dataset(hid_t group, const char* name, hid_t type, const Handle& space) {
  const Handle properties = dataset_properties();
  return {H5Dcreate2(group, name, type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
          std::string("creating the dataset ") + name};
}

}  // namespace

void write_text(hid_t object, const char* name, std::string_view text, std::size_t size) {
  std::string padded(text);
  padded.resize(std::max<std::size_t>({size, text.size() + 1, 2}), '\0');
  const Handle type = text_type(padded.size());
  const Handle attribute = create_attribute(object, name, type.get(), scalar());
  check(H5Awrite(attribute.get(), type.get(), padded.data()), "writing an attribute");
}

void overwrite_text(hid_t object, const char* name, std::string_view text) {
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), "opening an attribute");
  const Handle type(H5Aget_type(attribute.get()), "reading an attribute's type");
  const std::size_t size = H5Tget_size(type.get());
  if (text.size() > size) fail("a text does not fit its attribute");
  std::string padded(text);
  padded.resize(size, '\0');
  check(H5Awrite(attribute.get(), type.get(), padded.data()), "writing an attribute");
}

std::string read_text(hid_t object, const char* name) {
  if (H5Aexists(object, name) <= 0) return {};
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), "opening an attribute");
  const Handle type(H5Aget_type(attribute.get()), "reading an attribute's type");
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0) return {};
  std::string text(H5Tget_size(type.get()), '\0');
  check(H5Aread(attribute.get(), type.get(), text.data()), "reading an attribute");
  text.resize(std::min(text.find('\0'), text.size()));
  return text;
}

void write_attribute(hid_t object, const char* name, hid_t type, const void* values,
                     std::size_t count) {
  const Handle attribute =
      create_attribute(object, name, type, count == 1 ? scalar() : vector_space(count));
  check(H5Awrite(attribute.get(), type, values), "writing an attribute");
}

bool read_attribute(hid_t object, const char* name, hid_t type, void* values) {
  if (H5Aexists(object, name) <= 0) return false;
  const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), "opening an attribute");
  const Handle space(H5Aget_space(attribute.get()), "reading an attribute's extent");
  if (H5Sget_simple_extent_npoints(space.get()) != 1) fail("an attribute has a wrong extent");
  check(H5Aread(attribute.get(), type, values), "reading an attribute");
  return true;
}

Handle dataset_properties() {
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), "creating properties");
  check(H5Pset_obj_track_times(properties.get(), false), "switching object times off");
  check(H5Pset_attr_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "tracking attribute order");
  return properties;
}

Handle open_group(hid_t file, std::string_view path) {
  return {H5Gopen2(file, std::string(path).c_str(), H5P_DEFAULT),
          "opening the group " + std::string(path)};
}

Handle make_group(hid_t file, std::string_view path) {
  const Handle properties(H5Pcreate(H5P_GROUP_CREATE), "creating properties");
  check(H5Pset_obj_track_times(properties.get(), false), "switching object times off");
  check(H5Pset_link_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "tracking link order");
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/', end + 1);
    const std::string part(path.substr(0, end));
    if (H5Lexists(file, part.c_str(), H5P_DEFAULT) > 0) continue;
    const Handle group(H5Gcreate2(file, part.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                       "creating the group " + part);
  }
  return open_group(file, path);
}

Handle write_strings(hid_t group, const char* name, const std::vector<std::string>& values) {
  const Handle type = text_type(H5T_VARIABLE);
  Handle dataset = create_dataset(group, name, type.get(), vector_space(values.size()));
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
        "writing text");
  return dataset;
}

Handle write_numbers(hid_t group, const char* name, ColumnType type, const void* values,
                     std::size_t count) {
  Handle dataset = create_dataset(group, name, stored_type(type), vector_space(count));
  check(H5Dwrite(dataset.get(), stored_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
        "writing numbers");
  return dataset;
}

std::vector<std::string> read_strings(hid_t group, const char* name) {
  if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return {};
  const Handle dataset(H5Dopen2(group, name, H5P_DEFAULT), "opening text");
  const Handle stored(H5Dget_type(dataset.get()), "reading a type");
  if (H5Tis_variable_str(stored.get()) <= 0) fail(std::string("not text: ") + name);
  const Handle type = text_type(H5T_VARIABLE);
  std::vector<char*> pointers(length(dataset.get()), nullptr);
  if (pointers.empty()) return {};
  check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
        "reading text");
  std::vector<std::string> values;
  for (char* pointer : pointers) values.emplace_back(pointer == nullptr ? "" : pointer);
  const Handle space(H5Dget_space(dataset.get()), "reading an extent");
  check(H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data()), "freeing text");
  return values;
}

std::vector<std::uint32_t> read_u32(hid_t group, const char* name) {
  if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return {};
  const Handle dataset(H5Dopen2(group, name, H5P_DEFAULT), "opening numbers");
  std::vector<std::uint32_t> values(length(dataset.get()));
  if (values.empty()) return values;
  check(H5Dread(dataset.get(), H5T_STD_U32LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "reading numbers");
  return values;
}

void write_long_text(hid_t group, const char* name, const std::string& text) {
  const Handle type = text_type(H5T_VARIABLE);
  const Handle dataset = create_dataset(group, name, type.get(), scalar());
  const char* pointer = text.c_str();
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &pointer),
        "writing text");
}

std::string read_long_text(hid_t group, const char* name) {
  const std::vector<std::string> values = read_strings(group, name);
  return values.empty() ? std::string{} : values.front();
}

void make_dimension(hid_t group, const NamedDataset& scale,
                    const std::vector<NamedDataset>& columns) {
  struct User {
    hobj_ref_t dataset;
    int dimension;
  };
  write_text(scale.id, "CLASS", "DIMENSION_SCALE");
  write_text(scale.id, "NAME", scale.name);
  if (columns.empty()) return;

  hobj_ref_t scale_reference = 0;
  check(H5Rcreate(&scale_reference, group, scale.name.c_str(), H5R_OBJECT, -1),
        "referring to a dimension");
  const Handle list(H5Tvlen_create(H5T_STD_REF_OBJ), "creating the reference list type");
  std::vector<User> users;
  for (const NamedDataset& column : columns) {
    User user{};
    check(H5Rcreate(&user.dataset, group, column.name.c_str(), H5R_OBJECT, -1),
          "referring to a column");
    users.push_back(user);
    hvl_t one{1, &scale_reference};
    const Handle attribute =
        create_attribute(column.id, "DIMENSION_LIST", list.get(), vector_space(1));
    check(H5Awrite(attribute.get(), list.get(), &one), "writing DIMENSION_LIST");
  }
  const Handle entry(H5Tcreate(H5T_COMPOUND, sizeof(User)), "creating the back reference type");
  check(H5Tinsert(entry.get(), "dataset", offsetof(User, dataset), H5T_STD_REF_OBJ), "field");
  check(H5Tinsert(entry.get(), "dimension", offsetof(User, dimension), H5T_NATIVE_INT), "field");
  const Handle attribute =
      create_attribute(scale.id, "REFERENCE_LIST", entry.get(), vector_space(users.size()));
  check(H5Awrite(attribute.get(), entry.get(), users.data()), "writing REFERENCE_LIST");
}

}  // namespace mezz::hdf5
