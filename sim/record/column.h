// What one recorded column is: storage type, CF unit text, scale. The strong types of sim/types map
// to columns here, once, so that a table row or a probe never names a unit by hand.
//   Time      int64 ns, units "nanoseconds since <epoch>" (the epoch is known when the run starts)
//   Duration  int64 ns, units "nanoseconds"          Money  int64, scale_factor 1e-6, units "USD"
//   Ratio     int64, scale_factor 1e-9, units "1"    GasPrice  int64 wei, scale_factor 1e-9, "gwei"
//   Wei       double, "ETH" (128 bits do not fit a column)   Price, PriceMove "tick"  Quantity
//   "lot" Id        its integer (all ones = none)   enum with EnumNames  uint8/16 + flag names
// Source of the conventions: CF-1.8 sections 3.1, 3.5 and 8.1. Not here: strings (vlen data cannot
// be appended in HDF5's SWMR mode) and compound rows (they vanish in netCDF4 readers).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/types/enum_names.h"
#include "sim/types/id.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz {

// Rows in one chunk of the file, and in one buffer between the run and the writer. Every column
// ends in a whole chunk, and most tables are short: 64 Ki rows cost 0.4 s per file, these do not.
inline constexpr std::uint32_t kChunkRows = 4'096;

enum class ColumnType : std::uint8_t { I64, I32, U8, U16, U32, U64, F64 };

constexpr std::size_t width(ColumnType type) {
  switch (type) {
    case ColumnType::U8:
      return 1;
    case ColumnType::U16:
      return 2;
    case ColumnType::I32:
    case ColumnType::U32:
      return 4;
    default:
      return 8;
  }
}

// The unit of a point in time; the file writer appends the epoch.
inline constexpr std::string_view kTimeUnit = "nanoseconds since";

struct ColumnSpec {
  std::string name;
  ColumnType type = ColumnType::I64;
  std::string unit = "1";
  double scale_factor = 0.0;  // value = stored * scale_factor; 0 = stored as is
  std::string description = {};
  std::vector<std::string> flag_names = {};  // names of the values 0, 1, 2, ... of a category

  bool operator==(const ColumnSpec&) const = default;
};

// A group of columns of equal length. The first column is the dimension scale of the others.
struct TableSpec {
  std::string path;  // "tables/liquidations", "series/layer2/sequencer/backlog", "tx"
  std::vector<ColumnSpec> columns;
  std::string description = {};

  bool operator==(const TableSpec&) const = default;
};

template <class Raw>
constexpr ColumnType column_type() {
  if constexpr (std::is_same_v<Raw, double>) {
    return ColumnType::F64;
  } else if constexpr (std::is_signed_v<Raw>) {
    return sizeof(Raw) == 8 ? ColumnType::I64 : ColumnType::I32;
  } else {
    return sizeof(Raw) == 8   ? ColumnType::U64
           : sizeof(Raw) == 4 ? ColumnType::U32
           : sizeof(Raw) == 2 ? ColumnType::U16
                              : ColumnType::U8;
  }
}

// ColumnOf<T>: Raw (stored type), raw(value), unit, scale (0 = none), and for headline numbers
// metric_unit and metric_scale.
template <class T>
struct ColumnOf;

namespace detail {
template <class Stored>
struct PlainColumn {
  using Raw = Stored;
  static constexpr std::string_view unit = "1";
  static constexpr double scale = 0.0;
  static constexpr std::string_view metric_unit = "1";
  static constexpr double metric_scale = 1.0;
};
}  // namespace detail

template <class T>
requires std::is_integral_v<T> &&(!std::is_same_v<T, bool>)struct ColumnOf<T>
    : detail::PlainColumn<
          std::conditional_t<std::is_unsigned_v<T>, T,
                             std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>>> {
  static constexpr auto raw(T value) { return static_cast<typename ColumnOf::Raw>(value); }
};

template <>
struct ColumnOf<bool> : detail::PlainColumn<std::uint8_t> {
  static constexpr std::uint8_t raw(bool value) { return value ? 1 : 0; }
};

template <>
struct ColumnOf<double> : detail::PlainColumn<double> {
  static constexpr double raw(double value) { return value; }
};

template <class Tag, class Integer>
struct ColumnOf<Id<Tag, Integer>> : ColumnOf<Integer> {
  static constexpr auto raw(Id<Tag, Integer> id) { return ColumnOf<Integer>::raw(id.value); }
};

template <class E>
requires std::is_enum_v<E>
struct ColumnOf<E> : detail::PlainColumn<std::conditional_t<(std::size(EnumNames<E>::names) <= 256),
                                                            std::uint8_t, std::uint16_t>> {
  static constexpr auto raw(E value) { return static_cast<typename ColumnOf::Raw>(value); }
};

template <>
struct ColumnOf<Time> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = kTimeUnit, metric_unit = "s";
  static constexpr double metric_scale = 1e-9;
  static constexpr std::int64_t raw(Time value) { return value.ns; }
};

template <>
struct ColumnOf<Duration> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "nanoseconds", metric_unit = "s";
  static constexpr double metric_scale = 1e-9;
  static constexpr std::int64_t raw(Duration value) { return value.ns; }
};

template <>
struct ColumnOf<Money> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "USD", metric_unit = "USD";
  static constexpr double scale = 1e-6, metric_scale = 1e-6;
  static constexpr std::int64_t raw(Money value) { return value.micros; }
};

template <>
struct ColumnOf<Ratio> : detail::PlainColumn<std::int64_t> {
  static constexpr double scale = 1e-9, metric_scale = 1e-9;
  static constexpr std::int64_t raw(Ratio value) { return value.ppb; }
};

template <>
struct ColumnOf<Price> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "tick", metric_unit = "tick";
  static constexpr std::int64_t raw(Price value) { return value.ticks; }
};

template <>
struct ColumnOf<PriceMove> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "tick", metric_unit = "tick";
  static constexpr std::int64_t raw(PriceMove value) { return value.ticks; }
};

template <>
struct ColumnOf<Quantity> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "lot", metric_unit = "lot";
  static constexpr std::int64_t raw(Quantity value) { return value.lots; }
};

template <>
struct ColumnOf<Gas> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "gas", metric_unit = "gas";
  static constexpr std::int64_t raw(Gas value) { return value.units; }
};

template <>
struct ColumnOf<GasPrice> : detail::PlainColumn<std::int64_t> {
  static constexpr std::string_view unit = "gwei", metric_unit = "gwei";
  static constexpr double scale = 1e-9, metric_scale = 1e-9;
  static constexpr std::int64_t raw(GasPrice value) { return value.wei_per_gas; }
};

template <>
struct ColumnOf<Wei> : detail::PlainColumn<double> {
  static constexpr std::string_view unit = "ETH", metric_unit = "ETH";
  static constexpr double raw(Wei value) { return value.ether(); }
};

// True for types that can be a column.
template <class T>
concept Recordable = requires(T value) {
  ColumnOf<T>::raw(value);
};

template <Recordable T>
ColumnSpec column_spec(std::string_view name, std::string_view description) {
  ColumnSpec spec;
  spec.name = name;
  spec.type = column_type<typename ColumnOf<T>::Raw>();
  spec.unit = ColumnOf<T>::unit;
  spec.scale_factor = ColumnOf<T>::scale;
  spec.description = description;
  if constexpr (std::is_same_v<T, bool>) {
    spec.flag_names = {"false", "true"};
  } else if constexpr (std::is_enum_v<T>) {
    for (const std::string_view flag : EnumNames<T>::names) spec.flag_names.emplace_back(flag);
  }
  return spec;
}

}  // namespace mezz
