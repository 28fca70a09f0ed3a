#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "scenarios/commands.h"
#include "scenarios/standard_streams.h"

namespace mezz::commands {

int view(const std::vector<std::string>& words) {
  std::error_code error;
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = (here.parent_path() / "mezz-view").string();
  std::vector<char*> arguments = {const_cast<char*>(program.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  const int reason = errno;
  say(fmt::format("mezz view: {}: {}\n", program, std::strerror(reason)));
  if (reason == ENOENT)
    say("mezz view: the viewer was not built; it needs Qt 6 (Debian: qt6-base-dev, "
        "qt6-svg-dev), then build again. scripts/run --gui does both\n");
  return 3;
}

}  // namespace mezz::commands
