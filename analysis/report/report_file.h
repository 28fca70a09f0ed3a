// Where the page goes: written beside its place under another name, synced, then renamed, so that
// nobody ever sees half of it. Errors: std::runtime_error that names the file (exit code 3).
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace mezz::report {

// A file that is no report of ours stands there (exit code 2).
class NotAReport : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Overwrite : std::uint8_t { ReportsOnly, Anything };

// Refuses a folder, and what is no report unless told otherwise. Before the work begins, so that
// nobody waits in vain.
void check_target(const std::string& path, Overwrite overwrite);
void write_report(const std::string& path, const std::string& page);

}  // namespace mezz::report
