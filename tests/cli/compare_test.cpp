// mezz diff and mezz reproduce.
#include <gmock/gmock.h>
#include <hdf5.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Words = Program::Words;

Words two_minutes(const std::string& out) {
  return small("calm_market") + Words{"--until", "2 min", "--quiet", "--out", out};
}

TEST(Diff, EqualRunsAreEqual) {
  const Program mezz;
  mezz.run_json(two_minutes("a.h5"));
  mezz.run_json(two_minutes("b.h5"));
  const Finished diff = mezz.run({"diff", "a.h5", "b.h5"});
  EXPECT_EQ(diff.code, 0) << diff.out << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("equal"));
}

TEST(Diff, AnotherSeedDiffersAtOnceAndTheEventIsShown) {
  const Program mezz;
  mezz.run_json(two_minutes("a.h5"));
  mezz.run_json(two_minutes("b.h5") + Words{"--seed", "2"});
  const Finished diff = mezz.run({"diff", "a.h5", "b.h5"});
  EXPECT_EQ(diff.code, 1) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("seeds 1 and 2"));
  EXPECT_THAT(diff.out, HasSubstr("first difference: event"));
  EXPECT_THAT(diff.out, HasSubstr("  a.h5: "));
  EXPECT_THAT(diff.out, HasSubstr("  b.h5: "));
}

TEST(Diff, ShockShowsAtItsTime) {
  const Program mezz;
  const Words minutes = small("calm_market") + Words{"--until", "6 min", "--quiet", "--out"};
  mezz.run_json(minutes + Words{"a.h5"});
  mezz.write("jump.toml",
             "extends = [\"calm_market\"]\n"
             "[[shock]]\nat = \"5 min\"\nkind = \"price_jump\"\nmagnitude = 0.95\n");
  Words jump = minutes + Words{"b.h5"};
  jump[1] = "jump.toml";
  mezz.run_json(jump);
  const Finished diff = mezz.run({"diff", "a.h5", "b.h5"});
  EXPECT_EQ(diff.code, 1) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("b.h5: 300.000000000 s  Shock to "));
}

TEST(Diff, ShorterRunEndsFirst) {
  const Program mezz;
  mezz.run_json(two_minutes("a.h5"));
  mezz.run_json(small("calm_market") + Words{"--until", "1 min", "--quiet", "--out", "b.h5"});
  const Finished diff = mezz.run({"diff", "a.h5", "b.h5"});
  EXPECT_EQ(diff.code, 1) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("b.h5: (no more events)"));
  EXPECT_THAT(diff.out, Not(HasSubstr("another version")));
}

// Replaces a text of the same length in the stored resolved scenario, as an editor of the file
// would.
void tamper(const std::string& path, const std::string& from, const std::string& to) {
  ASSERT_EQ(from.size(), to.size());
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  const hid_t data = H5Dopen2(file, "/scenario/resolved", H5P_DEFAULT);
  ASSERT_GE(data, 0);
  const hid_t type = H5Dget_type(data);
  const hid_t space = H5Dget_space(data);
  char* text = nullptr;
  std::string fixed(H5Tget_size(type), '\0');
  const bool variable = H5Tis_variable_str(type) > 0;
  ASSERT_GE(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                    variable ? static_cast<void*>(&text) : fixed.data()),
            0);
  std::string value = variable ? std::string(text) : fixed;
  const std::size_t at = value.find(from);
  ASSERT_NE(at, std::string::npos);
  value.replace(at, from.size(), to);
  const char* pointer = value.c_str();
  ASSERT_GE(H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     variable ? static_cast<const void*>(&pointer) : value.data()),
            0);
  if (variable) H5Dvlen_reclaim(type, space, H5P_DEFAULT, static_cast<void*>(&text));
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(data);
  H5Fclose(file);
}

TEST(Reproduce, CompleteRunIsReproducedAndATamperedOneIsNot) {
  const Program mezz;
  const auto run = mezz.run_json(two_minutes("a.h5"));
  const Finished again = mezz.run({"reproduce", "a.h5"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr(run["fingerprint"].get<std::string>()));

  tamper(mezz.path("a.h5").string(), "seed = 1 ", "seed = 2 ");
  const Finished differs = mezz.run({"reproduce", "a.h5"});
  EXPECT_EQ(differs.code, 1) << differs.err;
  EXPECT_THAT(differs.out, HasSubstr("NOT reproduced"));
}

}  // namespace
}  // namespace mezz
