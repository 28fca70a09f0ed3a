#include "gui/model/laboratory/inspect_market.h"

#include <fmt/core.h>

#include <algorithm>

#include "gui/model/laboratory/inspect_chain.h"
#include "gui/model/laboratory/message_text.h"
#include "models/layer2/execution/node.h"
#include "models/market/oracle/pull_oracle.h"
#include "models/market/oracle/push_oracle.h"
#include "models/market/price/price_process.h"

namespace mezz::lab {

namespace {

constexpr std::size_t kRows = 40;

const Exchange& exchange(const Study& study) { return study.layer2().node->exchange(); }

std::string usd(Money money) { return number_text(money.usd()) + " USD"; }

std::string price_text(const Exchange& market, Price price) {
  return usd(market.params().contract.tick * price.ticks);
}

std::string lots(Quantity quantity) { return number_text(static_cast<double>(quantity.lots)); }

// Equity over maintenance margin: liquidated below 1.
double health(const margin::Risk& risk) {
  if (risk.maintenance_margin <= Money::zero()) return 1e9;
  return risk.net_collateral.usd() / risk.maintenance_margin.usd();
}

std::string health_text(double health) {
  return health >= 1e9 ? "no position" : number_text(health);
}

}  // namespace

Inspector inspect_accounts(const Study& study) {
  const Exchange& market = exchange(study);
  Inspector out{.id = "accounts", .title = "Accounts", .rows = {}, .tables = {}};
  std::vector<AccountId> breached;
  market.collect_liquidatable(market.oracle(), breached);
  const Insolvency insolvent = market.insolvency(market.oracle());
  out.rows.push_back({"accounts", number_text(market.accounts()), false});
  out.rows.push_back({"below maintenance margin", number_text(static_cast<double>(breached.size())),
                      !breached.empty()});
  out.rows.push_back(
      {"insolvent", number_text(static_cast<double>(insolvent.accounts)), insolvent.accounts > 0});
  out.rows.push_back({"their equity", usd(insolvent.equity), insolvent.accounts > 0});
  InspectorTable table{.title = "Nearest to liquidation",
                       .columns = {"account", "position (lots)", "equity", "health"},
                       .rows = {}};
  // All of a small world; of a large one those the price index names.
  std::vector<AccountId> shown = breached;
  if (market.accounts() <= 5000) {
    shown.clear();
    for (std::uint32_t i = 0; i < market.accounts(); ++i) shown.push_back(AccountId{i});
  }
  std::vector<std::pair<double, AccountId>> order;
  for (const AccountId account : shown) {
    order.emplace_back(health(market.risk(account, market.oracle())), account);
  }
  std::sort(order.begin(), order.end());
  if (order.size() > kRows) order.resize(kRows);
  for (const auto& [value, account] : order) {
    table.rows.push_back({fmt::format("{}", account.value), lots(market.position(account)),
                          usd(market.equity(account, market.oracle())), health_text(value)});
  }
  out.tables.push_back(std::move(table));
  return out;
}

Inspector inspect_account(const Study& study, std::uint32_t number) {
  const Exchange& market = exchange(study);
  Inspector out{.id = fmt::format("account {}", number),
                .title = fmt::format("Account {}", number),
                .rows = {},
                .tables = {}};
  if (number >= market.accounts()) {
    out.rows.push_back({"there is no such account",
                        fmt::format("accounts are 0 to {}", market.accounts() - 1), true});
    return out;
  }
  const AccountId account{number};
  const margin::Risk risk = market.risk(account, market.oracle());
  const Money equity = market.equity(account, market.oracle());
  out.rows.push_back({"balance", usd(market.quote(account)), false});
  out.rows.push_back({"position", lots(market.position(account)) + " lots", false});
  out.rows.push_back({"equity", usd(equity), equity < Money::zero()});
  out.rows.push_back({"initial margin", usd(risk.initial_margin), false});
  out.rows.push_back({"maintenance margin", usd(risk.maintenance_margin), false});
  out.rows.push_back({"free collateral", usd(market.free_collateral(account)), false});
  out.rows.push_back(
      {"health (equity / maintenance)", health_text(health(risk)), health(risk) < 1});
  out.rows.push_back({"live orders", fmt::format("{}", market.live_orders(account)), false});
  const Time since = market.liquidatable_since(account);
  out.rows.push_back({"liquidatable since", time_text(since), since.happened()});
  InspectorTable held{
      .title = "Other instruments", .columns = {"instrument", "lots", "mark"}, .rows = {}};
  for (std::uint16_t i = 1; i < market.instruments(); ++i) {
    const InstrumentId instrument{i};
    if (market.position(account, instrument) == Quantity::zero()) continue;
    held.rows.push_back({fmt::format("{}", i), lots(market.position(account, instrument)),
                         price_text(market, market.mark(instrument))});
  }
  if (!held.rows.empty()) out.tables.push_back(std::move(held));
  return out;
}

Inspector inspect_book(const Study& study) {
  const Exchange& market = exchange(study);
  const OrderBook& book = market.book();
  Inspector out{.id = "book", .title = "Order book", .rows = {}, .tables = {}};
  out.rows.push_back({"orders", fmt::format("{}", book.live()), false});
  if (book.has(Side::Buy)) {
    out.rows.push_back({"best bid", price_text(market, book.best(Side::Buy)), false});
  }
  if (book.has(Side::Sell)) {
    out.rows.push_back({"best ask", price_text(market, book.best(Side::Sell)), false});
  }
  out.rows.push_back({"last trade", price_text(market, market.last_trade(kMainInstrument)), false});
  for (const Side side : {Side::Sell, Side::Buy}) {
    InspectorTable table{
        .title = side == Side::Buy ? "Bids" : "Asks", .columns = {"price", "lots"}, .rows = {}};
    for (const DepthLevel& level : book.depth(side, 15)) {
      table.rows.push_back({price_text(market, level.price), lots(level.quantity)});
    }
    // The spread lies between the two tables: asks from the highest down.
    if (side == Side::Sell) std::reverse(table.rows.begin(), table.rows.end());
    out.tables.push_back(std::move(table));
  }
  return out;
}

Inspector inspect_ledger(const Study& study) {
  const ExchangeTotals t = exchange(study).totals();
  Inspector out{.id = "ledger", .title = "Ledger", .rows = {}, .tables = {}};
  out.rows = {{"users' balances", usd(t.user_quote), false},
              {"insurance fund", usd(t.insurance_fund), t.fund_and_vault() <= Money::zero()},
              {"fees", usd(t.fees), false},
              {"rounding", usd(t.rounding), false},
              {"bad debt booked", usd(t.bad_debt), t.bad_debt > Money::zero()},
              {"deposited", usd(t.deposited), false},
              {"withdrawn", usd(t.withdrawn), false},
              {"residual (must be 0)", usd(t.residual), t.residual != Money::zero()},
              {"funding paid", usd(t.funding_paid), false},
              {"open interest", lots(t.open_interest) + " lots", false},
              {"orders", fmt::format("{}", t.orders), false},
              {"trades", fmt::format("{}", t.trades), false},
              {"liquidations", fmt::format("{}", t.liquidations), t.liquidations > 0},
              {"deleveraged", usd(t.adl_notional), t.adl_notional > Money::zero()}};
  if (has_vault(exchange(study).params().liquidation_rule)) {
    out.rows.push_back({"the vault's equity", usd(t.backstop), t.backstop <= Money::zero()});
  }
  return out;
}

Inspector inspect_prices(const Study& study) {
  const Exchange& market = exchange(study);
  Inspector out{.id = "prices", .title = "Prices and oracle", .rows = {}, .tables = {}};
  const Time now = study.world().engine().now();
  if (const auto* outside = part<PriceProcess>(study); outside != nullptr) {
    out.rows.push_back({"price outside", price_text(market, outside->price()), false});
  }
  out.rows.push_back(
      {"price of the exchange's oracle", price_text(market, market.oracle()), false});
  const Duration age = now - market.oracle_time();
  out.rows.push_back({"its age", time_text(Time::zero() + age), age > Duration{60'000'000'000}});
  out.rows.push_back({"mark", price_text(market, market.mark(kMainInstrument)), false});
  if (const auto* oracle = part<PushOracle>(study); oracle != nullptr) {
    out.rows.push_back({"reports sent", fmt::format("{}", oracle->reports_sent()), false});
    out.rows.push_back({"fees paid", number_text(oracle->fees_paid().ether()) + " ETH", false});
  }
  if (part<PullOracle>(study) != nullptr) {
    out.rows.push_back({"route", "pulled: whoever acts brings the signed price", false});
  }
  return out;
}

}  // namespace mezz::lab
