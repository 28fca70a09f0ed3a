// What a scenario may say about the exchange. Defaults are the genesis values of dYdX v4 (large-cap
// tier: 2 % initial, 60 % of it maintenance; liquidations of at most 10 % of a position and
// 100 000 USD a block; funding every hour from samples every minute; withdrawals gated for 50
// blocks). Fees are the usual 1 and 5 basis points of its first fee tier.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/layer2/execution/funding_presets.h"
#include "models/layer2/execution/liquidation_presets.h"
#include "models/layer2/execution/margin_grids.h"
#include "models/layer2/execution/margin_presets.h"
#include "models/liquidation/derive_auction.h"
#include "models/liquidation/dydx_v4.h"
#include "models/margin/dydx_v4.h"
#include "models/market/instrument.h"
#include "models/market/venue/pool_params.h"
#include "models/portfolio/account_margin.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

enum class OraclePolicy : std::uint8_t {
  Push,  // a price feed sends OracleUpdate transactions
  Pull,  // the transaction that needs a price carries a signed one (also: OracleUpdate)
};
template <>
struct EnumNames<OraclePolicy> {
  static constexpr std::string_view names[] = {"push", "pull"};
};

struct OracleParams {
  OraclePolicy policy = OraclePolicy::Push;
  Duration max_age = 1_min;
  Ratio max_confidence = Ratio{20'000'000};

  void visit(auto& v) {
    v("policy", policy, {.doc = "Who brings the price: a feed, or whoever needs it"});
    v("max_age", max_age, {.doc = "Oldest observation that is accepted at execution"});
    v("max_confidence", max_confidence,
      {.doc = "Widest confidence interval accepted, as a share of the price", .min = Ratio{0}});
  }
};

// What happens to a forced fill worse than the bankruptcy price when the fund cannot pay for it.
enum class FundShortfall : std::uint8_t {
  Deleverage,   // the fill is refused; profitable accounts are closed at the bankruptcy price
  BookBadDebt,  // the fill goes through; the loss left when the position is gone is bad debt
};
template <>
struct EnumNames<FundShortfall> {
  static constexpr std::string_view names[] = {"deleverage", "book_bad_debt"};
};

// Accounts that hold listings under a portfolio rule are liquidated by Dutch auction, as on Derive.
struct AuctionParams {
  Ratio start = 95_percent;
  Ratio fast_cutoff = 70_percent;
  Duration fast = 15_min;
  Duration slow = 12_h;
  Duration insolvent = 60_min;
  Ratio fee = 10_percent;
  Ratio buffer = 15_percent;

  void visit(auto& v) {
    v("start", start, {.doc = "Price at first, of the value", .max = Ratio::one()});
    v("fast_cutoff", fast_cutoff, {.doc = "Price after the fast part", .max = Ratio::one()});
    v("fast", fast, {.doc = "Time from the first price to the cutoff", .min = 1_s});
    v("slow", slow, {.doc = "Time from the cutoff to nothing", .min = 1_s});
    v("insolvent", insolvent,
      {.doc = "Time until the payment to the bidder has grown to the maintenance margin",
       .min = 1_s});
    v("fee", fee, {.doc = "To the insurance fund, of what may be sold at the start"});
    v("buffer", buffer, {.doc = "Sold beyond the maintenance margin, of value less margin"});
  }
  [[nodiscard]] liquidation::derive::AuctionParams rule() const;
};

// A listing that trades against a pool instead of on an order book.
struct PoolEntry {
  std::string instrument;
  venue::PoolParams rule;

  void visit(auto& v) {
    v("instrument", instrument, {.doc = "Name of the listing"});
    v("rule", rule, {.doc = "How the pool makes its price"});
  }
};

// How orders meet. No parameter of the section [market]: it follows from sequencing.order.
enum class Matching : std::uint8_t {
  Continuous,    // one after the other, at the price of who was there first
  BatchAuction,  // those of a block together, at one price
};

struct ExchangeParams {
  Matching matching = Matching::Continuous;
  ContractSpec contract;
  std::vector<ListingSpec> listing;
  std::vector<PoolEntry> pool;
  MarginRule margin = MarginRule::DydxV4;
  margin::DeriveSrm derive_srm;
  MarginGrids grids;
  VenueMargins venue_margin;
  MarginMode margin_mode = MarginMode::Cross;
  std::int64_t isolated_leverage = 0;
  AuctionParams auction;
  margin::Tier tier = margin::Tier::LargeCap;
  std::optional<Ratio> initial_margin = {};
  std::optional<Ratio> maintenance_fraction = {};
  std::optional<Money> open_interest_lower = {};
  std::optional<Money> open_interest_upper = {};
  std::optional<Money> impact_notional = {};
  Money initial_price = 50'000_usd;  // of one unit of the underlying
  Ratio maker_fee = 1_bp;
  Ratio taker_fee = 5_bp;
  Money insurance_fund = 1'000'000_usd;
  FundingRule funding_rule = FundingRule::DydxV4;
  FundingParams funding;
  VenueFunding venue_funding;
  Duration funding_sample = 1_min;
  Duration funding_tick = 1_h;
  LiquidationRule liquidation_rule = LiquidationRule::DydxV4;
  liquidation::LiquidationParams liquidation;
  BackstopParams backstop;
  FixedBonusParams fixed_bonus;
  ClipParams clip;
  RampParams ramp;
  WindowParams window;
  Deleveraging deleveraging = Deleveraging::DydxV4;
  Socialise socialise = Socialise::None;
  FundShortfall fund_shortfall = FundShortfall::Deleverage;
  bool deleverage_at_once = true;
  OracleParams oracle;
  Quantity order_min = 1_lot;
  Money order_notional_max = 1'000'000'000_usd;
  std::int64_t account_orders_max = 1'000;
  Money withdrawal_min = Money{1};
  std::int64_t withdrawal_gate_blocks = 50;
  Duration depth_every = {};  // recording only (market_samples.h)
  Duration health_every = {};

  void visit(auto& v) {
    v("contract", contract, {.doc = "The perpetual contract"});
    v("listing", listing, {.doc = "Instruments beside it", .count_max = kListingsMax});
    v("pool", pool, {.doc = "Listings that trade against a pool", .count_max = 64});
    v("margin", margin,
      {.doc =
           "What accounts must hold; derive_*, deribit_pm, span16, aevo_pm and scenario_grid look "
           "at whole portfolios, the others at positions"});
    v("derive_srm", derive_srm, {.doc = "Where margin = derive_srm"});
    grids.visit(v);
    v("venue_margin", venue_margin, {.doc = "Numbers of the rules of other venues"});
    v("margin_mode", margin_mode,
      {.doc =
           "Whether the whole account stands for its positions, or each has a purse of its own"});
    v("isolated_leverage", isolated_leverage,
      {.doc = "Notional over what is put into a purse, where that is more than the initial margin; "
              "0: the initial margin",
       .min = 0,
       .max = 1'000});
    v("auction", auction, {.doc = "Liquidation of portfolios that hold listings"});
    v("tier", tier, {.doc = "Preset of margins and open-interest caps"});
    v("initial_margin", initial_margin,
      {.doc = "Overrides the tier (dydx_v4)", .min = Ratio{1'000}, .max = Ratio::one()});
    v("maintenance_fraction", maintenance_fraction,
      {.doc = "Overrides the tier (dydx_v4)", .min = Ratio{1'000}, .max = Ratio::one()});
    v("open_interest_lower", open_interest_lower, {.doc = "Overrides the tier (dydx_v4)"});
    v("open_interest_upper", open_interest_upper, {.doc = "Overrides the tier (dydx_v4)"});
    v("impact_notional", impact_notional, {.doc = "Overrides the tier"});
    v("initial_price", initial_price,
      {.doc = "Index price at the start; a scenario's is that of section price", .min = Money{1}});
    v("maker_fee", maker_fee, {.doc = "Of the notional; negative is a rebate"});
    v("taker_fee", taker_fee, {.doc = "Of the notional"});
    v("insurance_fund", insurance_fund, {.doc = "At the start", .min = Money{0}});
    v("funding_rule", funding_rule,
      {.doc = "How the perpetual's rate follows from its premium, or that of the perpetuals with "
              "pools from their skew"});
    v("funding", funding,
      {.doc = "Rate and clamp where the rule is dydx_v4; the clamp of a vote always"});
    v("venue_funding", venue_funding, {.doc = "Numbers of the other rules"});
    v("funding_sample", funding_sample, {.doc = "Time between two premium samples", .min = 1_s});
    v("funding_tick", funding_tick, {.doc = "Time between two settlements", .min = 1_s});
    v("liquidation_rule", liquidation_rule,
      {.doc = "How a position is closed; portfolios are auctioned (section auction)"});
    v("liquidation", liquidation, {.doc = "Limits, fee and price where the rule is dydx_v4"});
    v("backstop", backstop,
      {.doc = "Where the rule has a vault: hyperliquid, gmx_v2, synthetix_v3"});
    v("fixed_bonus", fixed_bonus, {.doc = "Where the rule is fixed_bonus"});
    v("clip", clip, {.doc = "Where the rule is maker_clip"});
    v("ramp", ramp, {.doc = "Where the rule is drift"});
    v("window", window, {.doc = "Where the rule is synthetix_v3"});
    v("deleveraging", deleveraging, {.doc = "Who is closed against insolvent accounts"});
    v("socialise", socialise, {.doc = "Who bears what nobody paid"});
    v("fund_shortfall", fund_shortfall, {.doc = "When the insurance fund cannot pay"});
    v("deleverage_at_once", deleverage_at_once,
      {.doc = "Deleverage in the liquidating transaction, not in one of its own"});
    v("oracle", oracle, {.doc = "Which index prices are accepted"});
    v("order_min", order_min, {.doc = "Smallest order", .min = Quantity{1}});
    v("order_notional_max", order_notional_max, {.doc = "Largest order", .min = Money{1}});
    v("account_orders_max", account_orders_max,
      {.doc = "Resting orders an account may have", .min = 1});
    v("withdrawal_min", withdrawal_min, {.doc = "Smallest withdrawal", .min = Money{1}});
    v("withdrawal_gate_blocks", withdrawal_gate_blocks,
      {.doc = "Withdrawals stop for so many blocks after an account stays insolvent", .min = 0});
    v("depth_every", depth_every,
      {.doc = "Time between two rows of tables/book_depth (recording only); 0: no such table"});
    v("health_every", health_every,
      {.doc = "Time between two rows of tables/account_health (recording only); 0: no such table"});
  }

  // Throws ScenarioError; called once, while building.
  void check(const std::string& path) const;
  [[nodiscard]] MarginPreset margin_preset() const;
  [[nodiscard]] FundingPreset funding_preset() const {
    return {.rule = funding_rule, .dydx = funding, .venue = venue_funding};
  }
  // Of an account with nothing but the perpetual: preset and overrides, or what `margin` asks.
  [[nodiscard]] margin::LiquidityTier liquidity_tier() const {
    return margin_preset().position.tier;
  }
};

}  // namespace mezz
