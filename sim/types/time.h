// Simulated time: int64 nanoseconds. Time is a point (0 = start of the run), Duration a distance.
//   Time - Time = Duration      Time +- Duration = Time       Duration +- Duration = Duration
//   Duration * integer = Duration    Duration / integer = Duration (truncates)
//   Duration / Duration = integer (whole number of times)     Duration % Duration = Duration
// Not defined on purpose: Time + Time, Time * n, implicit numbers. 64 bits hold +-292 years.
// Why not <chrono>: it costs 31 000 preprocessed lines in every file that includes it.
#pragma once

#include <compare>
#include <cstdint>

namespace mezz {

struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration zero() { return {0}; }
  static constexpr Duration max() { return {INT64_MAX}; }
  [[nodiscard]] constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return {ns + o.ns}; }
  constexpr Duration operator-(Duration o) const { return {ns - o.ns}; }
  constexpr Duration operator-() const { return {-ns}; }
  constexpr Duration operator*(std::int64_t n) const { return {ns * n}; }
  constexpr Duration operator/(std::int64_t n) const { return {ns / n}; }
  constexpr std::int64_t operator/(Duration o) const { return ns / o.ns; }
  constexpr Duration operator%(Duration o) const { return {ns % o.ns}; }
  constexpr Duration& operator+=(Duration o) {
    ns += o.ns;
    return *this;
  }
  constexpr Duration& operator-=(Duration o) {
    ns -= o.ns;
    return *this;
  }
};
constexpr Duration operator*(std::int64_t n, Duration d) { return d * n; }

struct Time {
  std::int64_t ns = 0;

  static constexpr Time zero() { return {0}; }
  static constexpr Time max() { return {INT64_MAX}; }
  static constexpr Time never() { return {-1}; }  // "has not happened", as in the result file
  [[nodiscard]] constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  [[nodiscard]] constexpr bool happened() const { return ns >= 0; }

  constexpr auto operator<=>(const Time&) const = default;
  constexpr Time operator+(Duration d) const { return {ns + d.ns}; }
  constexpr Time operator-(Duration d) const { return {ns - d.ns}; }
  constexpr Duration operator-(Time o) const { return {ns - o.ns}; }
  constexpr Time& operator+=(Duration d) {
    ns += d.ns;
    return *this;
  }
};

// Nearest nanosecond to a number of seconds (ties to even; the caller guarantees the range).
constexpr Duration duration_from_seconds(double s) {
  const double ns = s * 1e9;
  const auto whole = static_cast<std::int64_t>(ns);
  const double rest = ns - static_cast<double>(whole);
  if (rest > 0.5 || (rest == 0.5 && whole % 2 != 0)) return {whole + 1};
  if (rest < -0.5 || (rest == -0.5 && whole % 2 != 0)) return {whole - 1};
  return {whole};
}

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Duration operator""_us(unsigned long long n) { return operator""_ns(n)*1'000; }
constexpr Duration operator""_ms(unsigned long long n) { return operator""_ns(n)*1'000'000; }
constexpr Duration operator""_s(unsigned long long n) { return operator""_ns(n)*1'000'000'000; }
constexpr Duration operator""_min(unsigned long long n) { return operator""_s(n)*60; }
constexpr Duration operator""_h(unsigned long long n) { return operator""_s(n)*3'600; }
constexpr Duration operator""_d(unsigned long long n) { return operator""_s(n)*86'400; }
}  // namespace literals

}  // namespace mezz
