#include "models/agents/genesis.h"

#include "sim/check/error.h"

namespace mezz {
namespace {

// Half of what money holds: who wins from all others can still be paid.
constexpr Int128 kDepositsMax = Int128{1} << 62;

}  // namespace

void check_deposits(const Exchange& exchange, std::uint32_t count, Money capital) {
  const Int128 before = exchange.totals().deposited.micros;
  if (before + Int128{count} * capital.micros <= kDepositsMax) return;
  throw ScenarioError("agent.capital",
                      "what all accounts hold at the start must stay below 4.6 x 10^12 USD; make "
                      "capital or the number of accounts smaller");
}

AccountRange open_accounts(Exchange& exchange, std::uint32_t count, Money capital) {
  MEZZ_ASSERT(count > 0);
  MEZZ_ASSERT(capital >= Money::zero());
  check_deposits(exchange, count, capital);
  AccountRange range{AccountId::none(), count};
  for (std::uint32_t row = 0; row < count; ++row) {
    const AccountId account = exchange.open_account();
    if (row == 0) range.first = account;
    MEZZ_ASSERT(account == range.at(row));
    if (capital > Money::zero()) exchange.genesis_deposit(account, capital);
  }
  return range;
}

Price initial_price(const Exchange& exchange) {
  const ExchangeParams& p = exchange.params();
  return {p.initial_price.micros / p.contract.tick.micros};
}

void take_other_side(Exchange& exchange, AccountId hedger, Quantity net, Ratio margin) {
  MEZZ_ASSERT(margin > Ratio::zero());
  if (net == Quantity::zero()) return;
  const Price price = initial_price(exchange);
  const Money value = notional(exchange.params().contract, net.abs(), price);
  exchange.genesis_deposit(hedger, scale(value, margin, Round::Up));
  exchange.genesis_position(hedger, -net, price);
}

}  // namespace mezz
