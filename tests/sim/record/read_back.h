// Reads a result file through the plain HDF5 C API, without any of our reading code.
#pragma once

#include <gtest/gtest.h>
#include <hdf5.h>

#include <string>
#include <vector>

namespace mezz {

template <class T>
hid_t native_type();
template <>
inline hid_t native_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
inline hid_t native_type<std::uint64_t>() {
  return H5T_NATIVE_UINT64;
}
template <>
inline hid_t native_type<std::uint32_t>() {
  return H5T_NATIVE_UINT32;
}
template <>
inline hid_t native_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}
template <>
inline hid_t native_type<double>() {
  return H5T_NATIVE_DOUBLE;
}

class ResultFile {
 public:
  explicit ResultFile(const std::string& path)
      : file_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)) {
    EXPECT_GE(file_, 0) << path;
  }
  ResultFile(const ResultFile&) = delete;
  ResultFile& operator=(const ResultFile&) = delete;
  ~ResultFile() { H5Fclose(file_); }

  [[nodiscard]] bool has(const std::string& path) const {
    for (std::size_t end = 0; end != std::string::npos;) {
      end = path.find('/', end + 1);
      if (H5Lexists(file_, path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    }
    return true;
  }

  template <class T>
  [[nodiscard]] std::vector<T> column(const std::string& path) const {
    const hid_t dataset = H5Dopen2(file_, path.c_str(), H5P_DEFAULT);
    EXPECT_GE(dataset, 0) << path;
    if (dataset < 0) return {};
    const hid_t space = H5Dget_space(dataset);
    hsize_t rows = 0;
    EXPECT_EQ(H5Sget_simple_extent_dims(space, &rows, nullptr), 1);
    std::vector<T> values(rows);
    if (rows > 0) {
      EXPECT_GE(H5Dread(dataset, native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0)
          << path;
    }
    H5Sclose(space);
    H5Dclose(dataset);
    return values;
  }

  [[nodiscard]] std::string text(const std::string& object, const char* name) const {
    const hid_t attribute = H5Aopen_by_name(file_, object.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
    EXPECT_GE(attribute, 0) << object << " " << name;
    if (attribute < 0) return {};
    const hid_t type = H5Aget_type(attribute);
    std::string value(H5Tget_size(type), '\0');
    EXPECT_GE(H5Aread(attribute, type, value.data()), 0);
    H5Tclose(type);
    H5Aclose(attribute);
    return value.c_str();
  }

 private:
  hid_t file_;
};

}  // namespace mezz
