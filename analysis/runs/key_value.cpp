// The units in which the parameters of a result file are written, as far as their numbers can be
// put on one axis. Any other unit stays as it is written.
#include <array>
#include <charconv>
#include <string_view>

#include "analysis/runs/run_set.h"

namespace mezz::analysis {

namespace {

struct Unit {
  std::string_view written;
  std::string_view base;
  double size;
};

constexpr std::array<Unit, 13> kUnits{{{"ns", "s", 1e-9},
                                       {"us", "s", 1e-6},
                                       {"ms", "s", 1e-3},
                                       {"s", "s", 1},
                                       {"min", "s", 60},
                                       {"h", "s", 3'600},
                                       {"d", "s", 86'400},
                                       {"USD", "USD", 1},
                                       {"kUSD", "USD", 1e3},
                                       {"MUSD", "USD", 1e6},
                                       {"ppm", "1", 1e-6},
                                       {"bp", "1", 1e-4},
                                       {"%", "1", 1e-2}}};

std::string without_underscores(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != '_') kept += c;
  }
  return kept;
}

}  // namespace

KeyValue key_value(std::string text) {
  KeyValue out{.text = std::move(text), .number = {}};
  // Only amounts may be written with underscores in them.
  const std::size_t digits = out.text.find_first_not_of("+-0123456789._eE");
  const std::string head = without_underscores(std::string_view(out.text).substr(0, digits));
  double number = 0;
  const char* first = head.data() + (head.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(first, head.data() + head.size(), number);
  if (error != std::errc{} || end != head.data() + head.size()) return out;
  std::string_view rest =
      digits == std::string::npos ? std::string_view{} : std::string_view(out.text).substr(digits);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.find(' ') != std::string_view::npos) return out;
  out.number = number;
  if (rest.empty()) return out;
  out.unit = rest;
  for (const Unit& unit : kUnits) {
    if (unit.written != rest) continue;
    out.number = number * unit.size;
    out.unit = unit.base;
  }
  return out;
}

}  // namespace mezz::analysis
