// A file read through mezz-h5read is the file read directly; and whatever program stands where
// mezz-h5read should, this one gets a RunFileError at worst.
#include "analysis/reader/reader_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "analysis/reader/contents.h"
#include "tests/analysis/hostile.h"

namespace mezz::analysis {
namespace {

using reader::FrameKind;
using ::testing::HasSubstr;
using ::testing::Not;

RunFile through_reader(const std::string& path) {
  return open_in_reader(path, {.program = MEZZ_H5READ});
}

template <class Open>
std::string reason_of(Open open) {
  try {
    open();
  } catch (const RunFileError& error) {
    return error.what();
  }
  return "accepted";
}

std::string bytes_of(const RunFile& run) {
  return reader::encoded(RunContents{.path = run.path(),
                                     .is_part = run.is_part(),
                                     .committed = run.committed(),
                                     .header = run.header(),
                                     .tables = run.tables()}) +
         reader::encoded(run.scenario()) + reader::encoded(run.parameters()) +
         reader::encoded(run.metrics()) + reader::encoded(run.profile()) +
         reader::encoded(run.fingerprints());
}

void expect_no_children() {
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(ReaderProcess, GivesWhatTheFileGives) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 70'000, .samples = {{{5}, 2, 3}, {{9}, 4, ~0ULL}}});
  const RunFile direct(folder.file("a.h5"));
  {
    const RunFile served = through_reader(folder.file("a.h5"));
    EXPECT_EQ(bytes_of(served), bytes_of(direct));
    EXPECT_EQ(info_text(served), info_text(direct));
    for (const TableInfo& table : direct.tables()) {
      for (const ColumnInfo& column : table.columns) {
        EXPECT_EQ(served.doubles(table.path, column.name), direct.doubles(table.path, column.name));
        if (column.type == StoredType::F64) continue;
        EXPECT_EQ(served.integers(table.path, column.name),
                  direct.integers(table.path, column.name));
      }
    }
    const RowRange some{.first = 65'530, .count = 10};
    EXPECT_EQ(served.integers("tables/liquidations", "time", some),
              direct.integers("tables/liquidations", "time", some));
    EXPECT_TRUE(served.integers("tables/liquidations", "time", {.first = 80'000}).empty());
  }
  expect_no_children();
}

TEST(ReaderProcess, CutsLongReadsIntoAnswers) {
  const ScratchFolder folder;
  constexpr auto kRows = static_cast<std::int64_t>(reader::kRowsPerFrame) + 1'000;
  write_market(folder.file("a.h5"), {.rows = kRows});
  const RunFile served = through_reader(folder.file("a.h5"));
  const auto notional = served.integers("tables/liquidations", "notional", {.first = 7});
  ASSERT_EQ(notional.size(), static_cast<std::size_t>(kRows) - 7);
  for (std::int64_t i = 7; i < kRows; ++i) {
    ASSERT_EQ(notional[static_cast<std::size_t>(i - 7)], close_row(i).notional.micros);
  }
}

TEST(ReaderProcess, RefusesWithTheSameWords) {
  const ScratchFolder folder;
  store(folder.file("text.h5"), "title = \"a scenario, not a result\"\n");
  store(folder.file("empty.h5"), "");
  for (const char* name : {"none.h5", "text.h5", "empty.h5", "."}) {
    const std::string path = folder.file(name);
    const std::string reason = reason_of([&] { return through_reader(path); });
    EXPECT_EQ(reason, reason_of([&] { return RunFile(path); }));
    EXPECT_THAT(reason, HasSubstr(path));
  }
  write_market(folder.file("a.h5"), {.rows = 3});
  const RunFile served = through_reader(folder.file("a.h5"));
  EXPECT_THAT(reason_of([&] { return served.integers("tables/none", "time"); }),
              HasSubstr("no table 'tables/none'"));
  EXPECT_THAT(reason_of([&] { return served.integers("tables/liquidations", "volatility"); }),
              HasSubstr("does not hold integers"));
  EXPECT_EQ(served.metrics().size(), 3U);  // still answering
}

TEST(ReaderProcess, SeveralFilesAreOpenAtOnceAndMayOutliveEachOther) {
  const ScratchFolder folder;
  write_market(folder.file("a.h5"), {.rows = 3});
  write_market(folder.file("b.h5"), {.rows = 5});
  RunFile a = through_reader(folder.file("a.h5"));
  {
    const RunFile b = through_reader(folder.file("b.h5"));
    EXPECT_EQ(b.table("tables/liquidations")->rows, 5U);
    EXPECT_EQ(a.metrics().size(), b.metrics().size());
  }
  const RunFile moved = std::move(a);
  EXPECT_EQ(moved.integers("tables/liquidations", "time").size(), 3U);
}

// A program that is not mezz-h5read, given as a shell script.
class Impostor : public ::testing::Test {
 protected:
  std::string reason(const std::string& script) {
    const std::string program = folder_.file("impostor");
    store(program, "#!/bin/sh\n" + script + "\n");
    ::chmod(program.c_str(), 0700);
    return reason_of([&] {
      const RunFile run = open_in_reader(folder_.file("a.h5"), {.program = program});
      static_cast<void>(run.metrics());
      static_cast<void>(run.integers("tables/t", "x"));
    });
  }
  // Says exactly this, whatever it is asked, and listens.
  std::string reason_for_frames(const std::string& frames) {
    store(folder_.file("frames"), frames);
    return reason("cat " + folder_.file("frames") + "; exec cat >/dev/null");
  }
  void TearDown() override { expect_no_children(); }

  static std::string frame(FrameKind kind, const std::string& content) {
    reader::Encoder header;
    header(kind);
    header(static_cast<std::uint32_t>(content.size()));
    return header.bytes() + content;
  }
  // A table t with the column x, of three rows.
  static RunContents contents() {
    RunContents run;
    run.path = "a.h5";
    TableInfo& table = run.tables.emplace_back();
    table.path = "tables/t";
    table.rows = 3;
    table.columns.emplace_back().name = "x";
    return run;
  }
  static std::string opened(const RunContents& run) {
    return frame(FrameKind::Opened, reader::encoded(run));
  }

  ScratchFolder folder_;
};

TEST_F(Impostor, ThatDiesIsAMessage) {
  EXPECT_THAT(reason("kill -SEGV $$"), HasSubstr("crashed libhdf5 (Segmentation fault)"));
  EXPECT_THAT(reason("kill -ABRT $$"), HasSubstr("crashed libhdf5 (Aborted)"));
  EXPECT_THAT(reason("kill -XCPU $$"), HasSubstr("takes longer than is allowed"));
  EXPECT_THAT(reason("exit 1"), HasSubstr("ended without an answer"));
  EXPECT_THAT(reason_of([&] { return open_in_reader("a.h5", {.program = "/nonexistent/r"}); }),
              HasSubstr("cannot start /nonexistent/r"));
}

TEST_F(Impostor, ThatTalksNonsenseIsAMessage) {
  EXPECT_THAT(reason("echo hello"), HasSubstr("without an answer"));  // shorter than a frame
  EXPECT_THAT(reason("head -c 4000 /dev/zero"), HasSubstr("sent an answer of another kind"));
  EXPECT_THAT(reason("yes | head -c 100000"), HasSubstr("without an answer"));
  EXPECT_THAT(reason_for_frames(frame(FrameKind::Opened, "x")), HasSubstr("shorter than"));
  EXPECT_THAT(reason_for_frames(frame(FrameKind::Opened, reader::encoded(contents()) + "x")),
              HasSubstr("longer than its content"));
  const std::string text = opened(contents());
  store(folder_.file("cut"), text.substr(0, text.size() - 1));
  EXPECT_THAT(reason("cat " + folder_.file("cut")), HasSubstr("without an answer"));
}

TEST_F(Impostor, ThatLiesAboutTheFileIsNotBelieved) {
  RunContents flags = contents();
  flags.tables[0].columns[0].flag_values = {0, 1};
  EXPECT_THAT(reason_for_frames(opened(flags)), HasSubstr("flags without meanings"));
  RunContents type = contents();
  type.tables[0].columns[0].type = static_cast<StoredType>(200);
  EXPECT_THAT(reason_for_frames(opened(type)), HasSubstr("an unknown type"));
  RunContents rows = contents();
  rows.tables[0].rows = UINT64_MAX;
  EXPECT_THAT(reason_for_frames(opened(rows)), HasSubstr("too many rows"));
  reader::Encoder metrics;
  metrics(std::uint64_t{1} << 60);  // as many as no memory holds
  EXPECT_THAT(reason_for_frames(opened(contents()) + frame(FrameKind::Answer, metrics.bytes())),
              HasSubstr("a count larger than its frame"));
}

TEST_F(Impostor, ThatAnswersWithOtherThanTheRowsAskedForIsNotBelieved) {
  const std::string none = frame(FrameKind::Answer, reader::encoded(std::vector<Metric>{}));
  const auto values = [&](std::size_t count) {
    return opened(contents()) + none + frame(FrameKind::Answer, std::string(count * 8, '\0'));
  };
  EXPECT_EQ(reason_for_frames(values(3)), "accepted");
  EXPECT_THAT(reason_for_frames(values(2)), HasSubstr("too few values"));
  EXPECT_THAT(reason_for_frames(values(4)), HasSubstr("longer than its content"));
}

TEST_F(Impostor, CannotCommandTheTerminal) {
  const std::string text = reason_for_frames(
      frame(FrameKind::Refused, reader::encoded(reader::Refused{"a.h5", "\x1b[2J gone\n"})));
  EXPECT_EQ(text, "a.h5: ?[2J gone?");
}

TEST_F(Impostor, IsStartedWithoutTheUsersVariablesAndWithoutPlugIns) {
  ::setenv("HDF5_PLUGIN_PATH", "/somewhere/evil", 1);
  ::setenv("SECRET", "x", 1);
  static_cast<void>(reason("env > " + folder_.file("env")));
  ::unsetenv("HDF5_PLUGIN_PATH");
  ::unsetenv("SECRET");
  const std::string environment = content_of(folder_.file("env"));
  EXPECT_THAT(environment, HasSubstr("HDF5_PLUGIN_PRELOAD=::"));
  EXPECT_THAT(environment, Not(HasSubstr("evil")));
  EXPECT_THAT(environment, Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace mezz::analysis
