#include "analysis/reader/reader_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "analysis/reader/contents.h"
#include "sim/check/assert.h"
#include "sim/check/sanitized.h"

namespace mezz::analysis {
namespace {

using namespace reader;

std::string default_program() {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t size = ::readlink("/proc/self/exe", buffer.data(), buffer.size());
  const std::string own =
      size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : "";
  return own.substr(0, own.rfind('/') + 1) + "mezz-h5read";
}

// No plug-ins whatever the user's environment says; only what the loader and sanitizers need.
std::vector<std::string> environment() {
  std::vector<std::string> kept{"HDF5_PLUGIN_PRELOAD=::", "HDF5_PLUGIN_PATH=/nonexistent"};
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                           "TSAN_OPTIONS", "GCOV_PREFIX", "LLVM_PROFILE_FILE"}) {
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  }
  return kept;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string signal_text(int number) {
  const char* text = ::sigdescr_np(number);
  return text == nullptr ? "signal " + std::to_string(number) : text;
}

// Starts the reader with `theirs` as its standard input and output. Returns an errno.
int spawn(const std::string& program, const std::string& path, int theirs, pid_t& child) {
  std::vector<std::string> words{program, path};
  std::vector<std::string> variables = environment();
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> envp = pointers_to(variables);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, theirs, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, theirs, STDOUT_FILENO);
  // glibc reports a damaged heap there; what the user needs to know is said by us.
  if (!kSanitized) {
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int result =
      ::posix_spawn(&child, program.c_str(), &files, &attributes, argv.data(), envp.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return result;
}

class ReaderProcess final : public RunSource {
 public:
  ReaderProcess(const std::string& path, const ReaderOptions& options);
  ReaderProcess(const ReaderProcess&) = delete;
  ReaderProcess& operator=(const ReaderProcess&) = delete;
  ~ReaderProcess() override { static_cast<void>(end()); }

  [[nodiscard]] const RunContents& contents() const override { return contents_; }
  [[nodiscard]] ScenarioText scenario() override {
    return ask<ScenarioText>(FrameKind::ReadScenario);
  }
  [[nodiscard]] std::vector<ParameterText> parameters() override {
    return ask<std::vector<ParameterText>>(FrameKind::ReadParameters);
  }
  [[nodiscard]] std::vector<Metric> metrics() override {
    return ask<std::vector<Metric>>(FrameKind::ReadMetrics);
  }
  [[nodiscard]] std::vector<Metric> profile() override {
    return ask<std::vector<Metric>>(FrameKind::ReadProfile);
  }
  [[nodiscard]] std::vector<SubHash> fingerprints() override {
    return ask<std::vector<SubHash>>(FrameKind::ReadFingerprints);
  }
  [[nodiscard]] std::vector<std::int64_t> integers(const TableInfo& table, const ColumnInfo& column,
                                                   RowRange range) override {
    return rows<std::int64_t>(FrameKind::ReadIntegers, table, column, range);
  }
  [[nodiscard]] std::vector<double> doubles(const TableInfo& table, const ColumnInfo& column,
                                            RowRange range) override {
    return rows<double>(FrameKind::ReadDoubles, table, column, range);
  }

 private:
  void start(const std::string& program);
  // The next frame, which must be of this kind.
  std::string receive(FrameKind kind);
  std::string exchange(FrameKind kind, const std::string& content);
  template <class T>
  T believed(const std::string& content);
  template <class T>
  T ask(FrameKind kind) {
    return believed<T>(exchange(kind, {}));
  }
  template <class Value>
  std::vector<Value> rows(FrameKind kind, const TableInfo& table, const ColumnInfo& column,
                          RowRange range);
  // Ends the process; its wait status, or -1 when there is none.
  int end();
  [[noreturn]] void fail_dead();
  [[noreturn]] void fail_bad(const BadFrame& frame);

  RunContents contents_;
  RunFileLimits limits_;
  int socket_ = -1;
  pid_t child_ = -1;
};

ReaderProcess::ReaderProcess(const std::string& path, const ReaderOptions& options)
    : limits_(options.limits) {
  contents_.path = path;
  try {
    start(options.program.empty() ? default_program() : options.program);
    auto opened = believed<RunContents>(receive(FrameKind::Opened));
    try {
      require_sound(opened, limits_);
    } catch (const BadFrame& frame) {
      fail_bad(frame);
    }
    contents_ = std::move(opened);
  } catch (...) {
    static_cast<void>(end());  // a constructor that throws has no destructor
    throw;
  }
}

void ReaderProcess::start(const std::string& program) {
  std::array<int, 2> pair{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    throw RunFileError(contents_.path, std::string("cannot be read: ") + std::strerror(errno));
  }
  socket_ = pair[0];
  const int failed = spawn(program, contents_.path, pair[1], child_);
  ::close(pair[1]);
  if (failed == 0) return;
  child_ = -1;
  throw RunFileError(contents_.path, "cannot start " + program +
                                         ", which reads result files: " + std::strerror(failed));
}

std::string ReaderProcess::receive(FrameKind kind) {
  Frame frame;
  try {
    if (!receive_frame(socket_, frame)) fail_dead();
  } catch (const BadFrame&) {
    fail_dead();  // it died in the middle of an answer, or says nonsense
  }
  if (frame.kind == kind) return std::move(frame.content);
  if (frame.kind != FrameKind::Refused) fail_bad(BadFrame("an answer of another kind"));
  const auto refused = believed<Refused>(frame.content);
  throw RunFileError(refused.path, refused.reason);
}

std::string ReaderProcess::exchange(FrameKind kind, const std::string& content) {
  if (socket_ < 0) throw RunFileError(contents_.path, "its reader has ended");
  if (!send_frame(socket_, kind, content)) fail_dead();
  return receive(FrameKind::Answer);
}

template <class T>
T ReaderProcess::believed(const std::string& content) {
  try {
    return decoded<T>(content);
  } catch (const BadFrame& frame) {
    fail_bad(frame);
  }
}

template <class Value>
std::vector<Value> ReaderProcess::rows(FrameKind kind, const TableInfo& table,
                                       const ColumnInfo& column, RowRange range) {
  MEZZ_ASSERT(range.first <= table.rows);
  MEZZ_ASSERT(range.count <= table.rows - range.first);
  if (range.count > limits_.read_bytes / sizeof(Value)) {
    throw RunFileError(contents_.path, "too many rows for one read");
  }
  RowsRequest request{.table = static_cast<std::uint32_t>(&table - contents_.tables.data()),
                      .column = static_cast<std::uint32_t>(&column - table.columns.data())};
  constexpr std::uint64_t kReservedMax = 1U << 24;  // the file says how many; it may lie
  std::vector<Value> values;
  values.reserve(std::min(range.count, kReservedMax));
  for (std::uint64_t at = range.first, end = range.first + range.count; at < end;) {
    // Up to the next multiple: no chunk of the file is unpacked for two answers.
    request.first = at;
    request.count = std::min(end, (at / kRowsPerFrame + 1) * kRowsPerFrame) - at;
    const std::string content = exchange(kind, encoded(request));
    try {
      Decoder decoder(content);
      decoder.raw(values, request.count);
      decoder.finish();
    } catch (const BadFrame& frame) {
      fail_bad(frame);
    }
    at += request.count;
  }
  return values;
}

int ReaderProcess::end() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  if (child_ < 0) return -1;
  // It ends when its input does, unless it hangs or was taken over.
  constexpr int kPatienceMs = 2'000;
  if (const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)); handle >= 0) {
    pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
    if (::poll(&ended, 1, kPatienceMs) <= 0) ::kill(child_, SIGKILL);
    ::close(handle);
  } else {
    ::kill(child_, SIGKILL);
  }
  int status = -1;
  while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return status;
}

void ReaderProcess::fail_dead() {
  const int status = end();
  std::string reason = "its reader ended without an answer: the file is damaged";
  if (status != -1 && WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    reason = number == SIGXCPU
                 ? "damaged: reading it takes longer than is allowed"
                 : "damaged: reading it crashed libhdf5 (" + signal_text(number) + ")";
  }
  throw RunFileError(contents_.path, reason);
}

void ReaderProcess::fail_bad(const BadFrame& frame) {
  static_cast<void>(end());
  throw RunFileError(contents_.path, std::string("its reader sent ") + frame.what());
}

}  // namespace

RunFile open_in_reader(const std::string& path, const ReaderOptions& options) {
  return RunFile(std::make_unique<ReaderProcess>(path, options));
}

}  // namespace mezz::analysis
