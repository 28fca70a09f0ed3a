// How the exchange liquidates positions that fall short, who is deleveraged and who bears what is
// left: choices of a scenario. The rules are pure functions of models/liquidation.
//   dydx_v4      part of the position on the book to the fillable price, the keeper takes the rest
//                with its own margin; the fund pays below the bankruptcy price
//   hyperliquid  the position (a fifth of a large one first, then all of it while that cools down)
//                on the book, not below bankruptcy; below two thirds of the maintenance margin a
//                vault takes over the whole account, its margin included, as far as its own margin
//                goes. `insurance_fund` is the vault's capital: it sells what it took at every
//                index price and is deleveraged itself when it is insolvent
//   full         the whole position on the book at any price; what is better than bankruptcy goes
//                to the fund, which pays what is worse (as takeovers by exchanges without chain)
//   fixed_bonus  the keeper takes half, or all of an account that has lost 5 % of its maintenance
//                margin, at the index price less a bonus that is paid even when the account cannot
//   maker_clip   a Dutch auction of the position, from above the index price down in steps (a short
//                mirrored at the price it started from); who starts it is paid a tip and a share
//   drift        the keeper takes over, at the index price less his fee, what brings the margin
//   back
//                and a buffer with it; a part of that at first, all of it after a minute. The fund
//                is paid a fee as far as the account can bear it
//   gmx_v2       a vault, as the pool does there, closes the whole position at the index price less
//                the closing fee; what is left stays the account's, what is lacking is its loss
//   synthetix_v3 the account is flagged: a vault takes everything over, its margin included, and
//   pays
//                the keeper's reward; it sells no more than the window allows
// Numbers of gmx_v2 and synthetix_v3 that margin knows too are those of market.venue_margin.
// Ours: Hyperliquid's and Aave's orders are sent by the chain or by anyone; here always by a
// keeper. GMX's pool and Synthetix's hold what traders do not; here the vault offers what it took
// to the book, within unwind_slippage of the mark. Drift ends a liquidation when the buffer is
// there, here it ends when the maintenance margin is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/market/wad.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

enum class LiquidationRule : std::uint8_t {
  DydxV4,
  Hyperliquid,
  Full,
  FixedBonus,
  MakerClip,
  Drift,
  GmxV2,
  SynthetixV3,
};
template <>
struct EnumNames<LiquidationRule> {
  static constexpr std::string_view names[] = {"dydx_v4",     "hyperliquid", "full",
                                               "fixed_bonus", "maker_clip",  "drift",
                                               "gmx_v2",      "synthetix_v3"};
};
// An account of nobody that takes over what is liquidated; `insurance_fund` is its capital.
[[nodiscard]] constexpr bool has_vault(LiquidationRule rule) {
  return rule == LiquidationRule::Hyperliquid || rule == LiquidationRule::GmxV2 ||
         rule == LiquidationRule::SynthetixV3;
}

// Who is closed against an insolvent account, at its bankruptcy price.
enum class Deleveraging : std::uint8_t {
  DydxV4,       // the other side from an offset that nobody chooses
  Rank,         // by return x leverage, as on BitMEX and Binance
  Hyperliquid,  // by mark / entry x leverage
  None,
};
template <>
struct EnumNames<Deleveraging> {
  static constexpr std::string_view names[] = {"dydx_v4", "rank", "hyperliquid", "none"};
};

// Losses that nobody paid, at the end of the block.
enum class Socialise : std::uint8_t {
  None,        // bad debt
  ProRata,     // every account pays in proportion to its equity; beyond all equity, bad debt
  ByPosition,  // who holds the instrument pays by lots, as Drift's step of the funding rate makes
               // them; what somebody cannot pay is bad debt
};
template <>
struct EnumNames<Socialise> {
  static constexpr std::string_view names[] = {"none", "pro_rata", "by_position"};
};

// Of the vault: hyperliquid, gmx_v2, synthetix_v3.
struct BackstopParams {
  Money partial_above = 100'000_usd;
  Duration cooldown = 30_s;
  Ratio unwind_share = 10_percent;
  Ratio unwind_slippage = 1_percent;

  void visit(auto& v) {
    v("partial_above", partial_above,
      {.doc = "hyperliquid: of larger positions a fifth goes to the book first", .min = Money{0}});
    v("cooldown", cooldown,
      {.doc = "hyperliquid: after that fifth the whole position goes, for so long"});
    v("unwind_share", unwind_share,
      {.doc = "hyperliquid, gmx_v2: of what the vault holds, offered to the book at every "
              "index price",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("unwind_slippage", unwind_slippage,
      {.doc = "How far from the mark it offers", .min = Ratio::zero(), .max = Ratio::one()});
  }
};

struct FixedBonusParams {
  Ratio bonus = 5_percent;
  Ratio fund_share = 10_percent;

  void visit(auto& v) {
    v("bonus", bonus, {.doc = "To the keeper, of the notional", .max = Ratio::one()});
    v("fund_share", fund_share,
      {.doc = "Part of the bonus that is the fund's", .max = Ratio::one()});
  }
};

struct ClipParams {
  Ratio start = 110_percent;
  Ratio cut = 99_percent;
  Duration step = 10_s;
  Duration tail = 20_min;
  Ratio cusp = 60_percent;
  Ratio penalty = 5_percent;
  Money tip = 10_usd;
  Ratio chip = 10_bp;

  void visit(auto& v) {
    v("start", start, {.doc = "First price, of the mark", .min = Ratio::one()});
    v("cut", cut, {.doc = "Price after a step, of the one before", .max = Ratio::one()});
    v("step", step, {.doc = "Time between two prices", .min = 1_s});
    v("tail", tail, {.doc = "An older auction starts anew", .min = 1_s});
    v("cusp", cusp, {.doc = "So does one whose price fell below this share of the first"});
    v("penalty", penalty, {.doc = "To the fund, of the price, as far as the account has it"});
    v("tip", tip, {.doc = "From the fund to who starts an auction", .min = Money{0}});
    v("chip", chip, {.doc = "The same, of the notional", .max = Ratio::one()});
  }
};

struct RampParams {
  Ratio fee = 1_percent;
  Ratio fee_max = 3_percent;
  Ratio fund_fee_max = 1_percent;
  Ratio buffer = 2_percent;
  Ratio initial_part = 10_percent;
  Duration duration = 1_min;

  void visit(auto& v) {
    v("fee", fee, {.doc = "To the keeper, of the notional", .max = Ratio::one()});
    v("fee_max", fee_max, {.doc = "It grows to this, from ten minutes on", .max = Ratio::one()});
    v("fund_fee_max", fund_fee_max,
      {.doc = "To the fund, of the notional, as far as the margin allows", .max = Ratio::one()});
    v("buffer", buffer,
      {.doc = "Margin above maintenance that is brought back, of the notional",
       .max = Ratio::one()});
    v("initial_part", initial_part,
      {.doc = "Of the shortage, freed at first", .max = Ratio::one()});
    v("duration", duration, {.doc = "Until all of it may be freed; 0: at once"});
  }
};

struct WindowParams {
  Ratio multiplier = 150_percent;
  Duration window = 30_s;
  Ratio premium_max = 5_bp;

  void visit(auto& v) {
    v("multiplier", multiplier,
      {.doc = "Of fees x skew_scale, which is what a second allows; 0: no limit"});
    v("window", window, {.doc = "Whole seconds", .min = 1_s});
    v("premium_max", premium_max,
      {.doc = "One more window's worth in a block while the vault holds less than this part of "
              "skew_scale; 0: never"});
  }
};

}  // namespace mezz
