// Damaged result files given to the program itself: whatever libhdf5 does with them, `mezz` ends
// with an exit code of its own and says why.
#include <gmock/gmock.h>

#include <cstdio>

#include "sim/check/fingerprint.h"
#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

TEST(HostileFile, DamageEndsNoCommandBySignal) {
  const Program mezz;
  mezz.run_json(small("calm_market") + Words{"--until", "10 s", "--out", "r.h5"});
  const std::string good = mezz.read("r.h5");
  ASSERT_GT(good.size(), 10'000U);
  const std::vector<Words> commands{{"info", "bad.h5"},
                                    {"info", "bad.h5", "--json"},
                                    {"export", "bad.h5", "--table", "trades"},
                                    {"diff", "bad.h5", "bad.h5"}};
  int refused = 0;
  int crashed = 0;  // the reader, of which the message tells
  constexpr std::uint64_t kMutations = 100;
  for (std::uint64_t i = 0; i < kMutations; ++i) {
    std::string bytes = good;
    // Half of the damage where the library's own structures are dense: at the beginning.
    for (std::uint64_t change = 0; change < 4; ++change) {
      const std::uint64_t draw = mix(i * 4 + change, 0xBAD);
      const std::size_t reach = i % 2 == 0 ? 8'192 : bytes.size();
      bytes[draw % reach] = static_cast<char>(draw >> 48);
    }
    mezz.write("bad.h5", bytes);
    const Words& words = commands[i % commands.size()];
    const Finished run = mezz.run(words);
    EXPECT_TRUE(run.code == 0 || run.code == 3)
        << "mutation " << i << ", " << words.front() << ": " << run.code << " " << run.err;
    EXPECT_EQ(run.code == 0, run.err.empty()) << run.err;
    refused += run.code == 3;
    crashed += run.err.find("crashed libhdf5") != std::string::npos;
  }
  std::printf("refused %d of %d, among them %d by a crash of the reader\n", refused,
              static_cast<int>(kMutations), crashed);
  EXPECT_GT(refused, 0);
}

TEST(HostileFile, WithoutItsReaderTheProgramSaysWhatIsMissing) {
  const Program mezz;
  mezz.write("r.h5", "anything");
  std::filesystem::copy_file(MEZZ_PROGRAM, mezz.path("mezz"));
  const Finished run = mezz.shell({"sh"}, "./mezz info r.h5");
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, HasSubstr("cannot start"));
  EXPECT_THAT(run.err, HasSubstr("mezz-h5read"));
}

}  // namespace
}  // namespace mezz
