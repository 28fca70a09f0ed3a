// Liquidation and auction rules of Derive, Drift, Hyperliquid and Maker, given the inputs of a row.
#include <algorithm>

#include "models/liquidation/derive_auction.h"
#include "models/liquidation/drift.h"
#include "models/liquidation/hyperliquid.h"
#include "models/liquidation/maker_clip.h"
#include "models/market/quote_price.h"
#include "scenarios/vectors/wad_fields.h"

namespace mezz::vectors {
namespace {

// ---- Derive ----------------------------------------------------------------------------------

liquidation::derive::AuctionParams auction_params(const Inputs& in) {
  liquidation::derive::AuctionParams params;
  params.start = wad_or(in, "start", params.start);
  params.fast_cutoff = wad_or(in, "fast_cutoff", params.fast_cutoff);
  if (in.has("fast_len")) params.fast = seconds(in, "fast_len");
  if (in.has("slow_len")) params.slow = seconds(in, "slow_len");
  if (in.has("insolvent_len")) params.insolvent = seconds(in, "insolvent_len");
  params.buffer = wad_or(in, "buffer_pct", params.buffer);
  return params;
}

liquidation::derive::Account auction_account(const Inputs& in) {
  return {.maintenance_margin = wad(in, "maintenance_margin"),
          .mark_to_market = wad(in, "mark_to_market"),
          .reserved_cash = wad_or(in, "reserved_cash", Wad::zero())};
}

std::string auction_discount(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "discount_fraction") unknown_quantity(row);
  return text_of(liquidation::derive::discount(seconds(in, "t_seconds"), auction_params(in)));
}

std::string auction_solvent(const Row& row) {
  const Inputs in(row);
  const auto params = auction_params(in);
  const auto account = auction_account(in);
  const Wad discount = liquidation::derive::discount(seconds(in, "t_seconds"), params);
  if (row.quantity.starts_with("bid_price")) {
    return text_of(liquidation::derive::solvent_bid(account, discount));
  }
  if (!row.quantity.starts_with("max_proportion")) unknown_quantity(row);
  const Wad part = liquidation::derive::max_proportion(account, params.buffer, discount);
  if (!row.quantity.ends_with("_1e3_floor")) return text_of(part);
  return text_of(part.units / (Wad::kOne / 1'000));
}

std::string auction_insolvent(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "cash_to_bidder") unknown_quantity(row);
  const Wad payout = liquidation::derive::insolvent_payout(
      auction_account(in), seconds(in, "t_seconds"), auction_params(in));
  return text_of(multiply(payout, wad_or(in, "portion", Wad::one())));
}

// ---- Drift -----------------------------------------------------------------------------------

std::string text_of_unsigned(liquidation::drift::Uint128 value) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string drift_cover(const Row& row) {
  const Inputs in(row);
  if (row.quantity.starts_with("base_asset_amount")) {
    return text_of_unsigned(liquidation::drift::base_to_cover(
        {.shortage = in.integer("margin_shortage_1e6"),
         .margin_ratio = in.integer("margin_ratio_1e4"),
         .liquidation_fee = in.integer_or("liquidation_fee_1e6", 0),
         .fund_fee = in.integer_or("if_liquidation_fee_1e6", 0),
         .oracle_price = in.integer("oracle_price_1e6"),
         .quote_price = in.integer_or("quote_oracle_price_1e6", 1'000'000)}));
  }
  if (row.quantity != "liability_transfer") unknown_quantity(row);
  return text_of_unsigned(liquidation::drift::liability_to_cover(
      {.shortage = in.integer("margin_shortage_1e6"),
       .asset_weight = in.integer("asset_weight_1e4"),
       .asset_multiplier = in.integer("asset_mult_1e6"),
       .liability_weight = in.integer("liability_weight_1e4"),
       .liability_multiplier = in.integer("liability_mult_1e6"),
       .liability_decimals = static_cast<std::int32_t>(in.integer("liability_decimals")),
       .liability_price = in.integer("liability_price_1e6"),
       .fund_fee = in.integer_or("if_fee_1e6", 0)}));
}

std::string drift_fund_fee(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "if_liquidation_fee_1e6") unknown_quantity(row);
  return text_of(liquidation::drift::fund_fee({.shortage = in.integer("margin_shortage_1e6"),
                                               .base = in.integer("base_1e9"),
                                               .margin_ratio = in.integer("margin_ratio_1e4"),
                                               .liquidator_fee = in.integer("liquidator_fee_1e6"),
                                               .oracle_price = in.integer("oracle_price_1e6"),
                                               .quote_price = in.integer("quote_price_1e6"),
                                               .fee_max = in.integer("max_if_fee_1e6")}));
}

// The value of the first input whose name begins so: rows name the token's precision after it.
Int128 input_starting_with(const Row& row, std::string_view begin) {
  for (const auto& [name, value] : row.inputs) {
    if (name.starts_with(begin)) return whole(value);
  }
  throw InputError{"no input " + std::string(begin)};
}

std::string drift_bankruptcy(const Row& row) {
  const Inputs in(row);
  if (in.has("base_long_1e9")) {
    return text_of(liquidation::drift::funding_step(in.integer("loss_1e6"), in.big("base_long_1e9"),
                                                    in.big("base_short_1e9")));
  }
  const Int128 loss = input_starting_with(row, in.has("borrow") ? "borrow" : "loss");
  return text_of(liquidation::drift::deposit_index_step(loss, input_starting_with(row, "deposit")));
}

// ---- Hyperliquid -----------------------------------------------------------------------------

std::string adl_index(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "adl_sort_index") unknown_quantity(row);
  const Wad side = wad_or(in, "side", Wad::one());
  // The rule counts the notional at the mark; a row gives the notional itself.
  const Wad mark = wad(in, "mark");
  const Wad size = divide(wad(in, "notional"), mark, Round::HalfEven);
  return text_of(liquidation::hyperliquid::adl_index({.mark = mark,
                                                      .entry = wad(in, "entry"),
                                                      .size = multiply(size, side),
                                                      .account_value = wad(in, "account_value")}));
}

std::string liquidation_price(const Row& row) {
  const Inputs in(row);
  if (row.quantity != "liquidation_price") unknown_quantity(row);
  return text_of(liquidation::hyperliquid::liquidation_price(
      {.price = wad(in, "price"),
       .size = multiply(wad(in, "size"), wad(in, "side")),
       .margin_available = wad(in, "margin_available"),
       .maintenance_leverage = in.integer("maintenance_leverage")}));
}

// ---- Maker -----------------------------------------------------------------------------------

// Up to 27 decimals.
liquidation::maker::Ray ray(const Inputs& in, const char* name) {
  return {in.decimal(name).at(27)};
}

std::string auction_price(const Row& row) {
  namespace maker = liquidation::maker;
  const Inputs in(row);
  const std::string& curve = in.text("calc");
  const Duration elapsed = seconds(in, "elapsed");
  maker::Ray price;
  if (curve == "linear") {
    price = maker::linear_price(ray(in, "top"), seconds(in, "tau"), elapsed);
  } else if (curve.starts_with("stair")) {
    price = maker::stair_step_price(ray(in, "top"), ray(in, "cut"), seconds(in, "step"), elapsed);
  } else if (curve.starts_with("exp")) {
    price = maker::exponential_price(ray(in, "top"), ray(in, "cut"), elapsed);
  } else {
    throw InputError{"unknown curve " + curve};
  }
  if (row.quantity != "price") unknown_quantity(row);
  return decimal_text(price.units, 27);
}

// Lots count 10^-18 as in the contract, or as fine as the amounts of the row leave room for; debts
// finer by the decimals of the price, so that owing is exact.
std::int32_t decimals_of_lots(const Decimal& lot, const Decimal& price, const Decimal& tab) {
  constexpr std::int32_t kDigits = 37;  // of 128 bits, with one to spare
  const auto whole_digits = [](const Decimal& number) {
    return static_cast<std::int32_t>(text_of(number.value).size()) - number.decimals;
  };
  const std::int32_t debt = std::max(whole_digits(tab), whole_digits(lot) + whole_digits(price));
  return std::clamp(kDigits - debt - price.decimals, 0, 18);
}

std::string clip_take(const Row& row) {
  const Inputs in(row);
  const Decimal amount = in.decimal("amt");
  const Decimal lot = in.decimal("lot");
  const Decimal price = in.decimal("price");
  const Decimal tab = in.decimal("tab");
  const Decimal chost = in.has("chost") ? in.decimal("chost") : Decimal{};
  const std::int32_t lots =
      std::max({amount.decimals, lot.decimals, decimals_of_lots(lot, price, tab)});
  const std::int32_t debts = std::max({tab.decimals, chost.decimals, lots + price.decimals});
  const auto taken = liquidation::maker::take(
      {.tab = tab.at(debts), .lot = lot.at(lots)},
      {.amount = amount.at(lots), .price = price.at(debts - lots), .price_one = 1},
      chost.at(debts));
  if (!taken) return "ERR";
  if (row.quantity == "slice") return decimal_text(taken->slice, lots);
  if (row.quantity == "owe") return decimal_text(taken->owe, debts);
  if (row.quantity == "tab_after") return decimal_text(taken->left.tab, debts);
  if (row.quantity == "lot_after") return decimal_text(taken->left.lot, lots);
  unknown_quantity(row);
}

constexpr Family kFamilies[] = {
    {"derive_auction_discount", auction_discount},
    {"derive_auction_solvent", auction_solvent},
    {"derive_auction_insolvent", auction_insolvent},
    {"drift_cover_shortage", drift_cover},
    {"drift_if_fee", drift_fund_fee},
    {"drift_bankruptcy_socialisation", drift_bankruptcy},
    {"hyperliquid_adl_index", adl_index},
    {"hyperliquid_liq_price", liquidation_price},
    {"maker_auction_price", auction_price},
    {"maker_clip_take", clip_take},
};

}  // namespace

std::span<const Family> liquidation_families() { return kFamilies; }

}  // namespace mezz::vectors
