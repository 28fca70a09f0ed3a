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
// Ours: Hyperliquid's and Aave's orders are sent by the chain or by anyone; here always by a
// keeper.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/market/wad.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

enum class LiquidationRule : std::uint8_t { DydxV4, Hyperliquid, Full, FixedBonus, MakerClip };
template <>
struct EnumNames<LiquidationRule> {
  static constexpr std::string_view names[] = {"dydx_v4", "hyperliquid", "full", "fixed_bonus",
                                               "maker_clip"};
};

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
  None,     // bad debt
  ProRata,  // every account pays in proportion to its equity; beyond all equity, bad debt
};
template <>
struct EnumNames<Socialise> {
  static constexpr std::string_view names[] = {"none", "pro_rata"};
};

struct BackstopParams {
  Money partial_above = 100'000_usd;
  Duration cooldown = 30_s;
  Ratio unwind_share = 10_percent;
  Ratio unwind_slippage = 1_percent;

  void visit(auto& v) {
    v("partial_above", partial_above,
      {.doc = "Of larger positions a fifth goes to the book first", .min = Money{0}});
    v("cooldown", cooldown, {.doc = "After that fifth the whole position goes, for so long"});
    v("unwind_share", unwind_share,
      {.doc = "Of what the vault holds, offered to the book at every index price",
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

}  // namespace mezz
