#include "scenarios/catalogue.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <tuple>

namespace mezz {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kQuestions = "questions";

}  // namespace

config::Catalogue catalogue_folders() {
  config::Catalogue folders;
  if (const char* chosen = std::getenv("MEZZ_CATALOGUE"); chosen != nullptr && *chosen != '\0') {
    std::string_view rest(chosen);
    while (!rest.empty()) {
      const std::size_t colon = std::min(rest.find(':'), rest.size());
      if (colon > 0) folders.emplace_back(rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return folders;
  }
  // Recorded incidents and research questions have folders of their own.
  const auto folders_of = [](const fs::path& root) {
    return config::Catalogue{(root / "catalogue").string(), (root / "catalogue/incidents").string(),
                             (root / kQuestions).string()};
  };
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path installed = program.parent_path().parent_path() / "share/mezzanine";
  if (!error && fs::is_directory(installed / "catalogue", error)) return folders_of(installed);
  return folders_of(MEZZ_SOURCE_DIR "/scenarios");
}

std::vector<CatalogueFile> catalogue_files() {
  std::vector<CatalogueFile> files;
  for (const std::string& folder : catalogue_folders()) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
      const std::string name = file.path().stem().string();
      if (file.path().extension() != ".toml" || name.starts_with('_')) continue;
      files.push_back({.name = name,
                       .path = file.path().string(),
                       .section = fs::path(folder).filename() == kQuestions
                                      ? CatalogueSection::Questions
                                      : CatalogueSection::Scenarios});
    }
  }
  std::sort(files.begin(), files.end(), [](const CatalogueFile& a, const CatalogueFile& b) {
    return std::tie(a.section, a.name) < std::tie(b.section, b.name);
  });
  return files;
}

std::vector<CatalogueEntry> list_catalogue() {
  std::vector<CatalogueEntry> entries;
  const config::Catalogue folders = catalogue_folders();
  for (const CatalogueFile& file : catalogue_files()) {
    const config::Document document = config::load_file(file.path, folders);
    CatalogueEntry entry{
        .name = file.name, .path = file.path, .title = {}, .question = {}, .section = file.section};
    if (const auto* title = document.root.find("title")) entry.title = title->text;
    if (const auto* question = document.root.find("question")) entry.question = question->text;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace mezz
