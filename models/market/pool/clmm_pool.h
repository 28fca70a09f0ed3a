// A pool of concentrated liquidity (Uniswap v3-core: UniswapV3Pool) as a value: positions between
// two ticks, swaps that cross them, fees counted as growth per unit of liquidity modulo 2^256.
// A swap steps as the contract does, also to the ends of bitmap words (256 tick spacings) without
// liquidity, because every step rounds. Amounts are whole token units.
// The pool's balances cover all it owes: rounding favours it. Left out: protocol fee, flash loans,
// the price oracle, the limit of liquidity per tick.
#pragma once

#include <map>

#include "models/market/pool/clmm_math.h"

namespace mezz::pool::clmm {

struct TickInfo {
  Wide liquidity_gross;
  Int128 liquidity_net = 0;  // added when crossed upwards
  Wide fee_outside0;
  Wide fee_outside1;
};

struct PositionKey {
  std::uint32_t owner = 0;
  std::int32_t lower = 0;
  std::int32_t upper = 0;
  constexpr auto operator<=>(const PositionKey&) const = default;
};
struct Position {
  Wide liquidity;
  Wide fee_inside0;
  Wide fee_inside1;
  Int128 owed0 = 0;
  Int128 owed1 = 0;
};

struct Amounts {
  Int128 token0 = 0;
  Int128 token1 = 0;
};
struct SwapRequest {
  Side side = Side::ZeroForOne;
  Exact exact = Exact::Input;
  Int128 amount = 0;
  Wide sqrt_limit;  // zero: as far as the range reaches
};
struct SwapResult {
  Int128 given = 0;  // with the fee
  Int128 taken = 0;
  Wide fee;
};

class Pool {
 public:
  Pool(const Wide& sqrt_price, std::int64_t fee_ppm, std::int32_t tick_spacing);

  // What the owner pays for `liquidity`, rounded up.
  Amounts mint(const PositionKey& key, Int128 liquidity);
  // What becomes owed to the owner, rounded down; zero liquidity only books the fees.
  Amounts burn(const PositionKey& key, Int128 liquidity);
  // Pays out all that is owed.
  Amounts collect(const PositionKey& key);
  // Stops at the limit, when the amount is done or when the range ends, whatever comes first.
  SwapResult swap(const SwapRequest& request);

  [[nodiscard]] const Wide& sqrt_price() const { return sqrt_price_; }
  [[nodiscard]] std::int32_t tick() const { return tick_; }
  [[nodiscard]] const Wide& liquidity() const { return liquidity_; }
  [[nodiscard]] Amounts balances() const { return balances_; }
  [[nodiscard]] Wide liquidity_of(const PositionKey& key) const;

  void visit_state(auto& v) {
    v("sqrt_price", sqrt_price_);
    v("tick", tick_);
    v("liquidity", liquidity_);
    v("fee_growth0", fee_growth0_);
    v("fee_growth1", fee_growth1_);
    v("balances", balances_);
    v("ticks", ticks_);
    v("positions", positions_);
  }

 private:
  struct Target {
    std::int32_t tick = 0;
    bool initialised = false;
  };
  [[nodiscard]] Target next_target(Side side) const;
  [[nodiscard]] Wide fee_inside(const PositionKey& key, bool token0) const;
  [[nodiscard]] Amounts amounts_for(const PositionKey& key, const Wide& liquidity,
                                    Round round) const;
  void change_tick(std::int32_t tick, Int128 liquidity, bool upper);
  void change_position(const PositionKey& key, Int128 liquidity);
  void add_fee(Side side, const Wide& fee);
  void cross(std::int32_t tick, Side side);
  void book(Side side, const SwapResult& result);

  Wide sqrt_price_;
  std::int32_t tick_ = 0;
  Wide liquidity_;
  Wide fee_growth0_;  // per unit of liquidity times 2^128, modulo 2^256
  Wide fee_growth1_;
  std::int64_t fee_ppm_;
  std::int32_t spacing_;
  Amounts balances_;
  std::map<std::int32_t, TickInfo> ticks_;
  std::map<PositionKey, Position> positions_;
};

}  // namespace mezz::pool::clmm
