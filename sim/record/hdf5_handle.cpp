#include "sim/record/hdf5_handle.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

// Asked by LeakSanitizer at exit, where there is one. A file that could not be closed on a full
// disk stays open in the library for good (see silence_errors()): that is no leak of ours.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

namespace mezz::hdf5 {
namespace {

struct Innermost {
  std::string message;
  int error_number = 0;
};

// Called from the outermost frame inwards; the drivers put "errno = 28" into their message.
herr_t visit_error(unsigned, const H5E_error2_t* error, void* result) {
  auto& found = *static_cast<Innermost*>(result);
  if (error->desc != nullptr) found.message = error->desc;
  if (const char* at = std::strstr(found.message.c_str(), "errno = ")) {
    found.error_number = std::atoi(at + std::strlen("errno = "));
  }
  return 0;
}

}  // namespace

void fail(std::string_view what) {
  const int before = errno;
  Innermost found;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, visit_error, &found);
  H5Eclear2(H5E_DEFAULT);
  const int number = found.error_number != 0 ? found.error_number : before;
  std::string text(what);
  if (number != 0) text += std::string(": ") + std::strerror(number);
  if (!found.message.empty()) text += " (HDF5: " + found.message + ")";
  throw IoFailure{text, number == ENOSPC || number == EDQUOT || number == EFBIG};
}

void fail_errno(std::string_view what) {
  const int number = errno;
  throw IoFailure{std::string(what) + ": " + std::strerror(number),
                  number == ENOSPC || number == EDQUOT || number == EFBIG};
}

void silence_errors() {
  // Before any other call. A file that could not be closed on a full disk stays open in the
  // library, which at exit would flush it again, and crash (1.10.8). All that we write is closed by
  // us.
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Handle file_access() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), "creating properties");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "close degree");
  check(H5Pset_file_locking(access.get(), false, true), "doing without a lock");
  return access;
}

hid_t stored_type(ColumnType type) {
  switch (type) {
    case ColumnType::I64:
      return H5T_STD_I64LE;
    case ColumnType::I32:
      return H5T_STD_I32LE;
    case ColumnType::U8:
      return H5T_STD_U8LE;
    case ColumnType::U16:
      return H5T_STD_U16LE;
    case ColumnType::U32:
      return H5T_STD_U32LE;
    case ColumnType::U64:
      return H5T_STD_U64LE;
    case ColumnType::F64:
      return H5T_IEEE_F64LE;
  }
  return -1;
}

ColumnType column_type_of(hid_t dataset) {
  const Handle type(H5Dget_type(dataset), "reading a column's type");
  for (const ColumnType candidate :
       {ColumnType::I64, ColumnType::I32, ColumnType::U8, ColumnType::U16, ColumnType::U32,
        ColumnType::U64, ColumnType::F64}) {
    if (H5Tequal(type.get(), stored_type(candidate)) > 0) return candidate;
  }
  fail("a column has a type this program does not write");
}

}  // namespace mezz::hdf5
