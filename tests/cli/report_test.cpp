// `mezz report` on real runs: one page, whole or not there, with what the run said in it.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

const std::string kRun = "[run]\nduration = \"1 min\"\n";

// A minute of a small market, under a title that would be a script.
void make_run(const Program& mezz, const std::string& limits = {}) {
  mezz.write("s.toml",
             "title = \"A <script>alert(1)</script> & \\\"minute\\\"\"\n"
             "extends = [\"flash_crash\"]\nlimit = []\n" +
                 kRun + limits);
  const Finished run =
      mezz.run({"run", "s.toml", "--set", "agent[0].accounts=2000", "--out", "r.h5", "--quiet"});
  ASSERT_TRUE(mezz.exists("r.h5")) << run.err;
}

// A page is too long to be printed when something is missing in it.
bool says(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST(Report, IsOneSelfContainedPage) {
  const Program mezz;
  make_run(mezz);
  const Finished made = mezz.run({"report", "r.h5", "-o", "a.html"});
  EXPECT_EQ(made.code, 0) << made.err;
  const std::string page = mezz.read("a.html");
  EXPECT_TRUE(says(page, "prefers-color-scheme:dark"));
  EXPECT_TRUE(says(page, "@media print"));
  EXPECT_TRUE(says(page, "A &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;minute&quot;"));
  EXPECT_FALSE(says(page, "<script"));
  EXPECT_TRUE(says(page, "There were no liquidations."));
  EXPECT_TRUE(says(page, "mezz reproduce r.h5"));
  // No address but the names of the two XML vocabularies.
  std::size_t addresses = 0;
  for (std::size_t at = page.find("http"); at != std::string::npos;
       at = page.find("http", at + 1)) {
    EXPECT_EQ(page.substr(at, 18), "http://www.w3.org/");
    ++addresses;
  }
  EXPECT_GT(addresses, 1U);
}

TEST(Report, TheSameFilesGiveTheSameBytes) {
  const Program mezz;
  make_run(mezz);
  ASSERT_EQ(mezz.run({"report", "r.h5", "-o", "a.html"}).code, 0);
  ASSERT_EQ(mezz.run({"report", "r.h5", "-o", "b.html"}).code, 0);
  EXPECT_EQ(mezz.read("a.html"), mezz.read("b.html"));
}

TEST(Report, SaysWhichLimitsAreBroken) {
  const Program mezz;
  make_run(mezz,
           "[limits]\n\"l1.blocks\" = { min = 1000 }\n\"finality.preconfirmed.p50\" = { max = \"1 "
           "h\" }\n");
  const Finished made = mezz.run({"report", "r.h5", "-o", "a.html"});
  EXPECT_EQ(made.code, 1);
  EXPECT_THAT(made.err, HasSubstr("limit broken: r.h5: l1.blocks = "));
  const std::string page = mezz.read("a.html");
  EXPECT_TRUE(says(page, "1 of 2 limits broken."));
  EXPECT_TRUE(says(page, "at most 1 h"));
}

TEST(Report, DoesNotOverwriteWhatIsNoReport) {
  const Program mezz;
  make_run(mezz);
  mezz.write("thesis.html", "<html>mine</html>");
  const Finished refused = mezz.run({"report", "r.h5", "-o", "thesis.html"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  EXPECT_EQ(mezz.read("thesis.html"), "<html>mine</html>");
  EXPECT_EQ(mezz.run({"report", "r.h5", "-o", "thesis.html", "--force"}).code, 0);
  EXPECT_EQ(mezz.run({"report", "r.h5", "-o", "thesis.html"}).code, 0);  // now it is one
}

TEST(Report, BadInputLeavesNoPage) {
  const Program mezz;
  make_run(mezz);
  mezz.write("foreign.h5", "not a result");
  mezz.write("cut.h5", mezz.read("r.h5").substr(0, 20'000));
  mezz.write("empty/note.txt", "no runs here");
  for (const char* bad : {"foreign.h5", "cut.h5", "empty", "missing.h5"}) {
    const Finished made = mezz.run({"report", bad, "-o", "a.html"});
    EXPECT_EQ(made.code, 3) << bad << made.err;
    EXPECT_THAT(made.err, HasSubstr(bad));
    EXPECT_EQ(made.out, "");
  }
  EXPECT_EQ(mezz.run({"report", "-o", "a.html"}).code, 2);
  EXPECT_EQ(mezz.run({"report", "r.h5", "-o", "nowhere/a.html"}).code, 3);
  EXPECT_FALSE(mezz.exists("a.html"));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(mezz.path("."))) {
    files += entry.path().string().find("html") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(files, 0U);
}

TEST(Limits, OfTheTableAreHonouredWithTheirUnits) {
  const Program mezz;
  const Words run{"run", "s.toml", "--out", "none", "--quiet"};
  mezz.write("s.toml", kRun + "[limits]\n\"blocks.longest_gap\" = { max = \"1 ms\" }\n");
  const Finished broken = mezz.run(run);
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("limit broken: blocks.longest_gap = "));
  EXPECT_THAT(broken.err, HasSubstr("at most 0.001 was expected"));
  mezz.write("s.toml", kRun + "[limits]\n\"blocks.longest_gap\" = { max = \"1 h\" }\n");
  EXPECT_EQ(mezz.run(run).code, 0);
  EXPECT_EQ(mezz.run(run + Words{"--set", "limits.\"blocks.longest_gap\".max=0"}).code, 1);
  const Finished resolved = mezz.run({"resolve", "s.toml"});
  EXPECT_THAT(resolved.out, HasSubstr("max = 3600.0"));
}

TEST(Limits, ChangeNoFingerprint) {
  const Program mezz;
  const Words run{"run", "s.toml", "--out", "none"};
  mezz.write("s.toml", kRun);
  const nlohmann::json without = mezz.run_json(run);
  mezz.write("s.toml", kRun + "[limits]\n\"l1.blocks\" = { max = 0 }\n");
  EXPECT_EQ(mezz.run_json(run, 1)["fingerprint"], without["fingerprint"]);
}

struct BadLimit {
  const char* text;
  const char* said;
};

TEST(Limits, OfTheTableAreRefusedWithPlaceAndRemedy) {
  const Program mezz;
  for (const BadLimit& bad : {
           BadLimit{"\"bad_dept.usd\" = { max = 0 }", "did you mean 'bad_debt.usd'"},
           BadLimit{"\"bad_debt.usd\" = { max = \"8 d\" }", "bad_debt.usd is measured in USD"},
           BadLimit{"\"bad_debt.usd\" = { max = \"8 parsecs\" }", "8 parsecs"},
           BadLimit{"\"bad_debt.usd\" = { maximum = 8 }", "maximum"},
           BadLimit{"\"bad_debt.usd\" = { }", "needs min, max or both"},
           BadLimit{"\"bad_debt.usd\" = 8", "expected a table such as { max = 0 }"},
           BadLimit{"\"bad_debt.usd\" = { min = 2, max = 1 }", "must not be above max"},
       }) {
    mezz.write("s.toml", kRun + "[limits]\n" + bad.text + "\n");
    const Finished run = mezz.run({"run", "s.toml", "--out", "r.h5"});
    EXPECT_EQ(run.code, 2) << bad.text;
    EXPECT_THAT(run.err, HasSubstr(bad.said));
    EXPECT_THAT(run.err, HasSubstr("s.toml:4:"));
    EXPECT_FALSE(mezz.exists("r.h5"));
  }
}

}  // namespace
}  // namespace mezz
