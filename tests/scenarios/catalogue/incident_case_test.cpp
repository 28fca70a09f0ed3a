#include "scenarios/incident_case.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "scenarios/validation/validate.h"

namespace mezz {
namespace {

struct Call {
  int code = 0;
  validation::ValidateOutput output;
};

Call call(const std::string& name, std::vector<std::string> overrides = {}) {
  Call result;
  result.code = validation::validate(
      {.names = {name}, .overrides = std::move(overrides), .more = incident_cases()},
      result.output);
  return result;
}

TEST(IncidentCase, PublishedFiguresStandBesideTheSimulatedOnes) {
  const Call jelly = call("I-J-1");
  EXPECT_EQ(jelly.code, 0) << jelly.output.out << jelly.output.err;
  EXPECT_NE(jelly.output.out.find("unrealised loss of the vault, M USD"), std::string::npos);
  EXPECT_NE(jelly.output.out.find("12.75"), std::string::npos);
}

TEST(IncidentCase, AChangedScenarioFailsTheRow) {
  const Call call_without_pump = call("I-J-1", {"set=\"agent[2].spot=\\\"0 USD\\\"\""});
  EXPECT_EQ(call_without_pump.code, 1) << call_without_pump.output.err;
}

TEST(IncidentCase, MistakesAreRefusedBeforeAnythingRuns) {
  EXPECT_EQ(call("I-J-1", {"scenario=hl_2025_03_62"}).code, 2);
  EXPECT_EQ(call("I-J-1", {"set=run.sed=1"}).code, 2);
  EXPECT_EQ(call("I-J-1", {"published=[]"}).code, 2);
  EXPECT_EQ(call("I-J-2").code, 2);
}

TEST(IncidentCase, EveryShippedOneNamesAScenarioAndFigures) {
  std::set<std::string> listed;
  for (const validation::ShippedCase& shipped : incident_cases().cases) {
    listed.insert(std::string(shipped.name));
    const validation::LoadedCase loaded = validation::load_case(
        validation::default_folder() + "/" + std::string(shipped.name) + ".toml", {},
        incident_cases());
    EXPECT_FALSE(loaded.id.empty()) << shipped.name;
    EXPECT_FALSE(loaded.validation->law().empty()) << shipped.name;
  }
  for (const auto& entry : std::filesystem::directory_iterator(validation::default_folder())) {
    const std::string name = entry.path().stem().string();
    if (!name.starts_with("incident_")) continue;
    EXPECT_TRUE(listed.contains(name)) << name;
  }
}

}  // namespace
}  // namespace mezz
