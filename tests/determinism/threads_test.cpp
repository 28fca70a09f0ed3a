// Nothing outside the scenario reaches a run: not another world on another thread, not a second run
// in the same process, not what is recorded. A world has no global state, so worlds may run in
// parallel.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/execute.h"
#include "tests/scratch_folder.h"

namespace mezz {
namespace {

std::uint64_t fingerprint_of(const std::string& name, std::vector<std::string> set = {},
                             const std::string& out = {}) {
  set.insert(set.begin(), "agent[0].accounts=2000");
  ExecuteOptions options;
  options.out = out;
  options.until = 2_min;
  const ExecuteOutcome outcome = execute(load_scenario(name, set), options);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  return outcome.fingerprint;
}

TEST(Threads, WorldsInParallelGiveTheFingerprintsOfWorldsAlone) {
  const std::array<std::string, 2> names{"calm_market", "flash_crash"};
  std::array<std::uint64_t, 2> alone{};
  for (std::size_t i = 0; i < 2; ++i) alone[i] = fingerprint_of(names[i]);
  EXPECT_NE(alone[0], alone[1]);
  std::array<std::uint64_t, 4> together{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < together.size(); ++i) {
    threads.emplace_back([&, i] { together[i] = fingerprint_of(names[i % 2]); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < together.size(); ++i) EXPECT_EQ(together[i], alone[i % 2]);
}

TEST(Recording, NeverChangesTheRun) {
  const ScratchFolder folder;
  const std::string file = folder.file("r.h5");
  const std::uint64_t silent = fingerprint_of("calm_market");
  EXPECT_EQ(fingerprint_of("calm_market"), silent);  // and a second run in one process is the same
  EXPECT_EQ(fingerprint_of("calm_market", {}, file), silent);
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(fingerprint_of("calm_market", {"record=[{ match = \"*\", with = \"off\" }]"}, file),
            silent);
  EXPECT_EQ(
      fingerprint_of("calm_market", {"record=[{ match = \"*\", with = \"vector mean\" }]"}, file),
      silent);
  EXPECT_NE(fingerprint_of("calm_market", {"run.seed=2"}), silent);
}

}  // namespace
}  // namespace mezz
