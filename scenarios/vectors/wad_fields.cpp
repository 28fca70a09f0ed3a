#include "scenarios/vectors/wad_fields.h"

#include <algorithm>

#include "models/market/quote_price.h"

namespace mezz::vectors {
namespace {

Int128 cut_to(const Decimal& number, std::int32_t places) {
  if (number.decimals <= places) return number.at(places);
  constexpr std::int32_t kDigits = 38;  // of 128 bits
  const std::int32_t cut = number.decimals - places;
  return cut > kDigits ? 0 : number.value / power_of_ten(cut);
}

}  // namespace

Wad wad(std::string_view text) {
  text = trim(text);
  if (!text.ends_with('%')) return {cut_to(decimal(text), 18)};
  text.remove_suffix(1);
  Decimal percent = decimal(text);
  percent.decimals += 2;
  return {cut_to(percent, 18)};
}

std::string decimal_text(Int128 value, std::int32_t places) {
  std::string digits = text_of(value < 0 ? -value : value);
  const auto fraction = static_cast<std::size_t>(places);
  if (digits.size() <= fraction) digits.insert(0, fraction + 1 - digits.size(), '0');
  if (places > 0) {
    digits.insert(digits.size() - fraction, ".");
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) digits.pop_back();
  }
  return value < 0 ? "-" + digits : digits;
}

Duration seconds(std::string_view text) {
  const Int128 ns = cut_to(decimal(text), 9);
  if (ns > INT64_MAX || ns < 0) throw InputError{"not a duration: " + std::string(text)};
  return {static_cast<std::int64_t>(ns)};
}

}  // namespace mezz::vectors
