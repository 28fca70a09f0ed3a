// Pool venues, given the inputs of a row.
#include <fmt/core.h>

#include <algorithm>

#include "models/market/pool/clmm_math.h"
#include "models/market/pool/constant_product.h"
#include "models/market/pool/price_impact.h"
#include "models/market/pool/virtual_amm.h"
#include "scenarios/vectors/wad_fields.h"

namespace mezz::vectors {
namespace {

using pool::Wide;

// ---- expressions: "2^96", "sqrt(1.21)*2^96", "sqrt(121/100)*2^96", digits --------------------

Wide wide(std::string_view text) {
  text = trim(text);
  const std::size_t caret = text.find('^');
  if (caret != std::string_view::npos && trim(text.substr(0, caret)) == "2") {
    const Int128 exponent = whole(text.substr(caret + 1));
    if (exponent < 0 || exponent > 255) throw InputError{"not within 256 bit"};
    return pool::power_of_two(static_cast<int>(exponent));
  }
  const auto value = pool::wide_from(text);
  if (!value) throw InputError{"not a number of 256 bit: " + std::string(text)};
  return *value;
}

struct WideRatio {
  Wide numerator;
  Wide denominator;
};
WideRatio ratio(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    return {wide(text.substr(0, slash)), wide(text.substr(slash + 1))};
  }
  if (text.find('.') == std::string_view::npos) return {wide(text), Wide{1}};
  const Decimal number = decimal(text);
  Wide scale{1};
  for (std::int32_t i = 0; i < number.decimals; ++i) scale = scale * Wide{10};
  return {Wide{number.value}, scale};
}

Wide sqrt_price(std::string_view text) {
  text = trim(text);
  if (!text.starts_with("sqrt(")) return wide(text);
  const std::size_t close = text.rfind(')');
  if (close == std::string_view::npos || trim(text.substr(close + 1)) != "*2^96") {
    throw InputError{"a square root needs sqrt(RATIO)*2^96"};
  }
  const WideRatio price = ratio(text.substr(5, close - 5));
  return pool::sqrt_ratio_x96(price.numerator, price.denominator);
}

// ---- concentrated liquidity ------------------------------------------------------------------

std::string clmm_math(const Row& row) {
  namespace clmm = pool::clmm;
  const Inputs in(row);
  const Wide liquidity = wide(in.text("liquidity"));
  if (row.quantity == "amount0" || row.quantity == "amount1") {
    const Wide a = sqrt_price(in.text("sqrt_a"));
    const Wide b = sqrt_price(in.text("sqrt_b"));
    const Round round = in.integer_or("round_up", 0) != 0 ? Round::Up : Round::Down;
    return pool::text_of(row.quantity == "amount0" ? clmm::amount0_between(a, b, liquidity, round)
                                                   : clmm::amount1_between(a, b, liquidity, round));
  }
  if (row.quantity != "sqrt_next") unknown_quantity(row);
  const Wide price = sqrt_price(in.text("sqrt_p"));
  const clmm::Side side =
      in.integer("zero_for_one") != 0 ? clmm::Side::ZeroForOne : clmm::Side::OneForZero;
  if (in.has("amount_in")) {
    const Wide amount = wide(in.text("amount_in"));
    return pool::text_of(clmm::next_sqrt_from_input(price, liquidity, amount, side));
  }
  const Wide amount = wide(in.text("amount_out"));
  return pool::text_of(clmm::next_sqrt_from_output(price, liquidity, amount, side));
}

std::string clmm_step(const Row& row) {
  namespace clmm = pool::clmm;
  const Inputs in(row);
  std::string_view amount = trim(in.text("amount_remaining"));
  const bool output = amount.starts_with('-');
  if (output) amount.remove_prefix(1);
  const clmm::Step step =
      clmm::swap_step({.sqrt_price = sqrt_price(in.text("sqrt_p_x96")),
                       .target = sqrt_price(in.text("sqrt_target_x96")),
                       .liquidity = wide(in.text("liquidity")),
                       .remaining = wide(amount),
                       .exact = output ? clmm::Exact::Output : clmm::Exact::Input,
                       .fee_ppm = in.integer("fee_pips")});
  if (row.quantity == "amount_in") return pool::text_of(step.amount_in);
  if (row.quantity == "amount_out") return pool::text_of(step.amount_out);
  if (row.quantity == "fee_amount") return pool::text_of(step.fee);
  if (row.quantity == "sqrt_next") return pool::text_of(step.sqrt_next);
  unknown_quantity(row);
}

// ---- the others ------------------------------------------------------------------------------

std::string constant_product(const Row& row) {
  const Inputs in(row);
  const std::int64_t fee_ppm =
      in.has("fee") ? narrow(wad(in, "fee").units / (Wad::kOne / 1'000'000)) : pool::kCpmmFeePpm;
  const pool::Reserves reserves = {in.big("reserve_in"), in.big("reserve_out")};
  if (row.quantity == "amount_out") {
    return text_of(pool::amount_out(in.big("amount_in"), reserves, fee_ppm));
  }
  if (row.quantity != "amount_in") unknown_quantity(row);
  const auto amount = pool::wide_amount_in(in.big("amount_out"), reserves, fee_ppm);
  return amount ? pool::text_of(*amount) : "ERR";
}

pool::Direction direction(std::string_view text) {
  if (text == "add" || text == "long") return pool::Direction::AddToPool;
  if (text == "remove" || text == "short") return pool::Direction::RemoveFromPool;
  throw InputError{"unknown direction " + std::string(text)};
}

// "short480(q520)|long960": quote amounts one after the other; the parentheses say what is left.
pool::VirtualAmm walk(pool::VirtualAmm amm, std::string_view steps) {
  while (!steps.empty()) {
    const std::size_t at = std::min(steps.find("long"), steps.find("short"));
    if (at == std::string_view::npos) break;
    const std::string_view word = steps.substr(at, steps[at] == 'l' ? 4 : 5);
    steps.remove_prefix(at + word.size());
    const std::size_t digits = std::min(steps.find_first_not_of("0123456789."), steps.size());
    amm = pool::after_quote(amm, direction(word), wad(steps.substr(0, digits)));
    steps.remove_prefix(digits);
  }
  return amm;
}

std::string virtual_amm(const Row& row) {
  const Inputs in(row);
  pool::VirtualAmm amm{.quote = wad(in, "quote_reserve"), .base = wad(in, "base_reserve")};
  if (in.has("steps")) {
    amm = walk(amm, in.text("steps"));
    if (row.quantity == "base_reserve_wei") return text_of(amm.base.units);
    if (row.quantity == "quote_reserve_wei") return text_of(amm.quote.units);
    unknown_quantity(row);
  }
  const pool::Direction way = direction(in.text("dir"));
  if (row.quantity == "base_amount_wei") {
    return text_of(pool::base_for_quote(amm, way, wad(in, "quote")).units);
  }
  if (row.quantity != "quote_amount_wei") unknown_quantity(row);
  return text_of(pool::quote_for_base(amm, way, wad(in, "base")).units);
}

std::string gmx_impact(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "impact_usd_1e30") unknown_quantity(row);
  const double impact = pool::impact_power(wad(in, "diff_usd").value(), wad(in, "exponent").value(),
                                           wad(in, "factor").value());
  return fmt::format("{:.17g}", impact * 1e30);
}

std::string skew_fill(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "fill_price") unknown_quantity(row);
  return text_of(
      pool::skew_fill_price({.skew = wad(in, "skew"), .skew_scale = wad(in, "skew_scale")},
                            wad(in, "size"), wad(in, "oracle_price")));
}

constexpr Family kFamilies[] = {
    {"clmm_v3_math", clmm_math},        {"clmm_v3_step", clmm_step},
    {"cpmm_v2", constant_product},      {"gmx_v2_price_impact", gmx_impact},
    {"synthetix_skew_fill", skew_fill}, {"vamm_perp_v1", virtual_amm},
};

}  // namespace

std::span<const Family> pool_families() { return kFamilies; }

}  // namespace mezz::vectors
