// What is printed from a described Params struct (field.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/config/document.h"
#include "sim/config/field.h"

namespace mezz::config {

// TOML of every parameter, one per line, with the origin of its value and its doc as a comment.
// Reading it gives the same values again; only an empty optional string can merely be left out.
std::string resolved_text(const Field& root, const Origins& origins = {});

// One row per parameter, in the order of resolved_text's source: HDF5 attributes, reference pages.
struct Parameter {
  std::string path;   // "shock[0].at"
  std::string value;  // "10 min"; arrays as "[a, b]"; "none" for an empty optional
  std::string unit;   // the units accepted, "" when dimensionless
  std::string range;  // "100 ms .. 1 min", "" when unlimited
  std::string doc;
  Origin origin;
};
std::vector<Parameter> parameters(const Field& root, const Origins& origins = {});

// JSON Schema (draft 2020-12) of the scenario file, for editors. Values shown are the defaults.
std::string json_schema(const Field& root, const std::string& title);

// 64 bits over every path and value in canonical text: the same on every machine, independent of
// docs, ranges, origins and of how a value was written ("60 s" = "1 min").
std::uint64_t hash(const Field& root);

std::string range_text(const Field& field);

}  // namespace mezz::config
