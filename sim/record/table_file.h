// One table in an HDF5 file of its own, with links to other files: the summary of a sweep. One
// dimension scale with the columns along it in the root group, CF attributes as in schema.md, so
// xarray opens it as one dataset; columns marked as coordinates are named in the attribute
// `coordinates` of the others. A link is external: /runs/000042 is the root of runs/000042.h5
// beside the file. Written as NAME.part, synced and renamed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mezz {

struct TableFile {
  // One of the three lists holds the values, as many as `index` has.
  struct Column {
    std::string name;
    std::string unit = {};  // empty: none
    std::string description = {};
    bool coordinate = false;
    std::vector<std::string> flags = {};  // meanings of the integers 0, 1, ...
    std::vector<double> reals = {};
    std::vector<std::int64_t> integers = {};
    std::vector<std::string> texts = {};
  };
  struct Link {
    std::string name;  // "runs/000042"
    std::string file;  // relative to the folder of this file
  };
  std::string title;
  std::string dimension;
  std::string dimension_description;
  std::vector<std::int64_t> index;
  std::vector<Column> columns;
  std::vector<Link> links;
};

// The problem; empty when the file is there.
std::string write_table_file(const std::string& path, const TableFile& table);

}  // namespace mezz
