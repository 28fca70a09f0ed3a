// Random portfolios over every kind of listing, random prices, every margin rule: whatever happens,
// money and positions are conserved to the last unit after every block, the exchange knows who is
// liquidatable, funding sums to the rounding account, expiries pay out what they take in, and
// nobody can withdraw what the rule says is needed.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/check/fingerprint.h"
#include "tests/models/layer2/execution/storm.h"

namespace mezz {
namespace {

ListingSpec spec(const std::string& name, ListingKind kind) {
  ListingSpec s;
  s.name = name;
  s.kind = kind;
  s.tick = Money{10'000};
  s.lot_decimals = 1;
  const bool optional = kind >= ListingKind::Call && kind <= ListingKind::PowerPerp;
  if (optional) s.volatility = 80_percent;
  if (expires(kind)) s.settlement_window = 1_min;
  return s;
}

std::vector<ListingSpec> linear_listings() {
  ListingSpec perp = spec("PERP2", ListingKind::LinearPerp);
  perp.funding = ListingFunding::Cash;
  ListingSpec future = spec("FUT", ListingKind::Future);
  future.expiry = 4_min;
  ListingSpec coin = spec("COIN", ListingKind::Spot);
  coin.lot_decimals = 4;
  return {perp, future, coin};
}

std::vector<ListingSpec> all_listings(MarginMode mode) {
  std::vector<ListingSpec> all = linear_listings();
  ListingSpec inverse = spec("INV", ListingKind::InversePerp);
  inverse.lot_decimals = 0;
  inverse.notional = 10_usd;
  inverse.funding = ListingFunding::Cash;
  if (mode == MarginMode::Cross) all.push_back(inverse);
  for (const ListingKind kind :
       {ListingKind::Call, ListingKind::Put, ListingKind::DigitalCall, ListingKind::DigitalPut}) {
    for (const std::int64_t strike : {95, 105}) {
      ListingSpec s = spec(std::string(enum_name(kind)) + std::to_string(strike), kind);
      s.strike = 1_usd * strike;
      s.expiry = strike == 95 ? 3_min : 1_d;
      s.settlement_window = 30_s;
      if (is_digital(s.kind)) s.payout = 20_usd;
      all.push_back(s);
    }
  }
  for (const ListingKind kind : {ListingKind::EverlastingCall, ListingKind::EverlastingPut}) {
    ListingSpec s = spec(std::string(enum_name(kind)), kind);
    s.strike = 100_usd;
    s.funding = ListingFunding::Cash;
    all.push_back(s);
  }
  for (const ListingFunding funding : {ListingFunding::Cash, ListingFunding::InKind}) {
    ListingSpec s = spec("POWER-" + std::string(enum_name(funding)), ListingKind::PowerPerp);
    s.power = 2;
    s.power_scale = 10_usd;
    s.funding = funding;
    all.push_back(s);
  }
  return all;
}

struct Rules {
  MarginRule margin = MarginRule::DydxV4;
  LiquidationRule liquidation = LiquidationRule::DydxV4;
  MarginMode mode = MarginMode::Cross;
  FundingRule funding = FundingRule::DydxV4;
};

ExchangeParams params_for(const Rules& rules) {
  ExchangeParams params = small_params();
  params.margin = rules.margin;
  params.liquidation_rule = rules.liquidation;
  params.margin_mode = rules.mode;
  params.listing = margins_portfolios(rules.margin) ? all_listings(rules.mode) : linear_listings();
  const bool positions = !margins_portfolios(rules.margin) && rules.margin != MarginRule::DydxV4;
  if (positions) params.open_interest_upper.reset();
  params.venue_margin.leverage = {{.from = {}, .leverage_max = 10}};
  params.venue_margin.gmx_v2.open = 10_percent;
  params.venue_margin.gmx_v2.liquidation = 5_percent;
  params.venue_margin.synthetix_v3 = {
      .skew_scale = 2'000, .initial_min = 9_percent, .position_min = 2_usd, .reward_max = 1_usd};
  params.grids.scenario_grid = {.scenarios = {{.spot = 92_percent, .volatility = Ratio::one()},
                                              {.spot = 108_percent, .volatility = Ratio::one()},
                                              {.spot = 60_percent, .weight = 30_percent},
                                              {.spot = 140_percent, .weight = 30_percent}},
                                .volatility_up = 40_percent,
                                .short_power = 0.2,
                                .roll_max = 2_percent,
                                .option_min = 1_percent,
                                .initial_factor = 125_percent};
  params.backstop.partial_above = 800_usd;
  params.backstop.cooldown = 3_s;
  params.ramp.duration = 10_s;
  params.window.window = 5_s;
  params.clip.step = 1_s;
  params.clip.tail = 30_s;
  params.pool = {
      {.instrument = "COIN", .rule = {.kind = venue::Kind::Cpmm, .quote = 50'000_usd}},
      {.instrument = "PERP2",
       .rule = {.kind = venue::Kind::Vamm, .quote = 20'000_usd, .virtual_lots = Quantity{5'000}}}};
  params.insurance_fund = has_vault(rules.liquidation) ? 400_usd : 50_usd;
  params.funding.default_rate_ppm = 100;
  params.funding_rule = rules.funding;
  params.venue_funding.synthetix_v3 = {.skew_scale = 5, .velocity_max = 10'000_percent};
  params.venue_funding.gmx_v2 = {.increase = 10'000_percent, .max = 100_percent};
  params.funding_tick = 1_min;
  params.funding_sample = 5_s;
  params.oracle.max_age = 10_s;
  params.auction.fast = 20_s;
  params.auction.slow = 1_min;
  params.auction.insolvent = 30_s;
  params.check("exchange");
  return params;
}

class ListingsStorm {
 public:
  ListingsStorm(const Rules& rules, std::uint64_t seed) : desk(params_for(rules)), state_(seed) {
    for (int i = 0; i < 12; ++i) {
      desk.account(300_usd, 5, 100);
      desk.account(300_usd, -5, 100);
    }
    for (int i = 0; i < 4; ++i) desk.account(20'000_usd);
    desk.start();
    if (rules.mode == MarginMode::Isolated) give_free_cash();
    desk.block_time = 900_ms;
  }

  std::vector<Transaction> next_block() {
    std::vector<Transaction> transactions;
    if (desk.exchange.funding_due(desk.now + desk.block_time)) {
      transactions.push_back(simple(AccountId::none(), TxKind::SettleFunding, 0));
    }
    const std::uint64_t count = below(25);
    for (std::uint64_t i = 0; i < count; ++i) transactions.push_back(next());
    return transactions;
  }

  Desk desk;

 private:
  // What they own at genesis is in the purse of the perpetual.
  void give_free_cash() {
    for (std::uint32_t i = 0; i < desk.exchange.accounts(); ++i) {
      desk.run(simple({i}, TxKind::Deposit, 300'000'000));
    }
  }
  std::uint64_t below(std::uint64_t n) {
    state_ = mix(state_, 0x1234567);
    return (state_ >> 7) % n;
  }
  Transaction next() {
    const std::uint64_t dice = below(100);
    const AccountId account{static_cast<std::uint32_t>(below(30))};  // pools are the first two
    if (dice < 70) return random_order(account);
    if (dice < 71) return liquidity(account);
    if (dice < 73) return simple(account, TxKind::CancelAll, 0);
    if (dice < 74)
      return simple(account, TxKind::Deposit, static_cast<std::int64_t>(below(40'000'000)));
    if (dice < 75) return move_margin(account);
    if (dice < 80)
      return simple(account, TxKind::Withdraw, static_cast<std::int64_t>(below(90'000'000)));
    if (dice < 86) {
      price_ += static_cast<std::int64_t>(below(11)) - 5;
      price_ = std::clamp<std::int64_t>(price_, 60, 170);
      return oracle(price_, desk.now);
    }
    std::vector<AccountId> found;
    desk.exchange.collect_liquidatable(desk.exchange.oracle(), found);
    const std::uint64_t victim = found.empty() ? below(30) : found[below(found.size())].value;
    return simple({static_cast<std::uint32_t>(26 + below(4))},
                  dice < 97 ? TxKind::Liquidate : TxKind::Deleverage, 0, victim);
  }
  Transaction liquidity(AccountId account) {
    const InstrumentId instrument = desk.exchange.find_instrument(below(2) == 0 ? "COIN" : "PERP2");
    Transaction tx =
        simple(account, TxKind::AddLiquidity, static_cast<std::int64_t>(below(50'000'000)));
    tx.price = static_cast<std::int64_t>(below(5'000));
    if (below(2) == 0) {
      tx = simple(
          account, TxKind::RemoveLiquidity,
          desk.exchange.pool_shares(account, instrument) / static_cast<std::int64_t>(1 + below(3)));
    }
    tx.instrument = instrument;
    return tx;
  }
  Transaction move_margin(AccountId account) {
    Transaction tx = simple(account, TxKind::MoveMargin,
                            static_cast<std::int64_t>(below(90'000'000)) - 30'000'000);
    tx.instrument = {static_cast<std::uint16_t>(below(desk.exchange.instruments()))};
    return tx;
  }
  Transaction random_order(AccountId account) {
    const InstrumentId instrument{static_cast<std::uint16_t>(below(desk.exchange.instruments()))};
    const std::int64_t mark = desk.exchange.mark(instrument).ticks;
    const std::int64_t lots = static_cast<std::int64_t>(below(40)) - 20;
    const auto reach = static_cast<std::uint64_t>(mark / 10 + 2);
    const std::int64_t price = mark + static_cast<std::int64_t>(below(2 * reach)) - mark / 10;
    Transaction tx =
        order(account, lots == 0 ? 1 : lots, std::max<std::int64_t>(price, 1), below(6),
              below(3) == 0 ? TimeInForce::Ioc : TimeInForce::Gtc,
              below(8) == 0 ? std::uint8_t{Transaction::kReduceOnly} : std::uint8_t{0});
    tx.instrument = instrument;
    return tx;
  }

  std::uint64_t state_;
  std::int64_t price_ = 100;
};

class ListingsStorms : public ::testing::TestWithParam<Rules> {};

// What the account has besides the positions that a liquidation named.
struct Apart {
  Money free;
  std::vector<Money> purses;
  std::vector<Quantity> sizes;
};
Apart apart_of(const Exchange& exchange, AccountId account) {
  Apart apart{.free = exchange.free_collateral(account), .purses = {}, .sizes = {}};
  for (std::uint16_t i = 0; i < exchange.instruments(); ++i) {
    apart.purses.push_back(exchange.purse(account, {i}));
    apart.sizes.push_back(exchange.position(account, {i}));
  }
  return apart;
}

// Where margin is isolated: neither free cash nor the purse of another position pays.
void liquidate_apart(Desk& desk, const Transaction& tx) {
  const AccountId target{static_cast<std::uint32_t>(tx.reference)};
  // Of nobody: it only pays what funding is due until now.
  desk.exchange.execute(simple(tx.account, tx.kind, 0, desk.exchange.accounts()), TxId{0},
                        desk.out);
  const Apart before = apart_of(desk.exchange, target);
  const std::size_t events = desk.out.liquidations.size();
  desk.exchange.execute(tx, TxId{0}, desk.out);
  const Apart after = apart_of(desk.exchange, target);
  ASSERT_GE(after.free, before.free);
  for (std::uint16_t i = 0; i < desk.exchange.instruments(); ++i) {
    bool named = false;
    for (std::size_t e = events; e < desk.out.liquidations.size(); ++e) {
      named |= desk.out.liquidations[e].instrument == InstrumentId{i};
    }
    if (named) continue;
    ASSERT_EQ(after.purses[i], before.purses[i]) << i;
    ASSERT_EQ(after.sizes[i], before.sizes[i]) << i;
  }
}

void run_block(Desk& desk, const std::vector<Transaction>& transactions) {
  desk.now += desk.block_time;
  desk.out.clear();
  desk.exchange.begin_block(BlockId{desk.exchange.block().value + 1}, desk.now);
  const bool isolated = desk.exchange.params().margin_mode == MarginMode::Isolated;
  for (const Transaction& tx : transactions) {
    const bool closes = tx.kind == TxKind::Liquidate || tx.kind == TxKind::Deleverage;
    if (isolated && closes && tx.reference < desk.exchange.accounts()) {
      liquidate_apart(desk, tx);
    } else {
      desk.exchange.execute(tx, TxId{0}, desk.out);
    }
  }
  desk.exchange.end_block(desk.out);
}

TEST_P(ListingsStorms, ConserveMoneyAndPositionsWhateverHappens) {
  std::int64_t trades = 0;
  std::int64_t liquidations = 0;
  std::size_t expiries = 0;
  std::size_t withdrawals = 0;
  Money pooled;  // paid because of a skew
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    ListingsStorm storm(GetParam(), seed);
    const Exchange& exchange = storm.desk.exchange;
    for (int block = 0; block < 320; ++block) {
      run_block(storm.desk, storm.next_block());
      if (HasFatalFailure()) return;
      exchange.full_check();
      if (block % 32 == 0) {  // few portfolios are looked at, whatever the price; nobody is missed
        for (const std::int64_t index : {50, 90, 98, 103, 115, 200}) {
          std::vector<AccountId> found;
          exchange.collect_liquidatable({index}, found);
          std::sort(found.begin(), found.end());
          ASSERT_EQ(found, liquidatable_by_scan(exchange, {index})) << index;
        }
      }
      ASSERT_EQ(exchange.totals().residual, Money::zero());
      expiries += storm.desk.out.expiries.size();
      withdrawals += storm.desk.out.withdrawals.size();
      for (const FundingEvent& event : storm.desk.out.funding) {
        ASSERT_GE(event.rounding, Money::zero());
        ASSERT_LE(event.rounding.micros, follows_skew(GetParam().funding) ? 2'000 : 30);
        pooled += exchange.skew_funding(event.instrument) != nullptr ? event.paid : Money::zero();
      }
    }
    trades += exchange.totals().trades;
    liquidations += exchange.totals().liquidations;
  }
  EXPECT_GT(trades, 1'500);
  EXPECT_GT(liquidations, 20);
  EXPECT_GT(withdrawals, 20U);
  EXPECT_EQ(pooled > Money::zero(), follows_skew(GetParam().funding));
  EXPECT_EQ(expiries, margins_portfolios(GetParam().margin) ? 15U : 3U);
}

// A copy goes on as the original does; so does a state that was saved and loaded.
TEST_P(ListingsStorms, ACopyAndALoadedStateGoOnTheSame) {
  ListingsStorm storm(GetParam(), 77);
  for (int block = 0; block < 120; ++block) storm.desk.block(storm.next_block());
  Exchange copy = storm.desk.exchange;
  const std::vector<std::byte> bytes = bytes_of(copy);
  Exchange loaded(params_for(GetParam()));
  Loader loader(bytes.data(), bytes.size());
  loader.value(loaded);
  ASSERT_FALSE(loader.failed());
  BlockOutput ignored;
  for (int block = 0; block < 60; ++block) {
    const std::vector<Transaction> transactions = storm.next_block();
    storm.desk.block(transactions);
    for (Exchange* other : {&copy, &loaded}) {
      ignored.clear();
      other->begin_block(BlockId{other->block().value + 1}, storm.desk.now);
      for (const Transaction& tx : transactions) other->execute(tx, TxId{0}, ignored);
      other->end_block(ignored);
      ASSERT_EQ(other->root(), storm.desk.exchange.root());
    }
  }
}

std::vector<Rules> all_rules() {
  std::vector<Rules> all{{MarginRule::DeriveSrm},   {MarginRule::DerivePmrm},
                         {MarginRule::DerivePmrm2}, {MarginRule::DeribitPm},
                         {MarginRule::Span16},      {MarginRule::AevoPm},
                         {MarginRule::ScenarioGrid}};
  for (const LiquidationRule liquidation :
       {LiquidationRule::DydxV4, LiquidationRule::Hyperliquid, LiquidationRule::Full,
        LiquidationRule::FixedBonus, LiquidationRule::MakerClip, LiquidationRule::Drift,
        LiquidationRule::GmxV2, LiquidationRule::SynthetixV3}) {
    all.push_back({MarginRule::DydxV4, liquidation});
  }
  all.push_back({MarginRule::Hyperliquid, LiquidationRule::Hyperliquid});
  all.push_back({MarginRule::GmxV2, LiquidationRule::FixedBonus});
  all.push_back({MarginRule::GmxV2, LiquidationRule::GmxV2});
  all.push_back({MarginRule::SynthetixV3, LiquidationRule::Full});
  all.push_back({MarginRule::SynthetixV3, LiquidationRule::SynthetixV3});
  all.push_back({MarginRule::Drift, LiquidationRule::MakerClip});
  all.push_back({MarginRule::Drift, LiquidationRule::Drift});
  const std::size_t cross = all.size();
  for (std::size_t i = 0; i < cross; ++i) {
    all.push_back({all[i].margin, all[i].liquidation, MarginMode::Isolated});
  }
  for (const FundingRule funding : {FundingRule::SynthetixV3, FundingRule::GmxV2}) {
    for (const MarginMode mode : {MarginMode::Cross, MarginMode::Isolated}) {
      all.push_back({MarginRule::DeriveSrm, LiquidationRule::DydxV4, mode, funding});
      for (const LiquidationRule liquidation :
           {LiquidationRule::DydxV4, LiquidationRule::Hyperliquid, LiquidationRule::FixedBonus,
            LiquidationRule::GmxV2, LiquidationRule::SynthetixV3}) {
        all.push_back({MarginRule::DydxV4, liquidation, mode, funding});
      }
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rules, ListingsStorms, ::testing::ValuesIn(all_rules()),
                         [](const auto& info) {
                           return std::string(enum_name(info.param.margin)) + "_closed_by_" +
                                  std::string(enum_name(info.param.liquidation)) + "_" +
                                  std::string(enum_name(info.param.mode)) + "_funding_" +
                                  std::string(enum_name(info.param.funding));
                         });

}  // namespace
}  // namespace mezz
