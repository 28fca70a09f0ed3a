// Reading the fields of a vector row: whole numbers of any size up to 128 bit, decimals, fractions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/vectors/vectors.h"
#include "sim/types/rounding.h"

namespace mezz::vectors {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

// A decimal read exactly: value * 10^-decimals. "20000000.0" is {200000000, 1}, "-2.5e-05" is
// {-25, 6}.
struct Decimal {
  Int128 value = 0;
  std::int32_t decimals = 0;
  // The same number with `places` decimals; throws InputError when digits would be lost.
  [[nodiscard]] Int128 at(std::int32_t places) const;
};
Decimal decimal(std::string_view text);
Int128 whole(std::string_view text);  // a decimal without a fractional part

struct Ratio128 {
  Int128 numerator;
  Int128 denominator;
};
std::optional<Ratio128> fraction(std::string_view text);  // "a/b" or a whole number, reduced

std::string text_of(Int128 value);

// Same number to the last digit; false when one of them is none.
bool same_number(std::string_view a, std::string_view b);

// The inputs of a row by name; a missing one is an InputError unless a default is given.
class Inputs {
 public:
  explicit Inputs(const Row& row) : row_(row) {}
  [[nodiscard]] bool has(const char* name) const { return row_.inputs.contains(name); }
  [[nodiscard]] const std::string& text(const char* name) const;
  // What `read` makes of its text; complaints name the input.
  template <class Read>
  [[nodiscard]] auto read(const char* name, Read read) const {
    const std::string& value = text(name);
    try {
      return read(value);
    } catch (const InputError& error) {
      throw InputError{std::string(name) + ": " + error.problem};
    }
  }
  [[nodiscard]] Decimal decimal(const char* name) const { return read(name, vectors::decimal); }
  [[nodiscard]] Int128 big(const char* name) const { return read(name, whole); }
  [[nodiscard]] std::int64_t integer(const char* name) const;
  [[nodiscard]] std::int64_t integer_or(const char* name, std::int64_t fallback) const {
    return has(name) ? integer(name) : fallback;
  }

 private:
  const Row& row_;
};

}  // namespace mezz::vectors
