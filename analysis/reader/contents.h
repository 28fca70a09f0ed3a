// Private to this folder: how the structures of analysis/ look inside a frame. One description of
// each, used by Encoder and Decoder alike, and the checks that a program makes before it believes
// what a reader says: a reader that works on a hostile file may have been taken over by it.
#pragma once

#include <string>
#include <vector>

#include "analysis/reader/frames.h"
#include "analysis/run_source.h"

namespace mezz::analysis::reader {

template <class Coder, class T>
void code(Coder& coder, T& value) requires std::is_arithmetic_v<T> || std::is_enum_v<T> {
  coder(value);
}
template <class Coder>
void code(Coder& coder, std::string& value) {
  coder(value);
}
template <class Coder>
void code(Coder& coder, Time& value) {
  coder(value.ns);
}
template <class Coder>
void code(Coder& coder, Metric& value) {
  coder(value.name);
  coder(value.value);
  coder(value.unit);
}
template <class Coder>
void code(Coder& coder, ParameterText& value) {
  coder(value.name);
  coder(value.value);
}
template <class Coder>
void code(Coder& coder, SubHash& value) {
  coder(value.time.ns);
  coder(value.events);
  coder(value.fingerprint);
}
template <class Coder>
void code(Coder& coder, ScenarioText& value) {
  coder(value.source);
  coder(value.resolved);
  coder(value.interventions);
}
template <class Coder>
void code(Coder& coder, RowsRequest& value) {
  coder(value.table);
  coder(value.column);
  coder(value.first);
  coder(value.count);
}
template <class Coder>
void code(Coder& coder, RunHeader& value) {
  for (std::string* text :
       {&value.title, &value.status, &value.fingerprint, &value.git_commit, &value.compiler,
        &value.flags, &value.creator, &value.rng, &value.epoch}) {
    coder(*text);
  }
  coder(value.seed);
}

// Lists: a count, then the items.
template <class T>
void code(Encoder& coder, std::vector<T>& values) {
  coder(std::uint64_t{values.size()});
  for (T& value : values) code(coder, value);
}
template <class T>
void code(Decoder& coder, std::vector<T>& values) {
  constexpr std::size_t kItemBytesMin = 8;  // a text is at least its length
  const std::uint64_t items = coder.count(kItemBytesMin);
  values.clear();
  for (std::uint64_t i = 0; i < items; ++i) code(coder, values.emplace_back());
}

template <class Coder>
void code(Coder& coder, ColumnInfo& value) {
  coder(value.name);
  coder(value.type);
  coder(value.units);
  coder(value.scale_factor);
  coder(value.description);
  code(coder, value.flag_values);
  code(coder, value.flag_meanings);
}
template <class Coder>
void code(Coder& coder, TableInfo& value) {
  coder(value.path);
  coder(value.description);
  coder(value.rows);
  code(coder, value.columns);
}
template <class Coder>
void code(Coder& coder, RunContents& value) {
  coder(value.path);
  coder(value.is_part);
  code(coder, value.committed);
  code(coder, value.header);
  code(coder, value.tables);
}

struct Refused {
  std::string path;
  std::string reason;
};
template <class Coder>
void code(Coder& coder, Refused& value) {
  coder(value.path);
  coder(value.reason);
}

template <class T>
std::string encoded(T value) {
  Encoder encoder;
  code(encoder, value);
  return encoder.bytes();
}
template <class T>
T decoded(std::string_view bytes) {
  Decoder decoder(bytes);
  T value{};
  code(decoder, value);
  decoder.finish();
  return value;
}

// What RunFile promises its users about its contents; BadFrame otherwise.
void require_sound(const RunContents& run, const RunFileLimits& limits);

}  // namespace mezz::analysis::reader
