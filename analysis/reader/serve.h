// The reader's side: opens one file with libhdf5 and answers until its input ends.
#pragma once

#include <string>

namespace mezz::analysis::reader {

// What a damaged file may cost. Set before the file is opened.
struct ServeLimits {
  unsigned long long memory_bytes = 2ULL << 30;  // of address space
  unsigned long long cpu_seconds = 10;           // for opening, and again for every answer
};

// Exit code of the process: 0 when the input ended, 3 when it could not go on.
int serve(const std::string& path, int in, int out, const ServeLimits& limits = {});

}  // namespace mezz::analysis::reader
