// The researcher: two designs under one workload, their paired comparison, a figure and its script,
// and a reviewer who gets the same bits from the archived file.
#include <gtest/gtest.h>

#include "tests/gui/journeys/journey.h"

namespace mezz::gui {
namespace {

class Researcher : public Journey {
 protected:
  // Both extend one workload, so that every draw of price and agents is the same.
  void run_designs() {
    program_.write("workload.toml", kGap);
    for (const char* design : {"optimistic_rollup", "zk_rollup"}) {
      const std::string name = std::string(design) + ".toml";
      program_.write(name, "title = \"" + std::string(design) +
                               "\"\nextends = [\"workload.toml\"]\n[layer2]\ndesign = \"" + design +
                               "\"\n");
      const Finished run =
          program_.run({"run", name, "--out", std::string(design) + ".h5", "--quiet"});
      ASSERT_EQ(run.code, 0) << run.err;
    }
  }
  void copy(const char* command) {
    QApplication::clipboard()->clear();
    trigger(command);
    ASSERT_FALSE(clipboard().isEmpty()) << command;
  }
};

TEST_F(Researcher, FromTwoDesignsToTheReviewer) {
  run_designs();
  open({path("optimistic_rollup.h5"), path("zk_rollup.h5")});
  ASSERT_EQ(results().runs().ticked().size(), 2U);

  // What differs is named: the design. The seed is one.
  const QString comparison = results().comparison();
  for (const char* word : {"layer2.design", "optimistic_rollup", "zk_rollup"})
    EXPECT_TRUE(comparison.contains(QString::fromLatin1(word))) << word;
  EXPECT_FALSE(comparison.contains(QStringLiteral("run.seed"))) << qPrintable(comparison);

  // Common random numbers: the outside price is one path, so its difference is zero throughout.
  results().choose_series({QStringLiteral("price/price")});
  trigger("results.difference");
  const auto& plots = results().plots().plots();
  ASSERT_EQ(plots.size(), 2U);
  EXPECT_EQ(plots[0]->curves().size(), 2U);
  EXPECT_GT(plots[0]->shown().high, plots[0]->shown().low);
  EXPECT_EQ(plots[1]->shown().low, 0.0);
  EXPECT_EQ(plots[1]->shown().high, 0.0);

  // The figure as a picture for the paper, and as a script.
  ASSERT_TRUE(results().export_picture(path("figure.pdf"), QSize(800, 400)));
  trigger("results.difference");
  copy("results.copy_python");
  EXPECT_TRUE(clipboard().contains(QStringLiteral("mezzanine.open_run")));
  program_.write("figure.py", clipboard().toStdString() + "figure.savefig('figure.png')\n");
  const Finished figure = program_.shell(
      {"/bin/sh"},
      "/usr/bin/python3 -c 'import h5py, pandas, matplotlib' 2>/dev/null || exit 77\n"
      "MPLBACKEND=Agg PYTHONPATH=" MEZZ_SOURCE_DIR "/analysis/python /usr/bin/python3 figure.py\n");
  if (figure.code != 77) {  // no Python packages on this machine
    EXPECT_EQ(figure.code, 0) << figure.err;
    EXPECT_TRUE(program_.exists("figure.png"));
  }
  copy("results.copy_command");
  const Finished table = run_clipboard();
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_NE(table.out.find("time"), std::string::npos) << table.out.substr(0, 200);

  // The archive says what it is, and the reviewer gets the same bits.
  const QString archive = results().provenance();
  for (const char* word : {"Fingerprint", "Compiler", "market.insurance_fund", "run.seed"})
    EXPECT_TRUE(archive.contains(QString::fromLatin1(word))) << word;
  copy("results.copy_reproduce");
  const Finished again = run_clipboard();
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("reproduced: "), std::string::npos) << again.out;
}

}  // namespace
}  // namespace mezz::gui
