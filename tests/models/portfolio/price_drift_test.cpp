// Random portfolios over every kind of listing at two random states of the market: what an account
// has beyond its maintenance margin falls by no more than the bound says.
#include "models/portfolio/price_drift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sim/random/stream.h"

namespace mezz::portfolio {
namespace {

const ContractSpec kPerp{.underlying = "BTC", .tick = 1_usd, .lot_decimals = 3};

ListingSpec listing(const std::string& name, ListingKind kind) {
  ListingSpec s;
  s.name = name;
  s.kind = kind;
  s.lot_decimals = 2;
  s.tick = Money{100'000};
  if (expires(kind)) s.expiry = 2_d;
  if (expires(kind)) s.settlement_window = 30_min;
  if (!is_linear(kind) && kind != ListingKind::InversePerp) s.volatility = 80_percent;
  return s;
}

std::vector<ListingSpec> listings() {
  std::vector<ListingSpec> all;
  for (const ListingKind kind : {ListingKind::LinearPerp, ListingKind::Future, ListingKind::Spot}) {
    all.push_back(listing(std::string(enum_name(kind)), kind));
  }
  ListingSpec inverse = listing("INV", ListingKind::InversePerp);
  inverse.notional = 10_usd;
  all.push_back(inverse);
  for (const ListingKind kind : {ListingKind::Call, ListingKind::Put, ListingKind::DigitalCall,
                                 ListingKind::EverlastingPut}) {
    for (const std::int64_t strike : {45'000, 52'000}) {
      ListingSpec s = listing(std::string(enum_name(kind)) + std::to_string(strike), kind);
      s.strike = 1_usd * strike;
      if (is_digital(kind)) s.payout = 10'000_usd;
      if (strike > 50'000 && expires(kind)) s.expiry = 3_h;
      if (kind == ListingKind::Put && strike > 50'000) {
        s.smile = ListingSmile{.a = 0.4, .b = 0.5, .rho = -0.3, .m = 0.0, .sigma = 0.2};
      }
      all.push_back(s);
    }
  }
  ListingSpec power = listing("POWER", ListingKind::PowerPerp);
  power.power_scale = 1'000_usd;
  power.funding = ListingFunding::InKind;
  all.push_back(power);
  return all;
}

constexpr margin::SpanRanges kSpan{.price = 15_percent,
                                   .volatility = 15_percent,
                                   .spread_charge = 2_percent,
                                   .option_min = 1_percent};

// What the presets leave out: factors above one, a charge that grows, ranges that grow.
margin::ScenarioGrid steep() {
  return {.scenarios = {{.spot = 97_percent, .volatility = Ratio::one()},
                        {.spot = 103_percent, .volatility = Ratio::one()},
                        {.spot = 103_percent, .volatility = -Ratio::one(), .weight = 50_percent},
                        {.spot = 97_percent, .volatility = -Ratio::one()},
                        {.spot = 20_percent, .weight = 25_percent},
                        {.spot = 300_percent, .weight = 10_percent}},
          .volatility_up = 30_percent,
          .volatility_down = 20_percent,
          .short_power = 0.5,
          .roll_per_year = 500_percent,
          .roll_max = 10_percent,
          .option_min = 2_percent,
          .maintenance_factor = 150_percent,
          .initial_factor = 180_percent};
}

struct Market {
  Money index;
  Time now;
  std::vector<std::vector<Price>> prices;  // the perpetual's, then the listings'
};

class PriceDrift : public ::testing::TestWithParam<MarginRule> {
 protected:
  PriceDrift() : specs_(listings()) {
    preset_.rule = GetParam();
    if (preset_.rule == MarginRule::Span16) preset_.grid = margin::span16(kSpan);
    if (preset_.rule == MarginRule::AevoPm) preset_.grid = margin::aevo_pm();
    if (preset_.rule == MarginRule::ScenarioGrid) preset_.grid = steep();
    contracts_.push_back(kPerp);
    for (const ListingSpec& spec : specs_) contracts_.push_back(spec.contract());
  }
  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(random_() % n); }

  Market market_at(Time now, std::int64_t index) {
    Market m{.index = 1_usd * index, .now = now, .prices = {{Price{index}}}};
    for (const ListingSpec& spec : specs_) {
      MarkState state{.now = now, .index = m.index};
      state.averaged = window_passed(spec, now);
      if (state.averaged > Ratio::zero()) state.average = 49'000_usd;
      m.prices.push_back(prices_of(preset_, spec, state));
    }
    return m;
  }
  AccountPortfolio account_at(const Market& m, const std::vector<Quantity>& sizes) {
    AccountPortfolio account{.quote = 1'000_usd, .index = m.index, .legs = {}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (sizes[i] == Quantity::zero()) continue;
      const ListingSpec* spec = i == 0 ? nullptr : &specs_[i - 1];
      Duration left = {};
      if (spec != nullptr) {
        left = expires(spec->kind) ? std::max(Duration::zero(), Time::zero() + spec->expiry - m.now)
                                   : spec->period();
      }
      account.legs.push_back({.listing = spec,
                              .contract = &contracts_[i],
                              .size = sizes[i],
                              .prices = m.prices[i],
                              .to_expiry = left});
    }
    return account;
  }
  Money surplus(const Market& m, const std::vector<Quantity>& sizes) {
    const margin::Risk risk = account_risk(preset_, account_at(m, sizes));
    return risk.net_collateral - risk.maintenance_margin;
  }
  // In micro-dollars.
  double bound(const Market& from, const Market& to, const std::vector<Quantity>& sizes) {
    const auto move = [&](std::size_t i) {
      return static_cast<double>(
          greatest_move(preset_, contracts_[i].tick,
                        {.from = from.prices[i], .to = to.prices[i], .passed = to.now - from.now}));
    };
    double most = 0.0;
    for (const Leg& leg : account_at(from, sizes).legs) {
      const auto at = static_cast<std::size_t>(leg.contract - contracts_.data());
      const Sensitivity s = sensitivity(preset_, leg).value();
      most += s.own * move(at) + s.index * move(0);
    }
    return most;
  }

  MarginPreset preset_;
  std::vector<ListingSpec> specs_;
  std::vector<ContractSpec> contracts_;
  Stream random_{9, 0, "test", "prices"};
};

TEST_P(PriceDrift, NoSurplusFallsByMoreThanTheBound) {
  double closest = 0.0;
  for (int trial = 0; trial < 60; ++trial) {
    const Time now = Time::zero() + 1_min * below(170);
    const Time later = now + 1_s * below(trial % 2 == 0 ? 10 : 5'000);
    const std::int64_t index = 40'000 + below(20'000);
    const std::int64_t reach = trial % 3 == 0 ? 10'000 : 200;
    const Market from = market_at(now, index);
    const Market to =
        market_at(later, index + below(static_cast<std::uint64_t>(2 * reach)) - reach);
    for (int account = 0; account < 40; ++account) {
      std::vector<Quantity> sizes(specs_.size() + 1);
      const std::int64_t legs = 1 + below(4);
      for (std::int64_t leg = 0; leg < legs; ++leg) {
        sizes[static_cast<std::size_t>(below(sizes.size()))] = {below(400) - 200};
      }
      const Money lost = surplus(from, sizes) - surplus(to, sizes);
      const double most = bound(from, to, sizes);
      ASSERT_LE(static_cast<double>(lost.micros), most + 2.0);
      if (most > 0.0) closest = std::max(closest, static_cast<double>(lost.micros) / most);
    }
  }
  EXPECT_GT(closest, 0.5);  // the bound is no mere excuse
}

INSTANTIATE_TEST_SUITE_P(Rules, PriceDrift,
                         ::testing::Values(MarginRule::DeriveSrm, MarginRule::DerivePmrm,
                                           MarginRule::DerivePmrm2, MarginRule::DeribitPm,
                                           MarginRule::Span16, MarginRule::AevoPm,
                                           MarginRule::ScenarioGrid),
                         [](const auto& info) { return std::string(enum_name(info.param)); });

TEST(PriceDriftOfPositionRules, HasNoBound) {
  const Price index{50'000};
  const Leg leg{.listing = nullptr,
                .contract = &kPerp,
                .size = {10},
                .prices = std::span<const Price>(&index, 1)};
  MarginPreset drift;
  drift.rule = MarginRule::Drift;
  EXPECT_FALSE(sensitivity(drift, leg).has_value());
}

}  // namespace
}  // namespace mezz::portfolio
