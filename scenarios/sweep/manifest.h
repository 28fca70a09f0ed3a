// DIR/sweep.json: the whole plan of a sweep as JSON, written once, atomically, before the first
// run, and never changed. What has been done is told by the files of the runs (store.h). The values
// of the scenario are JSON values of the same type; relative names of price files are absolute
// here, so the folder is complete in itself. Errors: std::runtime_error that names the file (exit
// code 3).
#pragma once

#include <string>

#include "scenarios/sweep/plan.h"

namespace mezz::sweep {

struct Manifest {
  Plan plan;
  Needs needs;
  std::string git_commit;  // of the program that made it
};

inline constexpr const char* kManifestName = "sweep.json";

std::string manifest_text(const Manifest& manifest);
Manifest manifest_from_text(const std::string& text, const std::string& path);

void write_manifest(const std::string& folder, const Manifest& manifest);
Manifest read_manifest(const std::string& folder);
[[nodiscard]] bool has_manifest(const std::string& folder);

}  // namespace mezz::sweep
