// What this program was built from and with: written into every result file.
#pragma once

#include <string>

namespace mezz {

std::string
build_commit();  // git commit of the source tree, "-dirty" when it was changed, or "unknown"
std::string build_compiler();  // "g++ 12.2.0"
std::string build_flags();
std::string build_version();  // "0.1.0"

}  // namespace mezz
