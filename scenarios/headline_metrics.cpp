#include "scenarios/headline_metrics.h"

#include <algorithm>
#include <string>

#include "models/agents/genesis.h"

namespace mezz {

namespace {

void add(std::vector<Metric>& out, std::string name, double value, const char* unit) {
  out.push_back({std::move(name), value, unit});
}
template <class Integer>
void count(std::vector<Metric>& out, std::string name, Integer value) {
  add(out, std::move(name), static_cast<double>(value), "1");
}
void money(std::vector<Metric>& out, std::string name, Money value) {
  add(out, std::move(name), value.usd(), "USD");
}

void add_finality(std::vector<Metric>& out, const ExecutionNode& node) {
  for (std::size_t r = 1; r < kRungs; ++r) {
    const auto rung = static_cast<Rung>(r);
    const RungLatency latency = node.latency(rung);
    const std::string name = "finality." + std::string(enum_name(rung));
    if (latency.reached > 0) {
      add(out, name + ".p50", latency.p50.seconds(), "s");
      add(out, name + ".p99", latency.p99.seconds(), "s");
      add(out, name + ".p999", latency.p999.seconds(), "s");
    }
    count(out, name + ".never", latency.never);
  }
}

void add_delays(std::vector<Metric>& out, const std::string& name, std::vector<Duration> delays) {
  if (delays.empty()) return;
  const RungLatency latency = summarise(std::move(delays), 0);
  add(out, name + ".p50", latency.p50.seconds(), "s");
  add(out, name + ".p99", latency.p99.seconds(), "s");
}

void add_withdrawals(std::vector<Metric>& out, const CanonicalBridge& bridge) {
  std::vector<Duration> delays;
  std::uint64_t reproved = 0;
  std::uint64_t dropped = 0;  // their block is gone; the user's transaction usually comes again
  for (std::uint64_t i = 0; i < bridge.withdrawals(); ++i) {
    const BridgeWithdrawal& w = bridge.withdrawal(WithdrawalId{i});
    if (w.stage == WithdrawalStage::Paid) delays.push_back(w.rules.paid_at() - w.initiated);
    if (w.stage == WithdrawalStage::Void) ++dropped;
    if (w.proofs > 1) reproved += w.proofs - 1;
  }
  count(out, "withdrawal.count", bridge.withdrawals() - dropped);
  count(out, "withdrawal.dropped", dropped);
  count(out, "withdrawal.paid", delays.size());
  count(out, "withdrawal.reproved", reproved);
  add_delays(out, "withdrawal.delay", std::move(delays));
  money(out, "withdrawal.lost", bridge.totals().lost);
}

// Transactions forced over layer one: from the user's layer-one transaction to the layer-two block.
void add_forced(std::vector<Metric>& out, const Layer2& layer2) {
  const Layer2Chain& chain = layer2.node->chain();
  std::vector<Duration> delays;
  for (std::uint64_t n = 1; n <= chain.head().value; ++n) {
    const Layer2Block& block = chain.block(BlockId{n});
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const Transaction& tx = chain.transaction(i).transaction;
      if ((tx.flags & Transaction::kForced) != 0) delays.push_back(block.sealed - tx.submitted);
    }
  }
  count(out, "forced.count", layer2.l1_inbox->forced_written());
  count(out, "forced.included", delays.size());
  add_delays(out, "forced.delay", std::move(delays));
}

void add_market(std::vector<Metric>& out, const ExecutionNode& node) {
  const Exchange& exchange = node.exchange();
  const ExchangeTotals t = exchange.totals();
  count(out, "orders", t.orders);
  count(out, "trades", t.trades);
  money(out, "funding.paid", t.funding_paid);
  count(out, "liquidations.count", t.liquidations);
  money(out, "liquidations.notional", t.liquidation_notional);
  std::vector<Duration> delays;
  for (const LiquidationDelay& delay : node.liquidation_delays()) delays.push_back(delay.delay);
  add_delays(out, "liquidations.delay", std::move(delays));
  money(out, "insurance_fund.start", t.insurance_fund_start);
  money(out, "insurance_fund.end", t.insurance_fund);
  money(out, "insurance_fund.min", t.insurance_fund_min);
  money(out, "adl.notional", t.adl_notional);
  // Booked, and what accounts that still wait to be closed owe beyond their collateral.
  const Insolvency waiting = exchange.insolvency(exchange.oracle());
  const Money debt = t.bad_debt - waiting.equity;
  money(out, "bad_debt.usd", debt);
  count(out, "bad_debt.accounts", t.bad_debt_accounts + waiting.accounts);
  const Money open_interest =
      notional(exchange.params().contract, t.open_interest_max, initial_price(exchange));
  add(out, "bad_debt.share_of_oi",
      open_interest > Money::zero() ? debt.usd() / open_interest.usd() : 0.0, "1");
  money(out, "ledger.residual", t.residual);
}

void add_layer1(std::vector<Metric>& out, const Headline& h) {
  const auto spent = h.l1->spent(L1CallKind::BatchData);
  add(out, "l1.gas_cost", spent.execution.ether(), "ETH");
  add(out, "l1.blob_cost", spent.blobs.ether(), "ETH");
  const double cost = spent.execution.ether() + spent.blobs.ether();
  const auto transactions = static_cast<double>(h.layer2.poster->totals().transactions);
  add(out, "transaction.cost.mean", transactions > 0 ? cost / transactions : 0.0, "ETH");
  add(out, "l1.base_fee.end", h.l1->base_fee().gwei(), "gwei");
  count(out, "l1.blocks", h.l1->height());
}

void add_settlement(std::vector<Metric>& out, const Layer2& layer2) {
  const SettlementTotals& t = layer2.proof->totals();
  count(out, "disputes.claims", t.claims);
  count(out, "disputes.moves", t.moves);
  count(out, "disputes.steps", t.steps);
  count(out, "disputes.challenger_wins", t.challenger_wins);
  count(out, "disputes.defender_wins", t.defender_wins);
  count(out, "disputes.false_claims_settled", t.false_claims_settled);
  std::vector<Duration> lost;  // from the claim to the end of the game, of claims that lost
  for (std::uint32_t i = 0; i < layer2.proof->games(); ++i) {
    const layer2::DisputeGame& game = layer2.proof->game(GameId{i}).game;
    if (game.status() != layer2::GameStatus::ChallengerWins) continue;
    lost.push_back(game.resolved_at() - game.created_at());
  }
  add_delays(out, "disputes.duration", std::move(lost));
}

void add_sequencing(std::vector<Metric>& out, const Layer2& layer2) {
  const SequencerCounts& c = layer2.sequencer->counts();
  count(out, "blocks", layer2.node->chain().head().value);
  count(out, "sequencer.included", c.included);
  count(out, "sequencer.lost_at_rpc", c.lost_at_rpc);
  count(out, "sequencer.censored", c.censored);
  count(out, "sequencer.returned", c.returned);
  count(out, "batches", layer2.poster->totals().batches);
  count(out, "batches.reverted", layer2.poster->totals().reverted);
}

}  // namespace

std::vector<Metric> headline_metrics(const Headline& h) {
  std::vector<Metric> out;
  add_finality(out, *h.layer2.node);
  add_withdrawals(out, *h.layer2.bridge);
  add_forced(out, h.layer2);
  add_market(out, *h.layer2.node);
  add_layer1(out, h);
  add_settlement(out, h.layer2);
  add_sequencing(out, h.layer2);
  return out;
}

}  // namespace mezz
