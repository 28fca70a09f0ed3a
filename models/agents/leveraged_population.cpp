#include "models/agents/leveraged_population.h"

#include <algorithm>

#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz {

namespace {

constexpr std::int64_t kMillion = 1'000'000;

double draw_leverage(const LeveragedPopulationParams& p, Stream& stream) {
  const double mu = numeric::log(p.leverage_median);
  const double drawn = lognormal(stream, mu, p.leverage_sigma);
  return std::clamp(drawn, p.leverage_min, p.leverage_max);
}

// In millionths, rounded down: the collateral is then never too small for the leverage.
std::int64_t leverage_ppm(double leverage) {
  return static_cast<std::int64_t>(leverage * static_cast<double>(kMillion));
}

void check(const LeveragedPopulationParams& p, const margin::LiquidityTier& tier,
           const std::string& path) {
  if (p.notional_max < p.notional_min) {
    throw ScenarioError(path + ".notional_max", "must not be below notional_min");
  }
  if (p.leverage_max < p.leverage_min) {
    throw ScenarioError(path + ".leverage_max", "must not be below leverage_min");
  }
  const double limit = static_cast<double>(kMillion) / static_cast<double>(tier.initial_margin_ppm);
  if (p.leverage_max > limit) {
    throw ScenarioError(path + ".leverage_max", "the market's initial margin allows at most " +
                                                    std::to_string(limit) + ", got " +
                                                    std::to_string(p.leverage_max));
  }
  if (p.top_up_share + p.close_share > Ratio::one()) {
    throw ScenarioError(path + ".close_share", "top_up_share + close_share must not exceed 100 %");
  }
}

// The requirement, scaled, stays below the whole notional: a long has then a price of its call.
margin::LiquidityTier scaled(margin::LiquidityTier tier, Ratio factor) {
  const Int128 fraction =
      divide(Int128{tier.maintenance_fraction_ppm} * factor.ppb, Ratio::kScale, Round::Up);
  const Int128 whole =
      Int128{kMillion} * kMillion / std::max<std::int64_t>(tier.initial_margin_ppm, 1);
  tier.maintenance_fraction_ppm = narrow(std::min(fraction, whole));
  return tier;
}

struct Opened {
  Quantity size;
  Money collateral;
};

Opened draw_account(const LeveragedPopulationParams& p, const ContractSpec& contract, Price price,
                    Stream& stream) {
  const double size_usd = pareto(stream, p.notional_min.usd(), p.notional_exponent);
  const double cut = std::min(size_usd, p.notional_max.usd());
  const double leverage = draw_leverage(p, stream);
  const bool is_long = stream.chance(p.long_share);
  const Money lot = notional(contract, Quantity{1}, price);
  const auto lots = static_cast<std::int64_t>(cut * static_cast<double>(Money::kScale) /
                                              static_cast<double>(lot.micros));
  const Quantity size{std::max<std::int64_t>(lots, 1)};
  const Money value = notional(contract, size, price);
  const Money collateral{mul_div(value.micros, kMillion, leverage_ppm(leverage), Round::Up)};
  return {is_long ? size : -size, collateral};
}

}  // namespace

PopulationGenesis LeveragedPopulation::genesis(Exchange& exchange,
                                               const LeveragedPopulationParams& params,
                                               Stream stream, const std::string& path) {
  check(params, exchange.tier(), path);
  const ContractSpec& contract = exchange.params().contract;
  const Price price = initial_price(exchange);
  PopulationGenesis made;
  made.accounts =
      open_accounts(exchange, static_cast<std::uint32_t>(params.accounts), Money::zero());
  for (std::uint32_t row = 0; row < made.accounts.count; ++row) {
    const Opened opened = draw_account(params, contract, price, stream);
    exchange.genesis_deposit(made.accounts.at(row), opened.collateral);
    exchange.genesis_position(made.accounts.at(row), opened.size, price);
    made.net += opened.size;
    (opened.size > Quantity::zero() ? made.longs : made.shorts) += opened.size.abs();
    made.collateral += opened.collateral;
  }
  if (params.reserve_accounts > 0) {
    const AccountRange reserve = open_accounts(
        exchange, static_cast<std::uint32_t>(params.reserve_accounts), params.reserve_capital);
    MEZZ_ASSERT(reserve.first.value == made.accounts.first.value + made.accounts.count);
    made.accounts.count += reserve.count;
  }
  MEZZ_ASSERT(made.net == made.longs - made.shorts);
  return made;
}

LeveragedPopulation::LeveragedPopulation(const Site& site, const LeveragedPopulationParams& params,
                                         const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts),
      call_tier_(scaled(access.node->tier(), params.margin_call)),
      calls_(initial_price(*access.node)),
      called_(accounts.count, 0) {
  mezz::check(params.top_up_delay, path() + ".top_up_delay");
  mezz::check(params.close_delay, path() + ".close_delay");
  MEZZ_ASSERT(accounts.count ==
              static_cast<std::uint32_t>(params.accounts + params.reserve_accounts));
  if (params.top_up_share > Ratio::zero() && !access.can_deposit()) {
    throw ScenarioError(path() + ".top_up_share", "needs layer one and a bridge; set it to 0 %");
  }
  if (site.recording != nullptr) calls_probe_.bind(*site.recording, path());
}

void LeveragedPopulation::file(std::uint32_t row) {
  const AccountId account = accounts().at(row);
  const Quantity size = node().position(account);
  if (size == Quantity::zero()) {
    calls_.erase({row});
    return;
  }
  const Money cash = has_purses() ? node().purse(account, kMainInstrument) : node().quote(account);
  const std::optional<Price> price = liquidation::liquidation_price(
      cash, size, call_tier_, node().params().contract.money_per_lot_tick());
  if (price) {
    calls_.update({row}, size > Quantity::zero() ? Side::Buy : Side::Sell, *price);
  } else {
    calls_.erase({row});
  }
}

bool LeveragedPopulation::is_called(std::uint32_t row, Price mark) const {
  const AccountId account = accounts().at(row);
  const margin::Risk risk = node().risk(account, mark);
  if (risk.maintenance_margin == Money::zero()) return false;
  return risk.net_collateral < scale(risk.maintenance_margin, params().margin_call, Round::Up);
}

void LeveragedPopulation::on(Context& ctx, const Start&) {
  for (std::uint32_t row = 0; row < accounts().count; ++row) file(row);
  after(ctx, params().review, Review{});
  wait_for_entry(ctx);
}

void LeveragedPopulation::on(Context& ctx, const MarkUpdate& update) {
  scratch_.clear();
  calls_.collect_breached(update.mark, scratch_);
  std::uint64_t called = 0;
  for (const AccountId filed : scratch_) {
    const std::uint32_t row = filed.value;
    calls_.erase(filed);
    if (!is_called(row, update.mark)) {  // funding or a liquidation changed it unheard
      file(row);
      continue;
    }
    ++called;
    called_[row] = 1;
    react(ctx, row);
  }
  counts_.calls += called;
  if (called > 0) calls_probe_.record(ctx.now(), counts_.calls);
}

void LeveragedPopulation::react(Context& ctx, std::uint32_t row) {
  const auto draw_ppb =
      static_cast<std::int64_t>(rng().below(static_cast<std::uint64_t>(Ratio::kScale)));
  if (draw_ppb < params().top_up_share.ppb) {
    const Duration delay = draw(params().top_up_delay, rng());
    after(ctx, delay, TopUp{row});
  } else if (draw_ppb < params().top_up_share.ppb + params().close_share.ppb) {
    const Duration delay = draw(params().close_delay, rng());
    after(ctx, delay, Close{row});
  }
}

// What is missing is judged when the deposit is sent, at the price known then.
void LeveragedPopulation::on(Context& ctx, const TopUp& top_up) {
  const AccountId account = accounts().at(top_up.row);
  const margin::Risk risk = node().risk(account, view().mark());
  const Money target = scale(risk.maintenance_margin, params().top_up_target, Round::Up);
  const Money missing = target - risk.net_collateral;
  if (risk.maintenance_margin == Money::zero() || missing <= Money::zero()) {
    called_[top_up.row] = 0;
    file(top_up.row);
    return;
  }
  ++counts_.top_ups;
  const Money free = has_purses() ? node().free_collateral(account) : Money::zero();
  if (free >= missing) {
    move_margin(ctx, account, kMainInstrument, missing);
  } else {
    deposit(ctx, account, missing - free, params().deposit_tip, params().deposit_cap);
  }
}

void LeveragedPopulation::on(Context& ctx, const Close& close) {
  const AccountId account = accounts().at(close.row);
  const Quantity held = node().position(account);
  if (held == Quantity::zero()) return;
  const Quantity part{mul_div(held.abs().lots, params().close_part.ppb, Ratio::kScale, Round::Up)};
  ++counts_.closes;
  place(ctx, {.account = account,
              .quantity = held > Quantity::zero() ? -part : part,
              .price = {0},
              .time_in_force = TimeInForce::Ioc,
              .reduce = Reduce::Only});
}

void LeveragedPopulation::on(Context& ctx, const Receipt& receipt) {
  if (!accounts().contains(receipt.account)) return;
  const std::uint32_t row = accounts().row_of(receipt.account);
  if (receipt.kind == TxKind::Deposit && has_purses()) {
    const Money free = node().free_collateral(receipt.account);
    const bool holds = node().position(receipt.account) != Quantity::zero();
    if (holds && free > Money::zero()) {
      move_margin(ctx, receipt.account, kMainInstrument, free);
      return;  // it is filed when that has happened
    }
  }
  called_[row] = 0;
  file(row);
}

// Called accounts stay out of the index until they have recovered.
void LeveragedPopulation::on(Context& ctx, const Review&) {
  after(ctx, params().review, Review{});
  if (!view().open()) return;
  for (std::uint32_t row = 0; row < accounts().count; ++row) {
    if (called_[row] != 0 && is_called(row, view().mark())) continue;
    called_[row] = 0;
    file(row);
  }
}

void LeveragedPopulation::wait_for_entry(Context& ctx) {
  if (params().entries_per_hour <= 0.0 || params().reserve_accounts == 0) return;
  const double hours = exponential(rng()) / params().entries_per_hour;
  after(ctx, to_drawn_duration(hours * 3.6e12), Enter{});
}

void LeveragedPopulation::on(Context& ctx, const Enter&) {
  wait_for_entry(ctx);
  const auto reserve = static_cast<std::uint32_t>(params().reserve_accounts);
  const std::uint32_t row = accounts().count - reserve + next_reserve_;
  next_reserve_ = (next_reserve_ + 1) % reserve;
  const double leverage = draw_leverage(params(), rng());
  const bool is_long = rng().chance(params().long_share);
  const AccountId account = accounts().at(row);
  const Money capital = node().quote(account);
  if (!view().open() || node().position(account) != Quantity::zero()) return;
  if (capital <= Money::zero()) return;
  const Money value{mul_div(capital.micros, leverage_ppm(leverage), kMillion, Round::Down)};
  const Money lot = notional(node().params().contract, Quantity{1}, view().mark());
  const Quantity size{value.micros / lot.micros};
  if (size == Quantity::zero()) return;
  ++counts_.entries;
  place(ctx, {.account = account,
              .quantity = is_long ? size : -size,
              .price = {0},
              .time_in_force = TimeInForce::Ioc});
}

}  // namespace mezz
