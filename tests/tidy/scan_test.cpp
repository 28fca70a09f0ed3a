// The scanners of the tidy tests, on small inputs worked out by hand.
#include "tests/tidy/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mezz::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<Function>& functions) {
  std::vector<std::string> list;
  for (const Function& f : functions) {
    list.push_back(f.name + " " + std::to_string(f.line) + "+" + std::to_string(f.length));
  }
  return list;
}
std::vector<std::string> functions(std::string_view text) {
  return names(functions_of(blanked(text, Blank::CommentsAndLiterals)));
}

TEST(Blanked, CommentsGoAndEveryCharacterKeepsItsPlace) {
  EXPECT_EQ(blanked("a; // b\nc /* d\n e */ f", Blank::Comments), "a;     \nc     \n      f");
}

TEST(Blanked, LiteralsGoOnlyWhenAsked) {
  EXPECT_EQ(blanked("f(\"// {\", '}');", Blank::Comments), "f(\"// {\", '}');");
  EXPECT_EQ(blanked("f(\"// {\", '}');", Blank::CommentsAndLiterals), "f(\"    \", ' ');");
}

TEST(Blanked, EscapesRawStringsAndDigitSeparatorsAreUnderstood) {
  EXPECT_EQ(blanked(R"("\"{" x)", Blank::CommentsAndLiterals), R"("   " x)");
  EXPECT_EQ(blanked("R\"(\"{)\" x", Blank::CommentsAndLiterals), "R\"    \" x");
  EXPECT_EQ(blanked("1'000'000 + '{'", Blank::CommentsAndLiterals), "1'000'000 + ' '");
}

TEST(Includes, AreFoundOutsideCommentsOnly) {
  const auto found = includes_of(
      "#include \"sim/a.h\"\n"
      "// #include \"sim/b.h\"\n"
      "#  include <vector>\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "sim/a.h");
  EXPECT_FALSE(found[0].angled);
  EXPECT_EQ(found[1].name, "vector");
  EXPECT_EQ(found[1].line, 3);
  EXPECT_TRUE(found[1].angled);
}

TEST(Functions, AreMeasuredFromTheNameToTheClosingBrace) {
  EXPECT_THAT(functions("namespace a {\n"
                        "int f(int x) {\n"
                        "  if (x) { return 1; }\n"
                        "  return 2;\n"
                        "}\n"
                        "}  // namespace a\n"),
              ElementsAre("f 2+4"));
}

TEST(Functions, InClassesWithTemplatesAndMemberInitialisersAreFound) {
  EXPECT_THAT(functions("template <class T, class U = int>\n"
                        "class [[nodiscard]] A : public B {\n"
                        " public:\n"
                        "  A(int x, int y)\n"
                        "      : x_{x}, y_{y} {\n"
                        "    g();\n"
                        "  }\n"
                        "  ~A() {}\n"
                        "  template <class V = int>\n"
                        "  bool operator==(const V& v) const {\n"
                        "    return v == x_;\n"
                        "  }\n"
                        " private:\n"
                        "  int x_{1};\n"
                        "  int y_ = 2;\n"
                        "};\n"),
              ElementsAre("A 4+4", "~A 8+1", "bool operator== 10+3"));
}

TEST(Functions, TablesLambdasAndEnumsAreNotFunctions) {
  EXPECT_THAT(functions("enum class E : int { A, B };\n"
                        "constexpr int kTable[] = {\n  1,\n  2,\n};\n"
                        "const Foo kFoo = make({1, 2});\n"
                        "void f(std::vector<int> v = {1, 2}) { g({.a = 1}); }\n"
                        "TEST(Foo, Bar) {\n}\n"),
              ElementsAre("f 7+1", "TEST(Foo, Bar) 8+2"));
}

TEST(Forbidden, LibmIsFoundQualifiedAndBare) {
  EXPECT_THAT(forbidden_tokens("double y = std::exp(x);"),
              ElementsAre(HasSubstr("line 1: std::exp")));
  EXPECT_THAT(forbidden_tokens("#include <cmath>\n\ndouble f() { return log(2.0); }"),
              ElementsAre(HasSubstr("line 3: log")));
  EXPECT_THAT(forbidden_tokens("double y = ::pow(x, 2);"), ElementsAre(HasSubstr("::pow")));
}

TEST(Forbidden, OurOwnFunctionsAndExactOnesAreFine) {
  EXPECT_THAT(forbidden_tokens("#include <cmath>\n"
                               "double exp(double x);\n"
                               "double y = numeric::exp(x) + std::sqrt(x) + book.log(x);\n"
                               "// std::exp(x) would differ\n"
                               "const char* s = \"std::exp(1)\"; int log = 1;\n"),
              IsEmpty());
}

TEST(Forbidden, ClocksRandomnessSharingAndHashOrderAreFound) {
  EXPECT_THAT(forbidden_tokens("std::mt19937 g;\n"
                               "auto t = std::chrono::seconds(1);\n"
                               "int r = rand();\n"
                               "std::unordered_map<int, int> m;\n"
                               "std::shared_ptr<int> p;\n"
                               "long double d;\n"
                               "std::normal_distribution<double> n;\n"),
              ElementsAre(HasSubstr("line 1"), HasSubstr("line 2"), HasSubstr("line 3"),
                          HasSubstr("line 4"), HasSubstr("line 5"), HasSubstr("line 6"),
                          HasSubstr("line 7")));
}

TEST(Heavy, NamesAreThoseOfTheDesign) {
  for (const char* name :
       {"Eigen/Core", "boost/math/tools.hpp", "hdf5.h", "QWidget", "iostream", "chrono", "random",
        "functional", "regex", "fmt/format.h", "toml++/toml.h", "nlohmann/json.hpp"}) {
    EXPECT_TRUE(is_heavy(name)) << name;
  }
  for (const char* name : {"fmt/core.h", "vector", "cmath", "sim/types/time.h", "string"}) {
    EXPECT_FALSE(is_heavy(name)) << name;
  }
}

constexpr const char* kLayers =
    "# mezz_library(sim/ghost LINK models/x)\n"
    "mezz_library(sim/types)\n"
    "mezz_library(sim/config LINK sim/types PRIVATE fmt::fmt)\n"
    "mezz_library(sim/hash LINK sim/types)\n"
    "mezz_library(sim/world LINK sim/config PRIVATE sim/hash)\n"
    "mezz_library(models/market LINK sim/world)\n"
    "mezz_library(models/layer2 RECURSE LINK\n  models/market)\n";

TEST(LayersTable, LinksAreTransitiveAndPrivateOnesAreNot) {
  const Layers layers(kLayers);
  EXPECT_EQ(layers.folders().size(), 6U);
  EXPECT_TRUE(layers.allows("models/market/book.cpp", "sim/types/time.h"));
  EXPECT_TRUE(layers.allows("sim/world/world.cpp", "sim/hash/hash.h"));
  EXPECT_FALSE(layers.allows("models/market/book.cpp", "sim/hash/hash.h"));
  EXPECT_TRUE(layers.allows("models/layer2/bridge/bridge.h", "models/layer2/roles.h"));
  EXPECT_TRUE(layers.allows("models/layer2/bridge/bridge.h", "models/market/book.h"));
  EXPECT_FALSE(layers.allows("models/market/book.h", "models/layer2/roles.h"));
  EXPECT_FALSE(layers.allows("sim/types/time.h", "sim/config/visit.h"));
}

TEST(LayersTable, SomeEdgesNoTableMayAllow) {
  const Layers layers("mezz_library(sim/types LINK models/market)\nmezz_library(models/market)\n");
  EXPECT_FALSE(layers.allows("sim/types/time.h", "models/market/book.h"));
  EXPECT_FALSE(layers.allows("models/registry.cpp", "scenarios/scenario.h"));
  EXPECT_FALSE(layers.allows("analysis/finality.cpp", "sim/engine/engine.h"));
  EXPECT_TRUE(layers.allows("tests/models/market/book_test.cpp", "models/market/book.h"));
}

TEST(LayersTable, TheUmbrellaIsForThoseWhoSeeTheWorld) {
  const Layers layers(kLayers);
  EXPECT_TRUE(layers.allows("models/market/book.cpp", "sim/sim.h"));
  EXPECT_FALSE(layers.allows("sim/config/load.cpp", "sim/sim.h"));
  EXPECT_FALSE(layers.allows("models/market/book.cpp", "models/registry.h"));
}

TEST(Cycle, IsNamedOrAbsent) {
  EXPECT_EQ(find_cycle({{"a", {"b", "c"}}, {"b", {"c"}}, {"c", {}}}), "");
  EXPECT_EQ(find_cycle({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}), "b -> c -> b");
}

TEST(Columns, CountCharactersNotBytes) { EXPECT_EQ(columns("\xC3\xA9t\xC3\xA9"), 3U); }

}  // namespace
}  // namespace mezz::tidy
