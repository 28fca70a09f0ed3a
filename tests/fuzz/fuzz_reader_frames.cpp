// Bytes as what mezz-h5read says, read as the program that started it does: a reader works on files
// of strangers and may have been taken over by one. Everything above the frames is ours (decoding,
// RunFile, the texts of `mezz info` and `mezz export`), so nothing here may crash.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "analysis/export_table.h"
#include "analysis/info.h"
#include "analysis/reader/contents.h"
#include "tests/fuzz/said.h"

namespace {

using namespace mezz::analysis;

class SaidSource final : public RunSource {
 public:
  SaidSource(RunContents contents, std::string_view rest)
      : contents_(std::move(contents)), rest_(rest) {}

  [[nodiscard]] const RunContents& contents() const override { return contents_; }
  [[nodiscard]] ScenarioText scenario() override { return next<ScenarioText>(); }
  [[nodiscard]] std::vector<ParameterText> parameters() override {
    return next<std::vector<ParameterText>>();
  }
  [[nodiscard]] std::vector<Metric> metrics() override { return next<std::vector<Metric>>(); }
  [[nodiscard]] std::vector<Metric> profile() override { return next<std::vector<Metric>>(); }
  [[nodiscard]] std::vector<SubHash> fingerprints() override {
    return next<std::vector<SubHash>>();
  }
  [[nodiscard]] std::vector<std::int64_t> integers(const TableInfo&, const ColumnInfo&,
                                                   RowRange range) override {
    return rows<std::int64_t>(range);
  }
  [[nodiscard]] std::vector<double> doubles(const TableInfo&, const ColumnInfo&,
                                            RowRange range) override {
    return rows<double>(range);
  }

 private:
  template <class T>
  T next() {
    try {
      return reader::decoded<T>(fuzz::said(rest_));
    } catch (const reader::BadFrame& frame) {
      throw RunFileError(contents_.path, frame.what());
    }
  }
  template <class Value>
  std::vector<Value> rows(RowRange range) {
    constexpr std::uint64_t kRowsMax = 4'096;  // more only costs time
    if (range.count > kRowsMax) throw RunFileError(contents_.path, "too many rows");
    try {
      std::vector<Value> values;
      reader::Decoder decoder(fuzz::said(rest_));
      decoder.raw(values, range.count);
      decoder.finish();
      return values;
    } catch (const reader::BadFrame& frame) {
      throw RunFileError(contents_.path, frame.what());
    }
  }

  RunContents contents_;
  std::string_view rest_;
};

void look_at(const RunFile& run) {
  static std::FILE* const nowhere = std::fopen("/dev/null", "w");
  static_cast<void>(info_text(run));
  static_cast<void>(info_json(run));
  static_cast<void>(run.scenario());
  static_cast<void>(run.fingerprints());
  for (const TableInfo& table : run.tables()) {
    if (table.rows > 64) continue;
    export_csv(run, table.path, nowhere, {.iso_time = true});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  try {
    auto contents = reader::decoded<RunContents>(fuzz::said(rest));
    reader::require_sound(contents, {});
    look_at(RunFile(std::make_unique<SaidSource>(std::move(contents), rest)));
  } catch (const reader::BadFrame&) {
  } catch (const RunFileError&) {
  }
  return 0;
}
