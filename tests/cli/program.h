// Runs the real `mezz` as a child process in a folder of its own and collects what it printed.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/scratch_folder.h"

namespace mezz {

struct Finished {
  int code = -1;  // exit code, or 1000 + the signal that killed it
  std::string out;
  std::string err;
};

class Program {
 public:
  using Words = std::vector<std::string>;

  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return folder_.file(name);
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(path(name));
  }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  void limit_file_bytes(rlim_t bytes) { file_bytes_ = bytes; }
  void set_environment(const std::string& name, const std::string& value) {
    environment_.emplace_back(name, value);
  }

  [[nodiscard]] pid_t start(const Words& words, const char* out_path = "stdout.txt") const {
    std::vector<std::string> all{MEZZ_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    return start_program(std::move(all), out_path);
  }
  [[nodiscard]] pid_t start_program(Words all, const char* out_path) const {
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    // From here on only what is allowed between fork and exec; tests have one thread.
    for (const auto& [name, value] : environment_) ::setenv(name.c_str(), value.c_str(), 1);
    const rlimit limit{file_bytes_, file_bytes_};
    if (::chdir(folder_.path().c_str()) != 0) ::_exit(99);
    const int out = ::open(out_path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY, 0644);
    const int err = ::open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (out < 0 || err < 0 || ::dup2(out, 1) != 1 || ::dup2(err, 2) != 2) ::_exit(99);
    if (file_bytes_ != RLIM_INFINITY && ::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(99);
    ::execv(argv[0], argv.data());
    ::_exit(99);
  }
  [[nodiscard]] Finished wait(pid_t child) const {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    return {.code = code, .out = read("stdout.txt"), .err = read("stderr.txt")};
  }
  [[nodiscard]] Finished run(const Words& words) const { return wait(start(words)); }

  // A script of this shell, with "mezz" found on the PATH as a user would have it.
  [[nodiscard]] Finished shell(const Words& shell, const std::string& script) const {
    write("script", script);
    const std::string folder = std::filesystem::path(MEZZ_PROGRAM).parent_path();
    Words words{"/usr/bin/env", "PATH=" + folder + ":" + ::getenv("PATH")};
    words.insert(words.end(), shell.begin(), shell.end());
    words.insert(words.end(), {"./script"});
    return wait(start_program(words, "stdout.txt"));
  }

  // What it prints when standard output is a terminal.
  [[nodiscard]] std::string run_on_terminal(const Words& words) const {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_GE(terminal, 0);
    EXPECT_EQ(::grantpt(terminal), 0);
    EXPECT_EQ(::unlockpt(terminal), 0);
    const std::string name = ::ptsname(terminal);
    const int keep =
        ::open(name.c_str(), O_RDWR | O_NOCTTY);  // else the end comes before the child
    const pid_t child = start(words, name.c_str());
    EXPECT_EQ(wait(child).code, 0);  // what it prints fits into the terminal's buffer, 4 KiB
    ::close(keep);
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(terminal, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    ::close(terminal);
    return text;
  }

  // Runs with --json appended and expects this exit code.
  nlohmann::json run_json(Words words, int code = 0) const {
    words.insert(words.end(), {"--json"});
    const Finished run = this->run(words);
    EXPECT_EQ(run.code, code) << run.err;
    nlohmann::json object = nlohmann::json::parse(run.out, nullptr, false);
    EXPECT_TRUE(object.is_object()) << run.out;
    return object;
  }

 private:
  ScratchFolder folder_;
  rlim_t file_bytes_ = RLIM_INFINITY;
  std::vector<std::pair<std::string, std::string>> environment_;
};

// Looks until the condition holds; false when the child has ended before. However slow the machine
// is, only ctest's limit ends a wait in vain.
template <class Condition>
bool eventually(pid_t child, Condition condition) {
  for (;;) {
    siginfo_t ended{};
    EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT), 0);
    if (condition()) return true;
    if (ended.si_pid == child) return false;
    ::usleep(20'000);
  }
}

// The shipped scenarios, sorted, incidents among them; files whose name begins with '_' are bases,
// and stories are no scenarios.
inline std::vector<std::string> catalogue_names() {
  std::vector<std::string> names;
  for (const char* folder : {"", "/incidents"}) {
    for (const auto& entry : std::filesystem::directory_iterator(
             std::string(MEZZ_SOURCE_DIR "/scenarios/catalogue") + folder)) {
      const std::string name = entry.path().stem().string();
      if (entry.path().extension() == ".toml" && name[0] != '_') names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// A market small enough for a test, and busy: all agents, links, withdrawals.
inline Program::Words small(const std::string& name) {
  return {"run", name, "--set", "agent[0].accounts=2000"};
}
inline Program::Words operator+(Program::Words words, const Program::Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace mezz
