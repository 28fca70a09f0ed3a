// Worlds are built and dropped on worker threads, and glibc gives every thread a heap of its own:
// one that grows by a system call per few pages and goes back to the system with each world. In one
// heap for all threads the pages stay, and a sweep takes about two thirds of the time
// (tests/performance, sweep_bench). Nothing contends for it: a running world does not allocate.
// First thing in main, before there is a second thread. Does nothing without glibc.
#pragma once

namespace mezz {

void use_one_heap();

}  // namespace mezz
