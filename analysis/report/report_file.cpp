#include "analysis/report/report_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "analysis/report/page.h"

namespace mezz::report {
namespace {

namespace fs = std::filesystem;

bool is_report(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 64> head{};
  file.read(head.data(), head.size());
  const std::string_view text(head.data(), static_cast<std::size_t>(file.gcount()));
  return text.find(kReportMark) != std::string_view::npos;
}

[[noreturn]] void fail(const std::string& path, int error) {
  throw std::runtime_error(path + ": cannot be written: " + std::strerror(error));
}

// The descriptor and the file, both gone unless keep() says that the file has its name.
class Draft {
 public:
  explicit Draft(const std::string& path) : path_(path + ".XXXXXX") {
    descriptor_ = ::mkstemp(path_.data());
    if (descriptor_ < 0) fail(path, errno);
  }
  ~Draft() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void write(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t n = ::write(descriptor_, text.data() + done, text.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) fail(path_, n < 0 ? errno : ENOSPC);
      done += static_cast<std::size_t>(n);
    }
    // mkstemp gives 0600; a report is as public as any file of its owner.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(descriptor_, 0666 & ~mask) != 0 || ::fsync(descriptor_) != 0) fail(path_, errno);
  }
  void keep(const std::string& path) {
    if (std::rename(path_.c_str(), path.c_str()) != 0) fail(path, errno);
    kept_ = true;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
  bool kept_ = false;
};

}  // namespace

void check_target(const std::string& path, Overwrite overwrite) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw NotAReport(path + " is a folder, not a file");
  if (overwrite == Overwrite::Anything || !fs::exists(path, error) || is_report(path)) return;
  throw NotAReport(path + " is no report made by mezz; --force overwrites it");
}

void write_report(const std::string& path, const std::string& page) {
  Draft draft(path);
  draft.write(page);
  draft.keep(path);
}

}  // namespace mezz::report
