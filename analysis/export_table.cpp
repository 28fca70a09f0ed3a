#include "analysis/export_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>

#include "analysis/headline.h"
#include "sim/check/assert.h"
#include "sim/types/rounding.h"

namespace mezz::analysis {
namespace {

constexpr std::uint64_t kBlockRows = 65'536;

// Levenshtein distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

[[noreturn]] void unknown_table(const RunFile& run, std::string_view name) {
  std::string_view best;
  std::size_t best_distance = name.size() / 3 + 1;
  std::string list;
  for (const TableInfo& table : run.tables()) {
    list += (list.empty() ? "" : ", ") + table.path;
    const std::size_t d =
        std::min(distance(name, table.path), distance(last_part(name), last_part(table.path)));
    if (d < best_distance) {
      best = table.path;
      best_distance = d;
    }
  }
  std::string text = fmt::format("no table '{}'", printable(name.substr(0, 80)));
  if (!best.empty()) text += fmt::format("; did you mean '{}'?", printable(best));
  throw UnknownTable(run.path(), text + " Tables: " + (list.empty() ? "none" : printable(list)));
}

// 1e-6 -> 6; nothing for a scale that is no power of ten.
std::optional<int> decimals_of(double scale) {
  constexpr std::array kPowers{1e0,   1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,  1e-8, 1e-9,
                               1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18};
  const auto found = std::find(kPowers.begin(), kPowers.end(), scale);
  if (found == kPowers.end()) return std::nullopt;
  return static_cast<int>(found - kPowers.begin());
}

std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string integer(std::int64_t stored, StoredType type) {
  return type == StoredType::U64 ? std::to_string(static_cast<std::uint64_t>(stored))
                                 : std::to_string(stored);
}

// One column of one block, as text.
class CellWriter {
 public:
  CellWriter(const ColumnInfo& column, std::string_view epoch, bool iso)
      : column_(column),
        epoch_(epoch),
        iso_(iso && column.is_point_in_time()),
        decimals_(decimals_of(column.scale_factor)) {
    for (const std::string& name : column.flag_meanings) flags_.push_back(quoted(name));
  }

  void load(const RunFile& run, const std::string& table, RowRange range) {
    if (column_.type == StoredType::F64) {
      doubles_ = run.doubles(table, column_.name, range);
    } else {
      integers_ = run.integers(table, column_.name, range);
    }
  }

  [[nodiscard]] std::size_t rows() const {
    return column_.type == StoredType::F64 ? doubles_.size() : integers_.size();
  }

  void append_header(std::string& out) const {
    out += quoted(column_.name);
    if (iso_) out += "," + quoted(column_.name + "_iso");
  }

  void append(std::size_t row, std::string& out) const {
    if (column_.type == StoredType::F64) {
      fmt::format_to(std::back_inserter(out), "{}", doubles_[row]);
      return;
    }
    const std::int64_t stored = integers_[row];
    if (!flags_.empty()) {
      append_flag(stored, out);
    } else if (column_.scale_factor == 0.0) {
      out += integer(stored, column_.type);
    } else if (decimals_ && column_.type != StoredType::U64) {
      out += exact_decimal(stored, *decimals_);
    } else {
      fmt::format_to(std::back_inserter(out), "{}",
                     static_cast<double>(stored) * column_.scale_factor);
    }
    if (iso_) out += "," + iso_time(epoch_, {stored});
  }

 private:
  void append_flag(std::int64_t stored, std::string& out) const {
    const auto found = std::find(column_.flag_values.begin(), column_.flag_values.end(), stored);
    out += found == column_.flag_values.end()
               ? integer(stored, column_.type)
               : flags_[static_cast<std::size_t>(found - column_.flag_values.begin())];
  }

  const ColumnInfo& column_;
  std::string epoch_;
  bool iso_;
  std::optional<int> decimals_;
  std::vector<std::string> flags_;
  std::vector<std::int64_t> integers_;
  std::vector<double> doubles_;
};

void put(const RunFile& run, const std::string& text, std::FILE* out) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), out) != text.size()) {
    throw RunFileError(run.path(), std::string("writing the export: ") + std::strerror(errno));
  }
}

// Days since 1970-01-01 and back (proleptic Gregorian; H. Hinnant, "chrono-compatible low-level
// date algorithms").
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

struct Civil {
  std::int64_t year, month, day;
};
Civil civil_from_days(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t doe = days - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  return {yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1};
}

// Seconds since 1970 of "YYYY-MM-DD hh:mm:ss".
std::optional<std::int64_t> epoch_seconds(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd dd:dd:dd";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool ok = kShape[i] == 'd' ? digit : text[i] == kShape[i] || (i == 10 && text[i] == 'T');
    if (!ok) return std::nullopt;
  }
  const auto field = [&](std::size_t at, std::size_t size) {
    std::int64_t value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  return days_from_civil(field(0, 4), field(5, 2), field(8, 2)) * 86'400 + field(11, 2) * 3'600 +
         field(14, 2) * 60 + field(17, 2);
}

}  // namespace

std::string exact_decimal(std::int64_t stored, int decimals) {
  MEZZ_ASSERT(decimals >= 0 && decimals <= 18);
  // The magnitude in unsigned arithmetic: INT64_MIN has no positive counterpart.
  const std::uint64_t size =
      stored < 0 ? 0 - static_cast<std::uint64_t>(stored) : static_cast<std::uint64_t>(stored);
  std::string digits = std::to_string(size);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return stored < 0 ? "-" + digits : digits;
}

std::string iso_time(std::string_view epoch, Time time) {
  if (!time.happened()) return {};
  const std::optional<std::int64_t> start = epoch_seconds(epoch);
  if (!start) return {};
  const std::int64_t second = *start + time.ns / 1'000'000'000;
  const std::int64_t days = narrow(divide(second, 86'400, Round::Down));
  const std::int64_t of_day = second - days * 86'400;
  const Civil date = civil_from_days(days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", date.year, date.month, date.day,
                     of_day / 3'600, of_day / 60 % 60, of_day % 60, time.ns % 1'000'000'000);
}

const TableInfo& find_table(const RunFile& run, std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  if (const TableInfo* table = run.table(name)) return *table;
  if (const TableInfo* table = run.table("tables/" + std::string(name))) return *table;
  unknown_table(run, name);
}

void export_csv(const RunFile& run, std::string_view name, std::FILE* out, CsvOptions options) {
  MEZZ_ASSERT(out != nullptr);
  const TableInfo& table = find_table(run, name);
  const std::string& epoch = run.header().epoch;
  if (options.iso_time && !epoch_seconds(epoch)) {
    throw RunFileError(run.path(), "the epoch '" + printable(epoch) + "' is not a date and time");
  }
  std::vector<CellWriter> cells;
  for (const ColumnInfo& column : table.columns) {
    cells.emplace_back(column, epoch, options.iso_time);
  }
  const auto line = [&](std::string& text, auto&& append) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c > 0) text += ',';
      append(cells[c]);
    }
    text += '\n';
  };
  std::string text;
  line(text, [&](const CellWriter& cell) { cell.append_header(text); });
  for (std::uint64_t first = 0; first < table.rows; first += kBlockRows) {
    const RowRange range{first, std::min(kBlockRows, table.rows - first)};
    for (CellWriter& cell : cells) {
      cell.load(run, table.path, range);
      MEZZ_ASSERT(cell.rows() == range.count);
    }
    for (std::size_t row = 0; row < range.count; ++row) {
      line(text, [&](const CellWriter& cell) { cell.append(row, text); });
    }
    put(run, text, out);
    text.clear();
  }
  put(run, text, out);
  if (std::fflush(out) != 0) {
    throw RunFileError(run.path(), std::string("writing the export: ") + std::strerror(errno));
  }
}

}  // namespace mezz::analysis
