// Damaged result files, and what reading one may end in.
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "analysis/info.h"
#include "analysis/run_file.h"
#include "sim/check/fingerprint.h"
#include "tests/analysis/result_fixture.h"

namespace mezz::analysis {

constexpr std::int64_t kHostileRows = 500;

enum Outcome : int { Accepted = 0, Refused = 10, WrongRows = 11, OtherException = 12 };

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void store(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The file whose damaged copies are read.
inline MarketFile undamaged_market() {
  return {.rows = kHostileRows, .samples = {{{5}, 2, 3}, {{9}, 4, 5}}};
}

// `open` returns a RunFile. `reason` is why it was refused.
template <class Open>
Outcome read_everything(Open open, std::string& reason) {
  try {
    const RunFile run = open();
    static_cast<void>(info_text(run));
    static_cast<void>(info_json(run));
    static_cast<void>(run.fingerprints());
    static_cast<void>(run.scenario());
    if (run.tables().size() != 2) return WrongRows;
    for (const TableInfo& table : run.tables()) {
      const std::uint64_t expected = table.path == "series/l2_block" ? 10 : kHostileRows;
      if (table.rows != expected) return WrongRows;
      for (const ColumnInfo& column : table.columns) {
        if (run.doubles(table.path, column.name).size() != expected) return WrongRows;
      }
    }
    const auto notional = run.integers("tables/liquidations", "notional");
    for (std::int64_t i = 0; i < kHostileRows; ++i) {
      if (notional[static_cast<std::size_t>(i)] != close_row(i).notional.micros) return WrongRows;
    }
  } catch (const RunFileError& error) {
    reason = error.reason();
    return Refused;
  } catch (...) {
    return OtherException;
  }
  return Accepted;
}

struct Mutant {
  std::string bytes;
  std::string what;  // for messages
};

// One to four bytes of `good` replaced; the same number always gives the same mutant.
inline Mutant mutant_of(const std::string& good, std::uint64_t number) {
  Mutant mutant{good, "mutation " + std::to_string(number) + ":"};
  for (std::uint64_t change = 0; change <= number % 4; ++change) {
    const std::uint64_t draw = mix(number * 8 + change, 0x5EED);
    const std::size_t at = draw % good.size();
    const auto value = static_cast<char>(draw >> 48);
    mutant.what += " [" + std::to_string(at) + "]=" + std::to_string(value);
    mutant.bytes[at] = value;
  }
  return mutant;
}

}  // namespace mezz::analysis
