#include "analysis/reader/serve.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <new>
#include <optional>

#include "analysis/reader/contents.h"
#include "sim/check/sanitized.h"

namespace mezz::analysis::reader {
namespace {

void set_limit(__rlimit_resource_t resource, rlim_t limit) {
  rlimit value{};
  if (::getrlimit(resource, &value) != 0) return;
  value.rlim_cur = std::min(limit, value.rlim_max);
  if (resource != RLIMIT_CPU) value.rlim_max = value.rlim_cur;  // raised again for every answer
  ::setrlimit(resource, &value);
}

// A reader taken over by its file can read what its user can read; it cannot write a file, leave a
// core, gain rights, or grow without bound.
void limit_this_process(const ServeLimits& limits) {
  if (!kSanitized) set_limit(RLIMIT_AS, limits.memory_bytes);
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_FSIZE, 0);
  set_limit(RLIMIT_NOFILE, 16);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void allow_cpu(const ServeLimits& limits) {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
  set_limit(RLIMIT_CPU, seconds + limits.cpu_seconds + 1);
}

std::string rows(const RunFile& run, const Frame& frame) {
  const auto request = decoded<RowsRequest>(frame.content);
  if (request.table >= run.tables().size()) throw BadFrame("no such table");
  const TableInfo& table = run.tables()[request.table];
  if (request.column >= table.columns.size()) throw BadFrame("no such column");
  if (request.count > kRowsPerFrame) throw BadFrame("too many rows for one answer");
  const std::string& column = table.columns[request.column].name;
  const RowRange range{request.first, request.count};
  Encoder answer;
  if (frame.kind == FrameKind::ReadIntegers) {
    answer.raw(run.integers(table.path, column, range));
  } else {
    answer.raw(run.doubles(table.path, column, range));
  }
  return answer.bytes();
}

std::string answer_to(const RunFile& run, const Frame& frame) {
  switch (frame.kind) {
    case FrameKind::ReadScenario:
      return encoded(run.scenario());
    case FrameKind::ReadParameters:
      return encoded(run.parameters());
    case FrameKind::ReadMetrics:
      return encoded(run.metrics());
    case FrameKind::ReadProfile:
      return encoded(run.profile());
    case FrameKind::ReadFingerprints:
      return encoded(run.fingerprints());
    case FrameKind::ReadIntegers:
    case FrameKind::ReadDoubles:
      return rows(run, frame);
    case FrameKind::Opened:
    case FrameKind::Refused:
    case FrameKind::Answer:
      break;
  }
  throw BadFrame("a question of an unknown kind");
}

// Sends what `make` returns as `kind`, or why there is nothing to send.
template <class Make>
bool reply(int out, const std::string& path, FrameKind kind, Make make) {
  std::string content;
  try {
    content = make();
    if (content.size() > kFrameBytesMax) throw BadFrame("too much for one answer");
  } catch (const RunFileError& error) {
    kind = FrameKind::Refused;
    content = encoded(Refused{error.path(), error.reason()});
  } catch (const std::bad_alloc&) {
    kind = FrameKind::Refused;
    content = encoded(Refused{path, "reading it takes more memory than is allowed"});
  } catch (const std::exception& error) {
    kind = FrameKind::Refused;
    content = encoded(Refused{path, error.what()});
  }
  return send_frame(out, kind, content);
}

RunContents contents_of(const RunFile& run) {
  return {.path = run.path(),
          .is_part = run.is_part(),
          .committed = run.committed(),
          .header = run.header(),
          .tables = run.tables()};
}

}  // namespace

int serve(const std::string& path, int in, int out, const ServeLimits& limits) {
  limit_this_process(limits);
  allow_cpu(limits);
  std::optional<RunFile> run;
  const bool sent = reply(out, path, FrameKind::Opened, [&] {
    run.emplace(path);
    return encoded(contents_of(*run));
  });
  if (!sent) return 3;
  if (!run) return 0;
  try {
    for (Frame question; receive_frame(in, question, sizeof(RowsRequest));) {
      allow_cpu(limits);
      const auto make = [&] { return answer_to(*run, question); };
      if (!reply(out, path, FrameKind::Answer, make)) return 3;
    }
  } catch (const BadFrame&) {
    return 3;  // the other side died in the middle of a question
  }
  return 0;
}

}  // namespace mezz::analysis::reader
