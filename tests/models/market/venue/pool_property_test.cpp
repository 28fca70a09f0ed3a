// What must hold for every pool whatever is traded: random sequences of trades, deposits and
// withdrawals from seeded streams.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/market/pool/constant_product.h"
#include "models/market/venue/pool.h"
#include "sim/check/error.h"
#include "sim/engine/archive.h"
#include "sim/random/stream.h"

namespace mezz::venue {
namespace {

const ContractSpec kBitcoin{};  // one lot times one tick is 1000 micro-dollars
constexpr Price kStart = 50'000_ticks;

PoolParams params_of(Kind kind) {
  PoolParams params{.kind = kind, .quote = 5'000'000_usd};
  if (kind == Kind::Clmm) {
    params.position = {{.lower = 30'000_usd, .upper = 80'000_usd, .liquidity = 3'000'000_usd},
                       {.lower = 48'000_usd, .upper = 51'000_usd, .liquidity = 2'000'000_usd},
                       {.lower = 51'000_usd, .upper = 55'000_usd, .liquidity = 700'000_usd}};
  }
  params.oracle_spread = Ratio{50'000};
  params.impact_positive = 4e-9;
  params.impact_negative = 7e-9;
  params.impact_exponent = 1.7;
  return params;
}

class Every : public testing::TestWithParam<Kind> {
 protected:
  [[nodiscard]] static Pool pool_of(Ratio fee) {
    PoolParams params = params_of(GetParam());
    params.fee = fee;
    params.check("venue", kBitcoin, kStart);
    return {params, kBitcoin, kStart};
  }
  [[nodiscard]] static Stream stream(const char* purpose) {
    return {7, static_cast<std::uint64_t>(GetParam()), "venue", purpose};
  }
};
INSTANTIATE_TEST_SUITE_P(Kinds, Every,
                         testing::Values(Kind::Cpmm, Kind::Clmm, Kind::Vamm, Kind::OraclePool,
                                         Kind::SkewPool),
                         [](const auto& p) { return std::string(enum_name(p.param)); });

// Up to `most`, all magnitudes alike, either sign.
std::int64_t any_size(Stream& rng, std::int64_t most) {
  const double bits = rng.uniform() * std::log2(static_cast<double>(most));
  const auto size = static_cast<std::int64_t>(std::exp2(bits));
  return rng.below(2) == 0 ? size : -size;
}
Price moved(Stream& rng, Price index) {
  return {index.ticks + static_cast<std::int64_t>(rng.below(201)) - 100};
}

TEST_P(Every, MirrorsWhatTradersAndProvidersPutInAndTookOut) {
  Stream rng = stream("conservation");
  Pool pool = pool_of(30_bp);
  const Amounts start = pool.holds();
  Amounts others;  // what everybody but the pool has
  Money fees;
  Price index = kStart;
  int trades = 0;
  for (int i = 0; i < 400; ++i) {
    index = moved(rng, index);
    const std::uint64_t what = rng.below(10);
    if (what < 8) {
      const auto trade = pool.quote({any_size(rng, 20'000)}, index);
      if (!trade) continue;
      pool.apply(*trade, index);
      others.quote += trade->cash();
      others.lots += trade->quantity;
      fees += trade->fee;
      ++trades;
    } else if (what == 8) {
      const Amounts offer{.quote = {std::abs(any_size(rng, 1'000'000'000'000))},
                          .lots = {std::abs(any_size(rng, 20'000))}};
      const auto deposit = pool.add(offer, index);
      if (!deposit) continue;
      ASSERT_TRUE(deposit->quote <= offer.quote && deposit->lots <= offer.lots);
      pool.apply(*deposit, index);
      others.quote -= deposit->quote;
      others.lots -= deposit->lots;
    } else {
      const Shares burned{std::abs(any_size(rng, pool.shares().units / 10))};
      const auto paid = pool.remove(burned, index);
      if (!paid) continue;
      pool.apply_removal(burned, index);
      others.quote += paid->quote;
      others.lots += paid->lots;
    }
    ASSERT_EQ(pool.holds().quote + others.quote, start.quote);
    ASSERT_EQ(pool.holds().lots + others.lots, start.lots);
    ASSERT_EQ(pool.fees_earned(), fees);
  }
  EXPECT_GT(trades, 150);
}

TEST_P(Every, RoundTripInPiecesNeverGains) {
  Stream rng = stream("round trip");
  for (const Ratio fee : {0_bp, 30_bp}) {
    Pool pool = pool_of(fee);
    int closed = 0;
    for (int i = 0; i < 100; ++i) {
      if (const auto other = pool.quote({any_size(rng, 2'000)}, kStart)) {
        pool.apply(*other, kStart);
      }
      Pool after = pool;
      std::int64_t open = 0;
      Money cash;
      const auto trade_of = [&](std::int64_t lots) {
        const auto trade = after.quote({lots}, kStart);
        if (!trade) return false;
        after.apply(*trade, kStart);
        open += lots;
        cash += trade->cash();
        return true;
      };
      for (int piece = 0; piece < 3; ++piece) trade_of(any_size(rng, 2'000));
      while (open != 0) {
        const std::int64_t part = std::abs(open) < 4 ? open : open / 2;
        if (!trade_of(-part)) break;
      }
      if (open != 0) continue;
      ++closed;
      ASSERT_LE(cash, Money::zero());
    }
    EXPECT_GT(closed, 80);
  }
}

TEST_P(Every, AddAndRemoveNeverGains) {
  Stream rng = stream("add and remove");
  Pool pool = pool_of(30_bp);
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    if (const auto other = pool.quote({any_size(rng, 5'000)}, kStart)) pool.apply(*other, kStart);
    Pool after = pool;
    const auto deposit = after.add({.quote = {std::abs(any_size(rng, 2'000'000'000'000))},
                                    .lots = {std::abs(any_size(rng, 40'000))}},
                                   kStart);
    if (!deposit) continue;
    after.apply(*deposit, kStart);
    const auto paid = after.remove(deposit->shares, kStart);
    ASSERT_TRUE(paid.has_value());
    ASSERT_LE(paid->quote, deposit->quote);
    ASSERT_LE(paid->lots, deposit->lots);
    ++done;
  }
  EXPECT_GT(done, 20);
}

// Half of the shares first or after the other half: what a share gets does not fall by waiting,
// and nobody gets more than his part.
TEST_P(Every, LiquidityIsPaidProRata) {
  Stream rng = stream("pro rata");
  Pool pool = pool_of(30_bp);
  for (int i = 0; i < 50; ++i) {
    if (const auto trade = pool.quote({any_size(rng, 1'000)}, kStart)) pool.apply(*trade, kStart);
  }
  const Shares part{pool.shares().units / 3};
  const auto first = pool.remove(part, kStart);
  ASSERT_TRUE(first.has_value());
  const Amounts held = pool.holds();
  const bool both = GetParam() == Kind::Cpmm || GetParam() == Kind::Clmm;
  const Money worth = both ? held.quote : pool.equity(kStart, Round::Down).value();
  const Int128 due = Int128{worth.micros} * part.units;
  ASSERT_LE(Int128{first->quote.micros} * pool.shares().units, due);
  ASSERT_GT(Int128{first->quote.micros + 10} * pool.shares().units, due);
  pool.apply_removal(part, kStart);
  const auto second = pool.remove(part, kStart);
  ASSERT_TRUE(second.has_value());
  ASSERT_GE(second->quote, first->quote);
  ASSERT_GE(second->lots, first->lots);
}

TEST_P(Every, DepthIsTheMostThatHoldsTheLimit) {
  Stream rng = stream("depth");
  Pool pool = pool_of(10_bp);
  int some = 0;
  for (int i = 0; i < 12; ++i) {
    if (const auto trade = pool.quote({any_size(rng, 2'000)}, kStart)) pool.apply(*trade, kStart);
    const Side side = rng.below(2) == 0 ? Side::Buy : Side::Sell;
    const std::int64_t sign = side == Side::Buy ? 1 : -1;
    const Price limit{pool.spot(kStart).ticks +
                      sign * static_cast<std::int64_t>(50 + rng.below(1'000))};
    const auto holds = [&](std::int64_t lots) {
      const auto trade = pool.quote({sign * lots}, kStart);
      return trade && Int128{trade->value.micros} >= Int128{-sign * lots} * limit.ticks * 1'000;
    };
    const Quantity depth = pool.depth(side, limit, kStart);
    if (depth == Quantity::zero()) continue;
    ++some;
    ASSERT_TRUE(holds(depth.lots));
    ASSERT_FALSE(holds(depth.lots + 1));
  }
  EXPECT_GT(some, 5);
}

TEST_P(Every, SnapshotGoesOnAsTheOriginal) {
  Stream rng = stream("snapshot");
  Pool pool = pool_of(30_bp);
  const auto go_on = [&](Pool& one) {
    std::vector<Trade> trades;
    for (int i = 0; i < 20; ++i) {
      if (const auto trade = one.quote({any_size(rng, 5'000)}, kStart)) {
        one.apply(*trade, kStart);
        trades.push_back(*trade);
      }
    }
    return trades;
  };
  go_on(pool);
  std::vector<std::byte> bytes;
  Saver(bytes).value(pool);
  Pool copy = pool_of(30_bp);
  Loader loader(bytes.data(), bytes.size());
  loader.value(copy);
  ASSERT_FALSE(loader.failed());
  ASSERT_EQ(loader.left(), 0U);
  const std::uint64_t position = rng.position();
  const std::vector<Trade> original = go_on(pool);
  rng.seek(position);
  EXPECT_FALSE(original.empty());
  EXPECT_EQ(go_on(copy), original);
  EXPECT_EQ(copy.holds(), pool.holds());
  EXPECT_EQ(copy.shares(), pool.shares());
  EXPECT_EQ(copy.fees_earned(), pool.fees_earned());
}

// Whatever passes check() and whatever is asked: a quote or none, never an assertion.
TEST_P(Every, NoRequestBreaksAPool) {
  Stream rng = stream("hostile");
  int quotes = 0;
  for (int world = 0; world < 60; ++world) {
    PoolParams params = params_of(GetParam());
    const auto any = [&](std::int64_t most) { return std::abs(any_size(rng, most)); };
    params.quote = {any(99'000'000'000'000'000)};
    params.virtual_lots = {any(99'000'000'000'000'000)};
    params.skew_scale = {any(99'000'000'000'000'000)};
    params.impact_negative = std::exp2(-60 + 70 * rng.uniform());
    params.impact_positive = params.impact_negative / 2;
    params.impact_exponent = 1 + 3 * rng.uniform();
    if (GetParam() != Kind::Cpmm && rng.below(2) == 0)
      params.open_interest_ratio_max = {any(INT64_MAX)};
    for (RangeParams& range : params.position) range.liquidity = {any(99'000'000'000'000'000)};
    const ContractSpec contract{.lot_decimals = static_cast<std::int64_t>(rng.below(7))};
    const Price initial{any(10'000'000)};
    try {
      params.check("venue", contract, initial);
    } catch (const ScenarioError&) {
      continue;
    }
    Pool pool(params, contract, initial);
    for (int i = 0; i < 30; ++i) {
      const Price index{rng.below(9) == 0 ? any_size(rng, INT64_MAX) : any(10'000'000)};
      const auto trade = pool.quote({any_size(rng, INT64_MAX)}, index);
      (void)pool.spot(index);
      const Shares burned{any(INT64_MAX)};
      if (pool.remove(burned, index) && rng.below(4) == 0) {
        pool.apply_removal(burned, index);
        continue;
      }
      if (const auto deposit =
              pool.add({.quote = {any(INT64_MAX)}, .lots = {any(INT64_MAX)}}, index)) {
        if (rng.below(4) == 0) {
          pool.apply(*deposit, index);
          continue;
        }
      }
      if (!trade) continue;
      ++quotes;
      pool.apply(*trade, index);
    }
  }
  EXPECT_GT(quotes, 50);
}

pool::Wide product(const Pool& pool) {
  return pool::Wide{pool.holds().quote.micros} * pool::Wide{pool.holds().lots.lots};
}

TEST(ConstantProductVenue, IsTheRuleOfThePoolAndItsProductNeverFalls) {
  Stream rng(7, 0, "venue", "constant product");
  Pool pool(params_of(Kind::Cpmm), kBitcoin, kStart);
  for (int i = 0; i < 300; ++i) {
    const Quantity change{any_size(rng, 50'000)};
    const std::int64_t quote = pool.holds().quote.micros;
    const std::int64_t lots = pool.holds().lots.lots;
    const auto trade = pool.quote(change, kStart);
    if (!trade) continue;
    const Int128 due = change.lots > 0
                           ? -*pool::amount_in(change.lots, {.in = quote, .out = lots}, 3'000)
                           : pool::amount_out(-change.lots, {.in = lots, .out = quote}, 3'000);
    ASSERT_TRUE(due == trade->cash().micros);
    const pool::Wide before = product(pool);
    pool.apply(*trade, kStart);
    ASSERT_GE(product(pool), before);
  }
}

TEST(VirtualAmmVenue, ProductNeverFallsAndLotsAreConserved) {
  Stream rng(7, 0, "venue", "virtual");
  Pool pool(params_of(Kind::Vamm), kBitcoin, kStart);
  Quantity traders;
  for (int i = 0; i < 300; ++i) {
    const pool::VirtualAmm before = pool.rule<Vamm>().reserves();
    const auto trade = pool.quote({any_size(rng, 100'000)}, kStart);
    if (!trade) continue;
    pool.apply(*trade, kStart);
    traders += trade->quantity;
    const pool::VirtualAmm now = pool.rule<Vamm>().reserves();
    ASSERT_GE(pool::Wide{now.quote.units} * pool::Wide{now.base.units},
              pool::Wide{before.quote.units} * pool::Wide{before.base.units});
    ASSERT_EQ(traders, -pool.holds().lots);
    // 1000 BTC at the start; a lot is 10^15 units of a Wad.
    ASSERT_TRUE(now.base.units + traders.lots * Int128{1'000'000'000'000'000} ==
                Wad::whole(1'000).units);
  }
}

TEST(OracleVenue, NeverPaysMoreImpactThanItTook) {
  Stream rng(7, 0, "venue", "impact");
  PoolParams params = params_of(Kind::OraclePool);
  params.oracle_spread = Ratio{0};
  Pool pool(params, kBitcoin, kStart);
  Price index = kStart;
  Money taken;
  Money paid;
  for (int i = 0; i < 1'000; ++i) {
    index = moved(rng, index);
    const auto trade = pool.quote({any_size(rng, 50'000)}, index);
    if (!trade) continue;
    pool.apply(*trade, index);
    const Money impact = trade->value + notional(kBitcoin, trade->quantity, index);
    (impact < Money::zero() ? taken : paid) += impact.abs();
    ASSERT_LE(paid, taken);
    ASSERT_EQ(pool.rule<OraclePool>().impact_pool(), taken - paid);
  }
  EXPECT_GT(paid, Money::zero());
}

// With lots as integers the value is q * index * 1000 * (2 scale + before + after) / (2 scale).
TEST(SkewVenue, FillIsTheMeanOfBeforeAndAfterToAMicroDollar) {
  Stream rng(7, 0, "venue", "skew");
  const PoolParams params = params_of(Kind::SkewPool);
  Pool pool(params, kBitcoin, kStart);
  Price index = kStart;
  for (int i = 0; i < 500; ++i) {
    index = moved(rng, index);
    const auto trade = pool.quote({any_size(rng, 20'000)}, index);
    if (!trade) continue;
    const Int128 twice = Int128{2} * params.skew_scale.lots;
    const Int128 skew = twice - 2 * pool.holds().lots.lots + trade->quantity.lots;
    const Int128 exact = -trade->quantity.lots * Int128{index.ticks} * 1'000 * skew;
    ASSERT_TRUE(trade->value.micros == divide(exact, twice, Round::Down));
    pool.apply(*trade, index);
  }
}

}  // namespace
}  // namespace mezz::venue
