// mezz-h5read FILE: opens one result file, in a process that may crash, and answers questions about
// it on standard input and output (frames.h). Started by reader_process.h; not for people.
#include <cstdio>
#include <exception>

#include "analysis/reader/serve.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: mezz-h5read FILE   (started by mezz; see analysis/reader/frames.h)\n",
               stderr);
    return 2;
  }
  try {
    return mezz::analysis::reader::serve(argv[1], 0, 1);
  } catch (const std::exception&) {
    return 3;
  }
}
