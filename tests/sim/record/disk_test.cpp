#include "sim/record/disk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "sim/record/hdf5_handle.h"
#include "tests/scratch_folder.h"

namespace mezz {
namespace {

// The holder removes the file before it gives the lock up. Who had opened the file before that
// would get a lock on a file without a name, beside somebody who has made and locked a new one.
TEST(Ballast, WhoHoldsTheLockHoldsItAloneAndByItsName) {
  const ScratchFolder folder;
  const std::string path = folder.file("run.h5.lock");
  std::atomic<int> inside = 0;
  std::atomic<int> together = 0;
  std::atomic<int> nameless = 0;
  const auto compete = [&] {
    for (int round = 0; round < 10'000; ++round) {
      Ballast ballast;
      try {
        ballast.take(path, 0);
      } catch (const hdf5::IoFailure&) {
        continue;
      }
      together += inside.fetch_add(1) != 0 ? 1 : 0;
      nameless += std::filesystem::exists(path) ? 0 : 1;
      --inside;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(compete);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(together, 0);
  EXPECT_EQ(nameless, 0);
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace mezz
