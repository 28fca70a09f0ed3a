// Where shipped scenarios live: the folders of MEZZ_CATALOGUE (separated by ':') when it is set,
// else share/mezzanine/catalogue beside the program's folder, else the source tree it was built
// from; of the last two with its subfolder incidents, and the folder questions beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/document.h"
#include "sim/types/enum_names.h"

namespace mezz {

config::Catalogue catalogue_folders();

// Questions are sweeps (mezz sweep NAME), the others are single runs or comparisons (mezz run
// NAME).
enum class CatalogueSection : std::uint8_t { Scenarios, Questions };
template <>
struct EnumNames<CatalogueSection> {
  static constexpr std::string_view names[] = {"scenarios", "questions"};
};

struct CatalogueFile {
  std::string name;  // "flash_crash"
  std::string path;
  CatalogueSection section = CatalogueSection::Scenarios;
};
// Every *.toml of the catalogue, by section and name. Files whose name begins with '_' are bases,
// not listed.
std::vector<CatalogueFile> catalogue_files();

struct CatalogueEntry {
  std::string name;
  std::string path;
  std::string title;
  std::string question;
  CatalogueSection section = CatalogueSection::Scenarios;
};
// The same with what each says of itself; reads every file and what it extends.
std::vector<CatalogueEntry> list_catalogue();

}  // namespace mezz
