#include "scenarios/build_info.h"

namespace mezz {

std::string build_commit() { return MEZZ_GIT_COMMIT; }
std::string build_compiler() {
#if defined(__clang__)
  return std::string("clang++ ") + __clang_version__;
#else
  return std::string("g++ ") + __VERSION__;
#endif
}
std::string build_flags() { return MEZZ_BUILD_FLAGS; }
std::string build_version() { return MEZZ_VERSION; }

}  // namespace mezz
