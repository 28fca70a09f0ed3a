#include "analysis/reader/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "analysis/reader/contents.h"
#include "sim/check/sanitized.h"
#include "tests/analysis/hostile.h"

namespace mezz::analysis::reader {
namespace {

using ::testing::HasSubstr;

// serve() in a child, so that its limits are not ours.
class Serve : public ::testing::Test {
 protected:
  void start(const std::string& path, const ServeLimits& limits = {}) {
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::close(pair[0]);
      ::_exit(serve(path, pair[1], pair[1], limits));
    }
    ::close(pair[1]);
    socket_ = pair[0];
  }
  Frame receive() {
    Frame frame;
    EXPECT_TRUE(receive_frame(socket_, frame));
    return frame;
  }
  int end() {
    ::close(socket_);
    int status = 0;
    EXPECT_EQ(::waitpid(child_, &status, 0), child_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1'000 + WTERMSIG(status);
  }
  std::string refusal_of(FrameKind kind, const std::string& content) {
    EXPECT_TRUE(send_frame(socket_, kind, content));
    const Frame frame = receive();
    EXPECT_EQ(frame.kind, FrameKind::Refused);
    return decoded<Refused>(frame.content).reason;
  }

  ScratchFolder folder_;
  pid_t child_ = -1;
  int socket_ = -1;
};

TEST_F(Serve, OpensUnaskedAnswersAndEndsWithItsInput) {
  write_market(folder_.file("a.h5"), {.rows = 3});
  start(folder_.file("a.h5"));
  const Frame opened = receive();
  ASSERT_EQ(opened.kind, FrameKind::Opened);
  EXPECT_EQ(decoded<RunContents>(opened.content).tables.size(), 2U);
  EXPECT_TRUE(send_frame(socket_, FrameKind::ReadMetrics, {}));
  const Frame answer = receive();
  EXPECT_EQ(answer.kind, FrameKind::Answer);
  EXPECT_EQ(decoded<std::vector<Metric>>(answer.content).size(), 3U);
  EXPECT_EQ(end(), 0);
}

TEST_F(Serve, RefusesQuestionsThatMakeNoSenseAndGoesOn) {
  write_market(folder_.file("a.h5"), {.rows = 3});
  start(folder_.file("a.h5"));
  receive();
  const auto rows = [](RowsRequest request) { return encoded(request); };
  EXPECT_EQ(refusal_of(FrameKind::ReadDoubles, rows({.table = 9})), "no such table");
  EXPECT_EQ(refusal_of(FrameKind::ReadDoubles, rows({.column = 99})), "no such column");
  EXPECT_EQ(refusal_of(FrameKind::ReadDoubles, rows({.count = kRowsPerFrame + 1})),
            "too many rows for one answer");
  EXPECT_THAT(refusal_of(FrameKind::ReadDoubles, "short"), HasSubstr("shorter"));
  EXPECT_THAT(refusal_of(static_cast<FrameKind>(77), {}), HasSubstr("unknown kind"));
  EXPECT_TRUE(send_frame(socket_, FrameKind::ReadProfile, {}));
  EXPECT_EQ(receive().kind, FrameKind::Answer);
  EXPECT_EQ(end(), 0);
}

TEST_F(Serve, SaysWhyAFileIsRefused) {
  store(folder_.file("text.h5"), "not HDF5");
  start(folder_.file("text.h5"));
  const Frame frame = receive();
  EXPECT_EQ(frame.kind, FrameKind::Refused);
  EXPECT_THAT(decoded<Refused>(frame.content).reason, HasSubstr("not a readable HDF5 file"));
  EXPECT_EQ(end(), 0);
}

TEST_F(Serve, LimitsItselfBeforeItOpensTheFile) {
  write_market(folder_.file("a.h5"), {.rows = 3});
  start(folder_.file("a.h5"));
  receive();
  std::string limits = content_of("/proc/" + std::to_string(child_) + "/limits");
  std::string squeezed;
  for (const char c : limits) {
    if (c != ' ' || squeezed.empty() || squeezed.back() != ' ') squeezed += c;
  }
  if (!kSanitized) {
    EXPECT_THAT(squeezed, HasSubstr("Max address space 2147483648 2147483648"));
  }
  EXPECT_THAT(squeezed, HasSubstr("Max file size 0 0"));
  EXPECT_THAT(squeezed, HasSubstr("Max core file size 0 0"));
  EXPECT_THAT(squeezed, HasSubstr("Max open files 16 16"));
  EXPECT_THAT(squeezed, ::testing::ContainsRegex("Max cpu time [0-9]+"));
  EXPECT_THAT(content_of("/proc/" + std::to_string(child_) + "/status"),
              HasSubstr("NoNewPrivs:\t1"));
  EXPECT_EQ(end(), 0);
}

}  // namespace
}  // namespace mezz::analysis::reader
