// The pages of models/layer2/designs hold tables that the program prints: what they say is what it
// does. scripts/update-design-pages writes them again.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;
namespace fs = std::filesystem;

const fs::path kPages = fs::path(MEZZ_SOURCE_DIR) / "models" / "layer2" / "designs";
const std::string kMark = "<!-- mezz parameters ";
const std::string kMarkEnd = " -->";
const std::string kEnd = "<!-- end -->";

struct Table {
  Words words;  // of the command that prints it
  std::string text;
};

std::vector<Table> tables_of(const fs::path& page) {
  std::ifstream file(page);
  std::vector<Table> tables;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == kEnd) inside = false;
    if (inside) tables.back().text += line + "\n";
    if (!line.starts_with(kMark) || !line.ends_with(kMarkEnd)) continue;
    const std::size_t length = line.size() - kMark.size() - kMarkEnd.size();
    std::istringstream rest(line.substr(kMark.size(), length));
    Table table{.words = {"parameters"}, .text = {}};
    for (std::string word; rest >> word;) table.words.push_back(word);
    tables.push_back(std::move(table));
    inside = true;
  }
  EXPECT_FALSE(inside) << page << " has no " << kEnd;
  return tables;
}

class DesignPageTest : public ::testing::TestWithParam<const char*> {};

TEST_P(DesignPageTest, TablesAreWhatTheProgramPrints) {
  const fs::path page = kPages / (std::string(GetParam()) + ".md");
  ASSERT_TRUE(fs::exists(page)) << page;
  const std::vector<Table> tables = tables_of(page);
  ASSERT_FALSE(tables.empty()) << page << " has no table of parameters";
  const Program mezz;
  for (const Table& table : tables) {
    const Finished run = mezz.run(table.words);
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(table.text, run.out) << "run scripts/update-design-pages";
  }
}

INSTANTIATE_TEST_SUITE_P(All, DesignPageTest,
                         ::testing::Values("optimistic_rollup", "zk_rollup", "validium",
                                           "state_channel", "plasma", "sidechain",
                                           "shared_parameters"),
                         [](const auto& page) { return std::string(page.param); });

// A table has a row for what the visitor has, with default, range and meaning.
TEST(Parameters, RowsHaveDefaultRangeAndMeaning) {
  const Program mezz;
  const Finished run = mezz.run({"parameters", "committee", "sequencing.pair"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("| `members` | 6 | 1 .. 64 | Members (Nova: 6) |\n"));
  EXPECT_THAT(run.out, HasSubstr("| `fallback` | layer_one | layer_one, wait | "));
  EXPECT_THAT(run.out, HasSubstr("**`[sequencing.pair]`**"));
  EXPECT_THAT(run.out, HasSubstr("| `unhealthy_checks` | 3 |"));
}

TEST(Parameters, UnknownSectionAndDesignAreRefusedWithTheNearestName) {
  const Program mezz;
  const Finished section = mezz.run({"parameters", "comittee"});
  EXPECT_EQ(section.code, 2);
  EXPECT_THAT(section.err, HasSubstr("did you mean 'committee'?"));
  const Finished design = mezz.run({"parameters", "--design", "zk_rolup"});
  EXPECT_EQ(design.code, 2);
  EXPECT_THAT(design.err, HasSubstr("did you mean 'zk_rollup'?"));
}

}  // namespace
}  // namespace mezz
