#include "sim/config/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scratch_folder.h"
#include "tests/sim/config/sample.h"

namespace mezz::config {
namespace {

using config_test::error_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Node& at(const Document& document, std::initializer_list<std::string_view> keys) {
  const Node* node = &document.root;
  for (const std::string_view key : keys) {
    node = node->find(key);
    if (node == nullptr) throw std::out_of_range(std::string(key));
  }
  return *node;
}

TEST(Document, KeepsTheOriginOfEveryValue) {
  const ScratchFolder folder;
  const std::string file = folder.write("a.toml", "x = 1\n[t]\n  y = \"2 h\"\n");
  const Document document = load_file(file);
  EXPECT_EQ(to_text(at(document, {"x"}).origin), file + ":1");
  EXPECT_EQ(place(at(document, {"t", "y"}).origin), file + ":3:7");
  ASSERT_EQ(document.sources.size(), 1U);
  EXPECT_EQ(document.sources[0].text, "x = 1\n[t]\n  y = \"2 h\"\n");
}

TEST(Extends, TablesMergeDeeplyAndArraysReplace) {
  const ScratchFolder folder;
  folder.write("base.toml",
               "title = \"base\"\nlist = [1, 2, 3]\n[a]\nx = 1\n[a.b]\ny = 2\nz = 3\n"
               "[[shock]]\nat = \"1 s\"\n[[shock]]\nat = \"2 s\"\n");
  const Document document =
      load_file(folder.write("own.toml",
                             "extends = [\"base.toml\"]\nlist = [9]\n[a.b]\nz = 30\n"
                             "[[shock]]\nat = \"5 s\"\n"));
  EXPECT_EQ(at(document, {"title"}).text, "base");
  EXPECT_EQ(at(document, {"list"}).items.size(), 1U);
  EXPECT_EQ(at(document, {"a", "x"}).integer, 1);
  EXPECT_EQ(at(document, {"a", "b", "y"}).integer, 2);
  EXPECT_EQ(at(document, {"a", "b", "z"}).integer, 30);
  EXPECT_THAT(to_text(at(document, {"a", "b", "z"}).origin), HasSubstr("own.toml:4"));
  EXPECT_THAT(to_text(at(document, {"a", "b", "y"}).origin), HasSubstr("base.toml:6"));
  EXPECT_EQ(at(document, {"shock"}).items.size(), 1U);
  EXPECT_EQ(document.root.find("extends"), nullptr);
}

TEST(Extends, LaterBasesWinOverEarlierOnes) {
  const ScratchFolder folder;
  folder.write("one.toml", "x = 1\ny = 1\n");
  folder.write("two.toml", "x = 2\n");
  const Document document =
      load_file(folder.write("own.toml", "extends = [\"one.toml\", \"two.toml\"]\n"));
  EXPECT_EQ(at(document, {"x"}).integer, 2);
  EXPECT_EQ(at(document, {"y"}).integer, 1);
}

TEST(Extends, NamesComeFromTheCatalogueAndPathsFromBesideTheFile) {
  const ScratchFolder folder;
  folder.write("catalogue/perp_market.toml", "extends = [\"parts/fees.toml\"]\nname = 1\n");
  folder.write("catalogue/parts/fees.toml", "fee = 2\n");
  const std::string file = folder.write("mine/own.toml", "extends = [\"perp_market\"]\n");
  const Catalogue catalogue = {folder.file("nowhere"), folder.file("catalogue")};
  const Document document = load_file(file, catalogue);
  EXPECT_EQ(at(document, {"name"}).integer, 1);
  EXPECT_EQ(at(document, {"fee"}).integer, 2);
  EXPECT_EQ(document.sources.size(), 3U);
  EXPECT_EQ(find_scenario("perp_market", catalogue), folder.file("catalogue/perp_market.toml"));
  EXPECT_EQ(find_scenario(file, catalogue), file);
}

TEST(Extends, TheSameBaseTwiceIsNoCycle) {
  const ScratchFolder folder;
  folder.write("root.toml", "x = 1\n");
  folder.write("l.toml", "extends = [\"root.toml\"]\n");
  folder.write("r.toml", "extends = [\"root.toml\"]\n");
  EXPECT_EQ(
      at(load_file(folder.write("o.toml", "extends = [\"l.toml\", \"r.toml\"]")), {"x"}).integer,
      1);
}

TEST(Extends, ACycleIsReportedWithItsChain) {
  const ScratchFolder folder;
  folder.write("a.toml", "extends = [\"b.toml\"]\n");
  folder.write("b.toml", "extends = [\"c.toml\"]\n");
  folder.write("c.toml", "extends = [\"./x/../a.toml\"]\n");
  EXPECT_THAT(error_of([&] { load_file(folder.file("a.toml")); }),
              AllOf(HasSubstr("cycle"), HasSubstr("a.toml -> "), HasSubstr("b.toml -> "),
                    HasSubstr("c.toml -> "), HasSubstr("c.toml:1:")));
  folder.write("self.toml", "extends = [\"self.toml\"]\n");
  EXPECT_THAT(error_of([&] { load_file(folder.file("self.toml")); }), HasSubstr("cycle"));
}

TEST(Extends, MissingFilesNameWhoAsked) {
  const ScratchFolder folder;
  folder.write("c/perp_market.toml", "x = 1\n");
  EXPECT_THAT(
      error_of([&] { load_file(folder.write("a.toml", "y = 1\nextends = [\"gone.toml\"]\n")); }),
      AllOf(HasSubstr("gone.toml: there is no such file"), HasSubstr("a.toml:2:")));
  EXPECT_THAT(error_of([&] {
                load_file(folder.write("b.toml", "extends = [\"perp_markt\"]\n"),
                          {folder.file("c")});
              }),
              AllOf(HasSubstr("b.toml:1:"), HasSubstr("did you mean 'perp_market'?")));
}

TEST(Extends, WrongShapesAndTooManyFilesAreErrors) {
  const ScratchFolder folder;
  EXPECT_THAT(error_of([&] { load_text("extends = \"a\"", "x.toml"); }), HasSubstr("an array"));
  EXPECT_THAT(error_of([&] { load_text("extends = [1]", "x.toml"); }), HasSubstr("an array"));
  EXPECT_THAT(error_of([&] { load_text("extends = [\"\"]", "x.toml"); }), HasSubstr("empty name"));
  // Each file asks twice for the next: 2^20 loads without the limit.
  for (int i = 0; i < 20; ++i) {
    const std::string next = std::to_string(i + 1) + ".toml";
    folder.write(std::to_string(i) + ".toml", "extends = [\"" + next + "\", \"" + next + "\"]");
  }
  folder.write("20.toml", "x = 1");
  EXPECT_THAT(error_of([&] { load_file(folder.file("0.toml")); }), HasSubstr("more than 64 files"));
}

TEST(BadFile, EveryKindHasAClearError) {
  const ScratchFolder folder;
  const auto load = [&](const std::string& name) {
    return error_of([&] { load_file(folder.file(name)); });
  };
  EXPECT_THAT(load("gone.toml"), HasSubstr("gone.toml: there is no such file"));
  EXPECT_THAT(load(""), HasSubstr("this is a directory"));
  folder.write("empty.toml", " \n");
  EXPECT_THAT(load("empty.toml"), HasSubstr("the file is empty"));
  folder.write("large.toml", std::string(5 * 1024 * 1024, '#'));
  EXPECT_THAT(load("large.toml"), HasSubstr("larger than 4 MiB"));
  folder.write("binary.toml", std::string_view("\x89HDF\r\n\x1a\n\0\0", 10));
  EXPECT_THAT(load("binary.toml"), HasSubstr("not a text file"));
  folder.write("junk.toml", "\xff\xfe\xfd junk");
  EXPECT_THAT(load("junk.toml"), HasSubstr("not valid TOML"));
  EXPECT_THAT(error_of([] { load_file("/dev/zero"); }), HasSubstr("not a regular file"));
}

TEST(BadFile, EveryPrefixAndMutationOfAScenarioIsReadOrRefused) {
  const std::string good =
      "title = \"a\\n\"\n[a.b]\nx = [1, {y = 2.5e3, z = '''q'''}]\n[[s]]\nat = \"2 h\"\n# end\n";
  int refused = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'\0', '\n', '"', '[', '}', '.', '=', '\xff', '7'}) {
      std::string text = good;
      text[i] = c;
      refused += error_of([&] { load_text(text, "m"); }) != "no error";
      refused += error_of([&] { load_text(text.substr(0, i + 1), "m"); }) != "no error";
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(BadFile, SyntaxErrorsNameLineAndColumn) {
  EXPECT_THAT(error_of([] { load_text("a = 1\nb = = 2\n", "x.toml"); }),
              AllOf(HasSubstr("x.toml:2:"), HasSubstr("not valid TOML")));
  EXPECT_THAT(error_of([] { load_text("a = 1\na = 2\n", "x.toml"); }),
              AllOf(HasSubstr("x.toml:2:"), HasSubstr("redefine")));
  EXPECT_THAT(error_of([] { load_text("[t]\n[t]\n", "x.toml"); }), HasSubstr("redefine"));
  EXPECT_THAT(error_of([] { load_text("d = 2020-01-01\n", "x.toml"); }),
              HasSubstr("dates and times are not used"));
  EXPECT_THAT(error_of([] { load_text("a = 9223372036854775808\n", "x.toml"); }),
              HasSubstr("x.toml:1:"));
}

TEST(BadFile, NestingIsBoundedHoweverItIsWritten) {
  std::string dots = "a";
  for (int i = 0; i < 1'000'000; ++i) dots += ".a";
  std::string quoted_dots = "'a'";
  for (int i = 0; i < 500'000; ++i) quoted_dots += " . \"a\"";
  const std::string brackets(1'000'000, '[');
  std::string inner = "1";
  for (int i = 0; i < 40; ++i) inner = "{k = " + inner + "}";
  for (const std::string& text : {dots + " = 1", "[" + dots + "]\n", "a = " + brackets,
                                  quoted_dots + " = 1", "x = " + inner, "x = {" + dots + "=1}"}) {
    EXPECT_THAT(error_of([&] { load_text(text, "x.toml"); }),
                AllOf(HasSubstr("x.toml:1:"), HasSubstr("nested deeper than 32 levels")));
  }
}

TEST(BadFile, DotsInStringsAndCommentsAreNoNesting) {
  const std::string dots(1000, '.');
  const Document document =
      load_text("a = \"" + dots + "\\\"" + dots + "\" # " + dots + "\nb = '''\n" + dots +
                    "'''\nc = '" + dots + "'\nd = [0.5, 0.5, 0.5]\n",
                "x.toml");
  EXPECT_EQ(at(document, {"a"}).text.size(), 2001U);
}

TEST(BadFile, TooManyValuesAreRefused) {
  std::string text = "a = [";
  for (int i = 0; i < 250'000; ++i) text += "1,";
  EXPECT_THAT(error_of([&] { load_text(text + "]", "x.toml"); }),
              HasSubstr("more than 200000 values"));
}

TEST(Node, KeysStaySorted) {
  Node table;
  for (const char* key : {"m", "a", "z", "b"}) table.set(key, Node{});
  EXPECT_THAT(table.keys, ElementsAre("a", "b", "m", "z"));
  table.erase("b");
  table.erase("absent");
  EXPECT_EQ(table.find("b"), nullptr);
  EXPECT_NE(table.find("z"), nullptr);
}

}  // namespace
}  // namespace mezz::config
