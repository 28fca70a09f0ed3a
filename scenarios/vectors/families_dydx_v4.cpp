// The rules of dYdX v4 and of its order book, given the inputs of a row.
#include <algorithm>
#include <array>
#include <optional>

#include "models/liquidation/dydx_v4.h"
#include "models/margin/dydx_v4.h"
#include "models/market/funding.h"
#include "models/market/impact_price.h"
#include "models/market/order_book.h"
#include "scenarios/vectors/fields.h"

namespace mezz::vectors {
namespace {

std::string unknown(const Row& row) { throw InputError{"unknown quantity " + row.quantity}; }

// ---- margin ----------------------------------------------------------------------------------

QuotePrice quote_price_of(const Inputs& in) {
  // Smallest quote unit per smallest base unit: the quote asset has six decimals.
  return {in.integer("price"), static_cast<std::int32_t>(in.integer("price_exponent") +
                                                         in.integer("atomic_resolution") + 6)};
}

margin::LiquidityTier tier_of(const Inputs& in) {
  const std::int64_t maintenance = in.has("mm_fraction_ppm")
                                       ? in.integer("mm_fraction_ppm")
                                       : in.integer_or("maintenance_fraction_ppm", 0);
  const std::int64_t initial =
      in.has("imf_ppm") ? in.integer("imf_ppm") : in.integer("initial_margin_ppm");
  return {.initial_margin_ppm = initial,
          .maintenance_fraction_ppm = maintenance,
          .open_interest_lower = {in.integer_or("oi_lower_cap", 0)},
          .open_interest_upper = {in.integer_or("oi_upper_cap", 0)}};
}

std::string notional(const Row& row) {
  const Inputs in(row);
  return text_of(margin::net_notional(in.big("base_quantums"), quote_price_of(in)));
}

std::string maintenance_fraction(const Row& row) {
  return text_of(margin::maintenance_margin_ppm(tier_of(Inputs(row))));
}

std::string open_interest_fraction(const Row& row) {
  const Inputs in(row);
  return text_of(margin::effective_initial_margin_ppm(tier_of(in), in.big("oi_quote_quantums")));
}

std::string initial_margin(const Row& row) {
  const Inputs in(row);
  const std::int64_t fraction =
      margin::effective_initial_margin_ppm(tier_of(in), in.big("oi_quote_quantums"));
  return text_of(margin::initial_margin(in.big("quote_quantums"), fraction));
}

std::string requirements(const Row& row) {
  const Inputs in(row);
  const margin::LiquidityTier tier = tier_of(in);
  const QuotePrice price = quote_price_of(in);
  const Int128 size = margin::net_notional(in.big("base_quantums"), price);
  if (row.quantity.starts_with("maintenance")) {
    return text_of(margin::maintenance_margin(size, tier));
  }
  if (!row.quantity.starts_with("initial")) return unknown(row);
  const Int128 interest = margin::net_notional(in.big("open_interest_base"), price);
  const std::int64_t fraction = std::max(margin::effective_initial_margin_ppm(tier, interest),
                                         in.integer_or("custom_imf_ppm", 0));
  return text_of(margin::initial_margin(size, fraction));
}

std::string liquidatable(const Row& row) {
  const Inputs in(row);
  return margin::is_liquidatable({.net_collateral = {in.integer("NC")},
                                  .initial_margin = {in.integer("MMR")},
                                  .maintenance_margin = {in.integer("MMR")}})
             ? "1"
             : "0";
}

// ---- funding ---------------------------------------------------------------------------------

// "60x2147483647", "30x5|30x-5", "1|2|3"
std::vector<std::int64_t> list(std::string_view text) {
  std::vector<std::int64_t> values;
  const char separator = text.find('|') != std::string_view::npos ? '|' : ',';
  for (const std::string_view part : split(text, separator)) {
    const std::size_t times = part.find('x');
    const Int128 count = times == std::string_view::npos ? Int128{1} : whole(part.substr(0, times));
    const Int128 value = whole(times == std::string_view::npos ? part : part.substr(times + 1));
    for (Int128 i = 0; i < count; ++i) values.push_back(narrow(value));
  }
  return values;
}

std::int64_t rate_bound(const Inputs& in) {
  const margin::LiquidityTier tier = tier_of(in);
  return funding::max_abs_ppm(in.integer("clamp_factor_ppm"), tier.initial_margin_ppm,
                              margin::maintenance_margin_ppm(tier));
}

std::string funding_clamp(const Row& row) { return text_of(rate_bound(Inputs(row))); }

std::string funding_index(const Row& row) {
  const Inputs in(row);
  return text_of(funding::index_delta(quote_price_of(in), in.integer("funding_rate_8h_ppm"),
                                      in.integer("dt_seconds")));
}

std::string funding_tick(const Row& row) {
  const Inputs in(row);
  const std::int64_t seconds = in.integer("tick_seconds");
  const std::int64_t samples_min = narrow(divide(seconds, in.integer("sample_seconds"), Round::Up));
  const std::int64_t premium = funding::mean_ppm(list(in.text("premium_samples_ppm")), samples_min);
  const std::int64_t rate =
      funding::clamp_ppm(premium + in.integer_or("default_funding_ppm", 0), rate_bound(in));
  if (row.quantity == "funding_rate_8h_ppm") return text_of(rate);
  if (row.quantity != "funding_index_delta") return unknown(row);
  return text_of(funding::index_delta(quote_price_of(in), rate, seconds));
}

// A side of the book without depth for the impact notional has no price: "inf" or "none".
std::optional<Decimal> impact_of(const Inputs& in, const char* name) {
  const std::string_view text = trim(in.text(name));
  if (text == "inf" || text == "none") return {};
  return in.decimal(name);
}

std::string premium(const Row& row) {
  const Inputs in(row);
  const std::optional<Decimal> bid = impact_of(in, "impact_bid");
  const std::optional<Decimal> ask = impact_of(in, "impact_ask");
  const Decimal index = in.decimal("index");
  const std::int32_t places =
      std::max({bid ? bid->decimals : 0, ask ? ask->decimals : 0, index.decimals});
  const auto price = [&](const std::optional<Decimal>& side) -> std::optional<PriceFraction> {
    if (!side) return {};
    return PriceFraction{side->at(places), 1};
  };
  return text_of(funding::premium_ppm(price(bid), price(ask), Price{narrow(index.at(places))}));
}

std::string sample_tails(const Row& row) {
  const Inputs in(row);
  std::string text;
  for (const std::int64_t v :
       funding::without_tails(list(in.text("samples")), in.integer("removal_ppm"))) {
    text += (text.empty() ? "" : "|") + text_of(v);
  }
  return text;
}

std::string settlement(const Row& row) {
  const Inputs in(row);
  return text_of(funding::settlement_ppm({in.integer("funding_index")}, {in.integer("last_index")},
                                         {in.integer("quantums")}));
}

// ---- liquidation -----------------------------------------------------------------------------

// The two assets of the rows: oracle prices in whole dollars, base units of 10^resolution.
QuotePrice asset_price(const Inputs& in, std::string_view asset) {
  const bool btc = asset == "BTC";
  if (!btc && asset != "ETH") throw InputError{"unknown asset " + std::string(asset)};
  const Decimal price = in.decimal(btc ? "btc_price" : "eth_price");
  const std::int64_t resolution = btc ? in.integer_or("btc_res", -8) : in.integer_or("eth_res", -9);
  return {narrow(price.value), static_cast<std::int32_t>(resolution + 6 - price.decimals)};
}

// The account of a row and the position of `asset` in it.
liquidation::Subject subject_of(const Inputs& in) {
  liquidation::Subject subject;
  subject.tier = tier_of(in);
  subject.account.net_collateral = {in.integer("usdc")};
  const std::string positions = in.has("positions_base_quantums")
                                    ? in.text("positions_base_quantums")
                                    : "BTC:" + in.text("btc_position");
  const std::string asset = in.has("asset") ? in.text("asset") : "BTC";
  for (const std::string_view position : split(positions, ',')) {
    const std::size_t colon = position.find(':');
    if (colon == std::string_view::npos) throw InputError{"a position needs NAME:SIZE"};
    const std::string_view name = trim(position.substr(0, colon));
    const Quantity size{narrow(whole(position.substr(colon + 1)))};
    const QuotePrice price = asset_price(in, name);
    subject.account += margin::position_risk(
        {.quantity = size, .price = price, .open_interest = {}}, subject.tier);
    if (name != asset) continue;
    subject.size = size;
    subject.price = price;
  }
  return subject;
}

std::string bankruptcy_price(const Row& row) {
  const Inputs in(row);
  return text_of(
      liquidation::bankruptcy_price(subject_of(in), {in.integer("delta_base_quantums")}).micros);
}

std::string fillable_price(const Row& row) {
  const Inputs in(row);
  liquidation::LiquidationParams params;
  params.bankruptcy_adjustment_ppm = in.integer("bankruptcy_adjustment_ppm");
  params.spread_to_maintenance_ppm = in.integer("spread_to_mmr_ppm");
  const liquidation::Fraction price = liquidation::fillable_price(subject_of(in), params);
  return text_of(price.numerator) + "/" + text_of(price.denominator);
}

std::string fillable_to_subticks(const Row& row) {
  const Inputs in(row);
  const auto price = fraction(in.text("fillable_price"));
  if (!price) throw InputError{"fillable_price is no fraction"};
  const std::uint64_t subticks = liquidation::to_subticks(
      {price->numerator, price->denominator}, in.integer("is_liquidating_long") != 0,
      {.subticks_per_tick = static_cast<std::uint64_t>(in.integer("subticks_per_tick")),
       .quantum_conversion_exponent =
           static_cast<std::int32_t>(in.integer("quantum_conversion_exponent"))});
  return text_of(static_cast<Int128>(subticks));
}

std::string insurance_fund_delta(const Row& row) {
  const Inputs in(row);
  const bool buys = in.integer("is_buy") != 0;
  const std::int64_t lots = in.integer("fill_base_quantums");
  const Int128 value =
      scale_by_ten(multiply(lots, in.big("fill_subticks")),
                   static_cast<std::int32_t>(in.integer("quantum_conversion_exponent")));
  const Money quote{narrow(buys ? -value : value)};
  const Money bankruptcy = liquidation::bankruptcy_price(subject_of(in), {buys ? lots : -lots});
  return text_of(
      liquidation::insurance_fund_delta(quote, bankruptcy, in.integer("max_liquidation_fee_ppm"))
          .micros);
}

std::string insurance_fund_valid(const Row& row) {
  const Inputs in(row);
  return liquidation::fund_can_bear({in.integer("fund_balance")}, {in.integer("delta")}) ? "1"
                                                                                         : "0";
}

std::string block_limits(const Row& row) {
  const Inputs in(row);
  liquidation::LiquidationParams params;
  params.position_notional_min = {in.integer("min_position_notional")};
  params.position_portion_max_ppm = in.integer("max_portion_ppm");
  const Int128 value = margin::net_notional(in.big("btc_base_quantums"), asset_price(in, "BTC"));
  const liquidation::BlockLimit limit = liquidation::position_limit({narrow(value)}, params);
  if (row.quantity.starts_with("max")) return text_of(limit.max.micros);
  return row.quantity.starts_with("min") ? text_of(limit.min.micros) : unknown(row);
}

std::string can_deleverage(const Row& row) {
  const Inputs in(row);
  const Decimal price = in.decimal("oracle_btc");
  const Int128 value =
      margin::net_notional(in.big("btc_position"), {narrow(price.value), -2 - price.decimals});
  const auto status = in.text("market_status") == "final_settlement"
                          ? liquidation::MarketStatus::FinalSettlement
                          : liquidation::MarketStatus::Active;
  const auto at = liquidation::can_deleverage({narrow(Int128{in.integer("usdc")} + value)}, status);
  if (row.quantity == "deleverage_at_bankruptcy_price") {
    return at == liquidation::DeleveragePrice::AtBankruptcyPrice ? "1" : "0";
  }
  if (row.quantity != "deleverage_at_oracle_price") return unknown(row);
  return at == liquidation::DeleveragePrice::AtOraclePrice ? "1" : "0";
}

std::string deleveraging(const Row& row) {
  const Inputs in(row);
  const auto side = [&](const char* usdc, const char* btc) {
    liquidation::Subject s{.size = {in.integer(btc)},
                           .price = asset_price(in, "BTC"),
                           .tier = tier_of(in),
                           .account = {}};
    s.account =
        margin::position_risk({.quantity = s.size, .price = s.price, .open_interest = {}}, s.tier);
    s.account.net_collateral += Money{in.integer(usdc)};
    return s;
  };
  const auto done = liquidation::deleverage(
      side("liquidated_usdc", "liquidated_btc"), side("offsetting_usdc", "offsetting_btc"),
      {in.integer("delta_base_quantums")}, liquidation::DeleveragePrice::AtBankruptcyPrice);
  if (!done) return "ERR";
  if (row.quantity == "liquidated_usdc_after") {
    return text_of(in.integer("liquidated_usdc") + done->liquidated_quote_change.micros);
  }
  if (row.quantity != "offsetting_usdc_after") return unknown(row);
  return text_of(in.integer("offsetting_usdc") + done->offsetting_quote_change.micros);
}

// ---- order book ------------------------------------------------------------------------------

// "B:20@35:Bob_Num0" or "S:10@15:Alice_Num1:IOC"
NewOrder read_order(std::string_view text, std::vector<std::string>& names) {
  const auto parts = split(text, ':');
  if (parts.size() < 3) throw InputError{"an order needs SIDE:SIZE@PRICE:ACCOUNT"};
  const auto size = split(parts[1], '@');
  if (size.size() != 2) throw InputError{"an order needs SIZE@PRICE"};
  const std::string name(parts[2]);
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) found = names.insert(names.end(), name);
  // Prices beyond 61 bit ("any price") only have to be beyond all others.
  const Int128 price = std::min<Int128>(whole(size[1]), Int128{1} << 61);
  NewOrder order{.account = {static_cast<std::uint32_t>(found - names.begin())},
                 .side = parts[0] == "B" ? Side::Buy : Side::Sell,
                 .price = {narrow(price)},
                 .quantity = {narrow(whole(size[0]))}};
  const std::string_view tif = parts.size() > 3 ? parts[3] : "";
  if (tif == "IOC") order.tif = TimeInForce::Ioc;
  if (tif == "FOK" || tif == "FILL_OR_KILL") order.tif = TimeInForce::Fok;
  if (tif == "POST_ONLY") order.tif = TimeInForce::PostOnly;
  return order;
}

std::string price_time(const Row& row) {
  const Inputs in(row);
  OrderBook book;
  std::vector<std::string> names;
  for (const std::string_view order : split(in.text("book"), '|')) {
    book.place(read_order(order, names));
  }
  std::vector<Fill> fills;
  book.place(read_order(in.text("taker"), names), fills);
  std::string text;
  for (const Fill& fill : fills) {
    if (fill.kind != FillKind::Trade) continue;
    text +=
        (text.empty() ? "" : "|") + text_of(fill.quantity.lots) + "x" + text_of(fill.price.ticks);
  }
  return text.empty() ? "none" : text;
}

// "asks 1@50000,1@50001; bids 1@50000,1@49999": sizes and prices may have decimals.
std::string impact(const Row& row) {
  constexpr std::int32_t kSizePlaces = 6;
  const Inputs in(row);
  const bool asks = in.text("side") == "ask";
  const std::int64_t per_usd = in.integer("subticks_per_usd");
  std::vector<DepthLevel> levels;
  for (const std::string_view part : split(in.text("book"), ';')) {
    const std::string_view side = trim(part);
    if (!side.starts_with(asks ? "asks" : "bids")) continue;
    for (const std::string_view level : split(trim(side.substr(4)), ',')) {
      const auto size = split(level, '@');
      if (size.size() != 2) throw InputError{"a level needs SIZE@PRICE"};
      const Decimal price = decimal(size[1]);
      const Int128 ticks = divide(price.value * per_usd, power_of_ten(price.decimals), Round::Down);
      levels.push_back({{narrow(ticks)}, {narrow(decimal(size[0]).at(kSizePlaces))}});
    }
  }
  std::stable_sort(levels.begin(), levels.end(), [&](const DepthLevel& a, const DepthLevel& b) {
    return asks ? a.price < b.price : b.price < a.price;
  });
  // One lot-tick is worth 10^-6 / per_usd dollars, so the notional counts in these.
  const Int128 target = in.decimal("impact_notional_usd").at(kSizePlaces) * per_usd;
  const auto price = impact_price(levels, {narrow(target)}, 1);
  if (!price) return "insufficient";
  return text_of(price->ticks / price->per);
}

constexpr Family kFamilies[] = {
    {"dydx_v4_notional", notional},
    {"dydx_v4_mmf", maintenance_fraction},
    {"dydx_v4_oimf", open_interest_fraction},
    {"dydx_v4_imr", initial_margin},
    {"dydx_v4_requirements", requirements},
    {"dydx_v4_liquidatable", liquidatable},
    {"dydx_v4_funding_clamp", funding_clamp},
    {"dydx_v4_funding_index", funding_index},
    {"dydx_v4_funding_tick", funding_tick},
    {"dydx_v4_premium", premium},
    {"dydx_v4_sample_tails", sample_tails},
    {"dydx_v4_settlement", settlement},
    {"dydx_v4_bankruptcy_price", bankruptcy_price},
    {"dydx_v4_fillable_price", fillable_price},
    {"dydx_v4_fillable_to_subticks", fillable_to_subticks},
    {"dydx_v4_insurance_fund_delta", insurance_fund_delta},
    {"dydx_v4_insurance_fund_valid", insurance_fund_valid},
    {"dydx_v4_block_limits", block_limits},
    {"dydx_v4_can_deleverage", can_deleverage},
    {"dydx_v4_deleveraging", deleveraging},
    {"clob_price_time", price_time},
    {"dydx_v4_impact_price", impact},
};

}  // namespace

std::span<const Family> dydx_v4_families() { return kFamilies; }

}  // namespace mezz::vectors
