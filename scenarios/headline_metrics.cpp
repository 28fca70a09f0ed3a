#include "scenarios/headline_metrics.h"

#include <algorithm>
#include <string>

#include "models/agents/genesis.h"
#include "scenarios/liquidation_races.h"

namespace mezz {

namespace {

void add_finality(MetricList& out, const ExecutionNode& node) {
  for (std::size_t r = 1; r < kRungs; ++r) {
    const auto rung = static_cast<Rung>(r);
    const RungLatency latency = node.latency(rung);
    const std::string name = "finality." + std::string(enum_name(rung));
    if (latency.reached > 0) {
      out.add(name + ".p50", latency.p50.seconds(), "s");
      out.add(name + ".p99", latency.p99.seconds(), "s");
      out.add(name + ".p999", latency.p999.seconds(), "s");
    }
    out.count(name + ".never", latency.never);
  }
}

// The longest time between two neighbours of a list of moments, the end of the run included.
Duration longest_gap(std::vector<Time> moments, Time end) {
  moments.push_back(end);
  std::sort(moments.begin(), moments.end());
  Duration longest = Duration::zero();
  for (std::size_t i = 1; i < moments.size(); ++i) {
    longest = std::max(longest, moments[i] - moments[i - 1]);
  }
  return longest;
}

// How long nothing new was sealed, published, ordered for good, ...: what those who report an
// outage measure. Of the blocks that are left at the end, so history that was taken back is a gap
// too. The time before the first block of a rung is the chain's start and does not count.
void add_gaps(MetricList& out, const Headline& h) {
  const Layer2Chain& chain = h.layer2.node->chain();
  const Time end = h.engine->now();
  std::vector<Time> sealed{Time::zero()};
  for (std::uint64_t n = 1; n <= chain.head().value; ++n) {
    sealed.push_back(chain.block(BlockId{n}).sealed);
  }
  out.add("blocks.longest_gap", longest_gap(std::move(sealed), end).seconds(), "s");
  for (const Rung rung : {Rung::Published, Rung::OrderFinal, Rung::Asserted, Rung::Settled}) {
    std::vector<Time> moments;
    for (std::uint64_t n = 1; n <= chain.head().value; ++n) {
      const Time reached = chain.block(BlockId{n}).ladder[rung];
      if (reached.happened()) moments.push_back(reached);
    }
    if (moments.empty()) continue;
    out.add("finality." + std::string(enum_name(rung)) + ".longest_gap",
            longest_gap(std::move(moments), end).seconds(), "s");
  }
}

void add_withdrawals(MetricList& out, const Bridge& bridge) {
  WithdrawalSummary w = bridge.withdrawal_summary();
  out.count("withdrawal.count", w.count);
  out.count("withdrawal.dropped", w.dropped);
  out.count("withdrawal.paid", w.paid.size());
  out.count("withdrawal.reproved", w.reproved);
  out.delays("withdrawal.delay", std::move(w.paid));
  out.money("withdrawal.lost", bridge.totals().lost);
  out.money("withdrawal.escaped", bridge.totals().escaped);
  out.money("withdrawal.stolen", bridge.totals().stolen);
}

// Transactions forced over layer one: from the user's layer-one transaction to the layer-two block.
void add_forced(MetricList& out, const Layer2& layer2) {
  const Layer2Chain& chain = layer2.node->chain();
  std::vector<Duration> delays;
  for (std::uint64_t n = 1; n <= chain.head().value; ++n) {
    const Layer2Block& block = chain.block(BlockId{n});
    for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
      const Transaction& tx = chain.transaction(i).transaction;
      if ((tx.flags & Transaction::kForced) != 0) delays.push_back(block.sealed - tx.submitted);
    }
  }
  out.count("forced.included", delays.size());
  out.delays("forced.delay", std::move(delays));
}

// What a pool's shares are worth at the end; below zero it owes the winners more than it has. The
// skew is what its traders hold together, at the mark: positive where they are long.
void add_pools(MetricList& out, const Exchange& exchange) {
  for (std::uint32_t i = 0; i < exchange.instruments(); ++i) {
    const InstrumentId instrument{static_cast<std::uint16_t>(i)};
    const venue::Pool* pool = exchange.pool(instrument);
    if (pool == nullptr) continue;
    const std::string name = "pools." + exchange.listing(instrument)->name;
    if (const auto equity = pool->equity(exchange.mark(instrument), Round::Down)) {
      out.money(name + ".equity", *equity);
    }
    out.money(name + ".fees", pool->fees_earned());
    const ListingSpec& spec = *exchange.listing(instrument);
    if (spec.kind != ListingKind::LinearPerp) continue;
    out.money(name + ".skew", notional(spec.contract(), exchange.traders_skew(instrument),
                                       exchange.mark(instrument)));
  }
}

void add_market(MetricList& out, const ExecutionNode& node) {
  const Exchange& exchange = node.exchange();
  const ExchangeTotals t = exchange.totals();
  out.count("orders", t.orders);
  out.count("trades", t.trades);
  out.money("funding.paid", t.funding_paid);
  if (exchange.instruments() > 1) {
    out.count("expiries.count", t.expiries);
    out.money("expiries.paid", t.expiries_paid);
  }
  out.count("liquidations.count", t.liquidations);
  out.money("liquidations.notional", t.liquidation_notional);
  std::vector<Duration> delays;
  for (const LiquidationDelay& delay : node.liquidation_delays()) delays.push_back(delay.delay);
  out.delays("liquidations.delay", std::move(delays));
  out.money("insurance_fund.start", t.insurance_fund_start);
  out.money("insurance_fund.end", t.fund_and_vault());
  out.money("insurance_fund.min", t.insurance_fund_min);
  out.money("adl.notional", t.adl_notional);
  if (exchange.params().deleveraging != Deleveraging::DydxV4 && t.adl_counterparties > 0) {
    out.add("adl.profitable.share",
            static_cast<double>(t.adl_profitable) / static_cast<double>(t.adl_counterparties), "1");
  }
  out.money("loss.penalty", t.loss_penalty);
  out.money("loss.fund", t.loss_fund);
  out.money("loss.adl", t.loss_adl);
  out.money("loss.socialised", t.loss_socialised);
  out.money("loss.bad_debt", t.bad_debt);
  // Booked, and what accounts that still wait to be closed owe beyond their collateral.
  const Insolvency waiting = exchange.insolvency(exchange.oracle());
  const Money debt = t.bad_debt - waiting.equity;
  out.money("bad_debt.usd", debt);
  out.count("bad_debt.accounts", t.bad_debt_accounts + waiting.accounts);
  const Money open_interest =
      notional(exchange.params().contract, t.open_interest_max, initial_price(exchange));
  out.add("bad_debt.share_of_oi",
          open_interest > Money::zero() ? debt.usd() / open_interest.usd() : 0.0, "1");
  add_pools(out, exchange);
  out.money("ledger.residual", t.residual);
}

// Nothing of `uncontested` when nobody was liquidated.
void add_races(MetricList& out, const Layer2Chain& chain) {
  const LiquidationRaces races = count_races(liquidation_attempts(chain), kRaceWindow);
  out.count("liquidations.attempts", races.attempts);
  out.count("liquidations.refused", races.attempts - races.won);
  if (races.won == 0) return;
  out.add("liquidations.uncontested.share",
          static_cast<double>(races.uncontested) / static_cast<double>(races.won), "1");
}

// What the layer two pays layer one for its own running: data, claims, proofs. Users' own calls
// (deposits, exits, disputes) are not among them.
constexpr L1CallKind kRunning[] = {L1CallKind::BatchData, L1CallKind::StateClaim,
                                   L1CallKind::ValidityProof, L1CallKind::ExecuteBatch,
                                   L1CallKind::Checkpoint};

void add_layer1(MetricList& out, const Headline& h) {
  double gas = 0.0;
  double blobs = 0.0;
  for (const L1CallKind kind : kRunning) {
    gas += h.l1->spent(kind).execution.ether();
    blobs += h.l1->spent(kind).blobs.ether();
  }
  out.add("l1.gas_cost", gas, "ETH");
  out.add("l1.blob_cost", blobs, "ETH");
  const auto transactions = static_cast<double>(h.layer2.node->chain().transactions());
  out.add("transaction.cost.mean", transactions > 0 ? (gas + blobs) / transactions : 0.0, "ETH");
  out.add("l1.base_fee.end", h.l1->base_fee().gwei(), "gwei");
  out.add("l1.blob_fee.end", h.l1->blob_fee().gwei(), "gwei");
  out.count("l1.blocks", h.l1->height());
}

}  // namespace

std::vector<Metric> headline_metrics(const Headline& h) {
  MetricList out;
  add_finality(out, *h.layer2.node);
  add_gaps(out, h);
  add_withdrawals(out, *h.layer2.bridge);
  add_forced(out, h.layer2);
  add_market(out, *h.layer2.node);
  add_races(out, h.layer2.node->chain());
  add_layer1(out, h);
  out.count("blocks", h.layer2.node->chain().head().value);
  for (const Reporter* part : h.layer2.reporters) part->report(out);
  return out.take();
}

}  // namespace mezz
