// Every question that can be answered, whole, as a user asks it: `mezz sweep NAME`. No run fails
// and every limit holds (conservation at least). Minutes: label nightly.
#include <gtest/gtest.h>

#include <filesystem>

#include "scenarios/catalogue.h"
#include "scenarios/sweep/sweep.h"
#include "sim/check/error.h"
#include "tests/scratch_folder.h"

namespace mezz {
namespace {

std::vector<std::string> answerable() {
  std::vector<std::string> names;
  for (const CatalogueFile& entry : catalogue_files()) {
    if (entry.section != CatalogueSection::Questions) continue;
    const auto document = config::load_file(entry.path, catalogue_folders());
    if (document.root.find("requires") == nullptr) names.push_back(entry.name);
  }
  return names;
}

class Answer : public testing::TestWithParam<std::string> {};

TEST_P(Answer, RunsToItsEnd) {
  const ScratchFolder folder;
  sweep::SweepArguments arguments;
  arguments.scenario.scenario = GetParam();
  arguments.out = folder.file("sweep");
  arguments.quiet = true;
  arguments.jobs = 1;
  EXPECT_EQ(sweep::sweep(arguments), 0);
  EXPECT_TRUE(std::filesystem::exists(arguments.out + "/sweep.h5"));
}

INSTANTIATE_TEST_SUITE_P(Questions, Answer, testing::ValuesIn(answerable()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mezz
