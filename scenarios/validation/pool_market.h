// A constant-product pool (models/market/pool) whose only trader is an arbitrageur that is first in
// every block and knows the outside price: it gives the pool whole token units until the marginal
// price, fee included, is the outside price. Blocks come at fixed times or as a Poisson process;
// one market can have a pool of each kind under one price path, so that the two are compared under
// the same prices (Milionis, Moallemi, Roughgarden 2023). Outside, tokens change hands without
// cost. The log price has no drift, as in the paper. A session ends, and another begins with new
// pools, before the price has moved so far that reserves run out. What a session begins with is
// left out of the count: the pool's price is then not yet spread over its band. Left out: other
// traders, gas, a reserve of the fee apart from the pool.
#pragma once

#include <cstdint>
#include <optional>

#include "models/market/pool/constant_product.h"
#include "models/market/price/price_path.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"

namespace mezz::validation {

// The trade that leaves nothing to gain; empty when none pays for the fee.
struct ArbitrageTrade {
  pool::Token given;
  Int128 amount;
};
// `price` is that of token A, in B.
std::optional<ArbitrageTrade> best_trade(const pool::ConstantProductPool& pool, double price);

struct PoolMarketParams {
  double deviation = 0;        // of the log price, over `block_time`
  Duration block_time = 12_s;  // mean
  std::int64_t fee_ppm = 0;
  std::int64_t reserve = 1'000'000;  // tokens of 10^18 units, on both sides
  bool fixed = true;                 // a pool with fixed blocks
  bool poisson = false;              // a pool with Poisson blocks
  std::int64_t blocks = 10'000;      // to count, of each kind

  void visit(auto& v) {
    v("deviation", deviation, {.doc = "Of the log price within a block", .min = 0.0});
    v("block_time", block_time, {.doc = "Mean time between blocks", .min = Duration{1}});
    v("fee_ppm", fee_ppm, {.doc = "Of what is given to the pool", .min = 0});
    v("reserve", reserve, {.doc = "Of each token at the start", .min = 1});
    v("fixed", fixed, {.doc = "A pool with fixed blocks"});
    v("poisson", poisson, {.doc = "A pool with Poisson blocks"});
    v("blocks", blocks, {.doc = "Counted, of each pool", .min = 1});
  }
};

class PoolMarket final : public EntityOf<PoolMarket, PoolMarketParams> {
 public:
  struct FixedBlock {
    std::uint64_t session;
  };
  struct PoissonBlock {
    std::uint64_t session;
  };
  struct Tally {
    std::int64_t blocks = 0;
    std::int64_t trades = 0;
    Duration time = {};  // that the blocks counted span
    double gain = 0;     // of the arbitrageur, each in shares of the pool's value then
    [[nodiscard]] double trades_per_block() const;
    [[nodiscard]] double gain_per(Duration period) const;
    void visit_state(auto& v) {
      v("blocks", blocks);
      v("trades", trades);
      v("time", time);
      v("gain", gain);
    }
  };

  PoolMarket(const Site& site, const PoolMarketParams& params);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const FixedBlock& block);
  void on(Context& ctx, const PoissonBlock& block);

  [[nodiscard]] const Tally& fixed() const { return fixed_.tally; }
  [[nodiscard]] const Tally& poisson() const { return poisson_.tally; }

  void visit_state(auto& v) {
    v("path", path_);
    v("fixed", fixed_);
    v("poisson", poisson_);
    v("session", session_);
    v("session_begin", session_begin_);
    v("moved_at", moved_at_);
  }

 private:
  struct Venue {
    pool::ConstantProductPool pool;
    Time last_block = {};
    Tally tally;
    void visit_state(auto& v) {
      v("reserve_a", pool.reserve_a);
      v("reserve_b", pool.reserve_b);
      v("last_block", last_block);
      v("tally", tally);
    }
  };

  void begin_session(Context& ctx);
  void move_price(Time now);
  // What the block brings; false when the session is over.
  bool block(Context& ctx, Venue& venue);
  [[nodiscard]] bool is_done() const;

  GbmLaw law_;
  GbmPath path_;
  Stream block_stream_;
  Duration warm_up_;
  Duration session_length_;
  Venue fixed_;
  Venue poisson_;
  std::uint64_t session_ = 0;
  Time session_begin_ = {};
  Time moved_at_ = {};
};

}  // namespace mezz::validation
