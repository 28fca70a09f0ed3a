// Where shipped scenarios live: the folders of MEZZ_CATALOGUE (separated by ':') when it is set,
// else share/mezzanine/catalogue beside the program's folder, else the source tree it was built
// from; of the last two with its subfolder incidents.
#pragma once

#include <string>
#include <vector>

#include "sim/config/document.h"

namespace mezz {

config::Catalogue catalogue_folders();

struct CatalogueFile {
  std::string name;  // "flash_crash"
  std::string path;
};
// Every *.toml of the catalogue, by name. Files whose name begins with '_' are bases, not listed.
std::vector<CatalogueFile> catalogue_files();

struct CatalogueEntry {
  std::string name;
  std::string path;
  std::string title;
  std::string question;
};
// The same with what each says of itself; reads every file and what it extends.
std::vector<CatalogueEntry> list_catalogue();

}  // namespace mezz
