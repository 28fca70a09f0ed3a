#include "models/market/price/replay_csv.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>

#include "models/market/price/csv_scalar.h"
#include "sim/check/error.h"

namespace mezz {

namespace {

constexpr std::size_t kNoColumn = SIZE_MAX;

struct Layout {
  std::size_t time = kNoColumn;
  std::size_t open = kNoColumn;
  std::size_t high = kNoColumn;
  std::size_t low = kNoColumn;
  std::size_t close = kNoColumn;
  std::size_t price = kNoColumn;
  std::size_t count = 0;  // columns of the header
};

class CsvReader {
 public:
  CsvReader(const std::string& file, const CsvOptions& options, const std::string& path)
      : file_(file), options_(options), path_(path) {}

  PriceSeries read(std::string_view text);

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw ScenarioError(path_, problem, file_ + ":" + std::to_string(line_));
  }
  void split(std::string_view line);
  void read_header();
  [[nodiscard]] std::size_t find(std::string_view name) const;
  [[nodiscard]] std::size_t require(std::string_view name) const;
  void read_row(PriceSeries& series);
  [[nodiscard]] std::int64_t time_of(std::string_view field);
  [[nodiscard]] Money price_of(std::size_t column) const;
  [[nodiscard]] std::string header_list() const;

  const std::string& file_;
  const CsvOptions& options_;
  const std::string& path_;
  std::int64_t line_ = 0;
  std::vector<std::string_view> fields_;
  std::vector<std::string> header_;
  Layout layout_;
  TimeFormat format_ = TimeFormat::Auto;
};

std::string_view trimmed(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field = field.substr(1, field.size() - 2);
  }
  return field;
}

void CsvReader::split(std::string_view line) {
  fields_.clear();
  if (line.size() > kCsvLineMax) fail("line longer than " + std::to_string(kCsvLineMax));
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i == line.size() || (line[i] == ',' && !quoted)) {
      fields_.push_back(trimmed(line.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  if (quoted) fail("quotation mark without its other half");
}

std::size_t CsvReader::find(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  return found == header_.end() ? kNoColumn : static_cast<std::size_t>(found - header_.begin());
}

std::string CsvReader::header_list() const {
  std::string list;
  for (const std::string& name : header_) list += (list.empty() ? "" : ", ") + name;
  return list;
}

std::size_t CsvReader::require(std::string_view name) const {
  const std::size_t column = find(name);
  if (column == kNoColumn) {
    fail("no column \"" + std::string(name) + "\"; the file has: " + header_list());
  }
  return column;
}

void CsvReader::read_header() {
  header_.assign(fields_.begin(), fields_.end());
  layout_.count = header_.size();
  const CsvColumns& names = options_.columns;
  if (!names.time.empty()) {
    layout_.time = require(names.time);
  } else {
    constexpr std::array<std::string_view, 6> kUsual = {"time", "time_utc",  "timestamp",
                                                        "date", "open_time", "snapshot_utc"};
    for (const std::string_view usual : kUsual) {
      if (layout_.time == kNoColumn) layout_.time = find(usual);
    }
    if (layout_.time == kNoColumn) fail("no time column; the file has: " + header_list());
  }
  if (!names.price.empty()) {
    layout_.price = require(names.price);
    return;
  }
  layout_.open = find(names.open);
  layout_.high = find(names.high);
  layout_.low = find(names.low);
  layout_.close = find(names.close);
  if (layout_.open != kNoColumn && layout_.high != kNoColumn && layout_.low != kNoColumn &&
      layout_.close != kNoColumn) {
    return;
  }
  layout_.price = find("price");
  if (layout_.price == kNoColumn) layout_.price = layout_.close;
  if (layout_.price == kNoColumn) {
    fail(
        "neither bars (open, high, low, close) nor a price column; name them in `columns`; the "
        "file has: " +
        header_list());
  }
}

std::int64_t CsvReader::time_of(std::string_view field) {
  if (format_ == TimeFormat::Auto) {
    format_ = options_.time_format == TimeFormat::Auto ? csv::guess_time_format(field)
                                                       : options_.time_format;
  }
  const std::optional<std::int64_t> time = csv::parse_time(field, format_);
  if (!time) fail("cannot read the time \"" + std::string(field) + "\"");
  return *time;
}

Money CsvReader::price_of(std::size_t column) const {
  const std::string_view field = fields_[column];
  const std::optional<Money> price = csv::parse_money(field);
  if (!price) {
    fail("cannot read the price \"" + std::string(field) + "\" in column " + header_[column]);
  }
  if (*price <= Money::zero()) {
    fail("the price in column " + header_[column] + " must be at least 0.000001, got \"" +
         std::string(field) + "\"");
  }
  return *price;
}

void CsvReader::read_row(PriceSeries& series) {
  if (fields_.size() != layout_.count) {
    fail("has " + std::to_string(fields_.size()) + " fields, the header " +
         std::to_string(layout_.count));
  }
  const std::int64_t unix_ns = time_of(fields_[layout_.time]);
  if (series.bars.empty()) series.first_unix_ns = unix_ns;
  Bar bar;
  bar.time = Time{unix_ns - series.first_unix_ns};
  if (!series.bars.empty() && bar.time <= series.bars.back().time) {
    fail("time does not increase: \"" + std::string(fields_[layout_.time]) + "\"");
  }
  if (layout_.price != kNoColumn) {
    bar.open = bar.high = bar.low = bar.close = price_of(layout_.price);
  } else {
    bar.open = price_of(layout_.open);
    bar.high = price_of(layout_.high);
    bar.low = price_of(layout_.low);
    bar.close = price_of(layout_.close);
    if (bar.low > std::min(bar.open, bar.close) || bar.high < std::max(bar.open, bar.close)) {
      fail("open and close must lie between low and high");
    }
  }
  if (static_cast<std::int64_t>(series.bars.size()) == kCsvRowsMax) {
    fail("more than " + std::to_string(kCsvRowsMax) + " rows");
  }
  series.bars.push_back(bar);
}

// Ties between distances go to the shorter one.
Duration commonest_step(const std::vector<Bar>& bars) {
  std::map<Duration, std::int64_t> counts;
  for (std::size_t i = 1; i < bars.size(); ++i) ++counts[bars[i].time - bars[i - 1].time];
  Duration best;
  std::int64_t best_count = 0;
  for (const auto& [step, count] : counts) {
    if (count > best_count) {
      best = step;
      best_count = count;
    }
  }
  return best;
}

GapReport find_gaps(const PriceSeries& series) {
  GapReport report;
  for (std::size_t i = 1; i < series.bars.size(); ++i) {
    const Duration distance = series.bars[i].time - series.bars[i - 1].time;
    if (distance <= series.step) continue;
    ++report.count;
    report.missing += (distance - Duration{1}) / series.step;
    if (distance > report.longest) {
      report.longest = distance;
      report.longest_from = to_iso8601(series.first_unix_ns + series.bars[i - 1].time.ns);
    }
  }
  return report;
}

PriceSeries CsvReader::read(std::string_view text) {
  PriceSeries series;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (trimmed(line).empty() || line.front() == '#') continue;
    split(line);
    if (header_.empty()) {
      read_header();
    } else {
      read_row(series);
    }
  }
  if (series.bars.empty()) fail("holds no rows");
  series.ohlc = layout_.price == kNoColumn;
  series.step = commonest_step(series.bars);
  series.gaps = find_gaps(series);
  return series;
}

}  // namespace

PriceSeries parse_price_csv(std::string_view text, const std::string& file,
                            const CsvOptions& options, const std::string& path) {
  return CsvReader(file, options, path).read(text);
}

PriceSeries read_price_csv(const std::string& file, const CsvOptions& options,
                           const std::string& path) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) throw ScenarioError(path, "cannot open the file \"" + file + "\"");
  const std::int64_t bytes = in.tellg();
  if (bytes < 0) throw ScenarioError(path, "cannot read \"" + file + "\" (is it a folder?)");
  if (bytes > kCsvBytesMax) {
    throw ScenarioError(
        path, "\"" + file + "\" is larger than " + std::to_string(kCsvBytesMax >> 20) + " MiB");
  }
  std::string text(static_cast<std::size_t>(bytes), '\0');
  in.seekg(0);
  in.read(text.data(), bytes);
  if (in.gcount() != bytes) throw ScenarioError(path, "cannot read \"" + file + "\"");
  return parse_price_csv(text, file, options, path);
}

}  // namespace mezz
