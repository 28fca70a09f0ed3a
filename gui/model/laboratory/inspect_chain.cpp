#include "gui/model/laboratory/inspect_chain.h"

#include <fmt/core.h>

#include <algorithm>

#include "gui/model/laboratory/message_text.h"
#include "models/base_chain/base_chain.h"
#include "models/layer2/availability/batch_poster.h"
#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/proving/prover.h"
#include "models/layer2/sequencing/pair_sequencer.h"
#include "models/layer2/sequencing/single_sequencer.h"
#include "models/layer2/settlement/fault_proof.h"

namespace mezz::lab {

namespace {

constexpr std::uint64_t kRows = 30;

std::string usd(Money money) { return number_text(money.usd()) + " USD"; }
std::string count(std::uint64_t value) { return number_text(static_cast<double>(value)); }
std::string eth(Wei wei) { return number_text(wei.ether()) + " ETH"; }
std::string number(BlockId block) { return block.exists() ? count(block.value) : "-"; }

Inspector absent(const std::string& id, const std::string& title) {
  return {.id = id, .title = title, .rows = {{"this design has none", "", false}}, .tables = {}};
}

void add_counts(Inspector& out, const SequencerCounts& c) {
  out.rows.push_back({"blocks", count(c.blocks), false});
  out.rows.push_back({"accepted", count(c.accepted), false});
  out.rows.push_back({"included", count(c.included), false});
  out.rows.push_back({"messages of layer one", count(c.messages), false});
  out.rows.push_back({"lost at the access", count(c.lost_at_rpc), c.lost_at_rpc > 0});
  out.rows.push_back({"refused, queue full", count(c.refused), c.refused > 0});
  out.rows.push_back({"expired", count(c.expired), c.expired > 0});
  out.rows.push_back({"censored", count(c.censored), c.censored > 0});
  out.rows.push_back({"returned by rollbacks", count(c.returned), c.returned > 0});
}

}  // namespace

Inspector inspect_blocks(const Study& study) {
  const Layer2Chain& chain = study.layer2().node->chain();
  Inspector out{.id = "blocks", .title = "Blocks and finality", .rows = {}, .tables = {}};
  out.rows.push_back({"head", number(chain.head()), false});
  for (std::size_t r = 1; r < kRungs; ++r) {
    const auto rung = static_cast<Rung>(r);
    out.rows.push_back({std::string(enum_name(rung)), number(chain.reached(rung)), false});
  }
  out.rows.push_back({"transactions", count(chain.transactions()), false});
  InspectorTable table{.title = "Latest blocks",
                       .columns = {"block", "sealed", "transactions", "published", "order final",
                                   "asserted", "settled"},
                       .rows = {}};
  for (std::uint64_t i = 0; i < kRows && i <= chain.head().value; ++i) {
    const Layer2Block& block = chain.block(BlockId{chain.head().value - i});
    std::vector<std::string> row{count(block.number.value), time_text(block.sealed),
                                 count(block.count)};
    for (const Rung rung : {Rung::Published, Rung::OrderFinal, Rung::Asserted, Rung::Settled}) {
      const Time at = block.ladder[rung];
      row.push_back(at.happened() ? time_text(at) : "-");
    }
    table.rows.push_back(std::move(row));
  }
  out.tables.push_back(std::move(table));
  return out;
}

Inspector inspect_sequencer(const Study& study) {
  Inspector out{.id = "sequencer", .title = "Sequencer", .rows = {}, .tables = {}};
  if (const auto* single = part<SingleSequencer>(study); single != nullptr) {
    out.rows.push_back({"queue", count(single->queue_length()), false});
    add_counts(out, single->counts());
    out.rows.push_back({"tips", eth(single->tips()), false});
    return out;
  }
  if (const auto* pair = part<PairSequencer>(study); pair != nullptr) {
    out.rows.push_back({"time without blocks", time_text(Time::zero() + pair->downtime()),
                        pair->downtime() > Duration::zero()});
    add_counts(out, pair->sequencer_counts());
    return out;
  }
  return absent("sequencer", "Sequencer");
}

Inspector inspect_batches(const Study& study) {
  const auto* poster = part<BatchPoster>(study);
  if (poster == nullptr) return absent("batches", "Batches");
  Inspector out{.id = "batches", .title = "Batches", .rows = {}, .tables = {}};
  const PostingTotals& t = poster->totals();
  out.rows.push_back({"included", count(t.batches), false});
  out.rows.push_back({"bytes", count(t.bytes), false});
  out.rows.push_back({"bytes that wait", count(poster->waiting_bytes()), false});
  out.rows.push_back({"on their way", number_text(static_cast<double>(poster->pending())), false});
  out.rows.push_back({"undone by reorgs", count(t.reverted), t.reverted > 0});
  out.rows.push_back({"fallbacks to layer one", count(t.fallbacks), t.fallbacks > 0});
  InspectorTable table{.title = "Latest batches",
                       .columns = {"batch", "blocks", "bytes", "medium", "submitted", "included"},
                       .rows = {}};
  const BatchStore& store = poster->batches();
  for (std::uint64_t i = 0; i < kRows && i < store.size(); ++i) {
    const Batch& batch = store.at(BatchId{store.size() - 1 - i});
    table.rows.push_back(
        {count(batch.id.value), fmt::format("{} - {}", batch.first.value, batch.last.value),
         count(batch.bytes), std::string(enum_name(batch.medium)), time_text(batch.submitted),
         batch.included.happened() ? time_text(batch.included) : "-"});
  }
  out.tables.push_back(std::move(table));
  return out;
}

Inspector inspect_claims(const Study& study) {
  const auto* proof = part<FaultProof>(study);
  if (proof == nullptr) return absent("claims", "Claims and disputes");
  Inspector out{.id = "claims", .title = "Claims and disputes", .rows = {}, .tables = {}};
  const SettlementTotals& t = proof->totals();
  const Time now = study.world().engine().now();
  out.rows = {{"claims", count(t.claims), false},
              {"open games", count(proof->open_games().size()), false},
              {"moves", count(t.moves), false},
              {"steps", count(t.steps), false},
              {"won by challengers", count(t.challenger_wins), t.challenger_wins > 0},
              {"won by defenders", count(t.defender_wins), false},
              {"false claims settled", count(t.false_claims_settled), t.false_claims_settled > 0},
              {"bonds held", eth(proof->held()), false},
              {"anchor block", number(proof->anchor_block()), false}};
  InspectorTable table{
      .title = "Games, latest first",
      .columns = {"game", "block", "root", "claims", "bonds", "status", "clock runs out", "left"},
      .rows = {}};
  for (std::uint32_t i = 0; i < kRows && i < proof->games(); ++i) {
    const GameId id{proof->games() - 1 - i};
    const ClaimedGame& game = proof->game(id);
    const Time out_at = proof->resolvable_at(id);
    const bool open = game.game.status() == layer2::GameStatus::InProgress;
    const std::string left =
        open && out_at > now ? time_text(Time::zero() + (out_at - now)) : std::string("-");
    table.rows.push_back({count(id.value), number(game.block),
                          proof->is_correct(id) ? "right" : "false", count(game.game.claim_count()),
                          eth(game.game.deposited()), std::string(enum_name(game.game.status())),
                          open ? time_text(out_at) : "-", left});
  }
  out.tables.push_back(std::move(table));
  return out;
}

Inspector inspect_proofs(const Study& study) {
  const auto* prover = part<Prover>(study);
  if (prover == nullptr) return absent("proofs", "Proofs");
  const ProverTotals& t = prover->totals();
  Inspector out{.id = "proofs", .title = "Proofs", .rows = {}, .tables = {}};
  out.rows = {{"backlog", count(prover->backlog()), prover->backlog() > 10},
              {"batches sealed", count(t.sealed), false},
              {"wrapped", count(t.wrapped), false},
              {"failed attempts", count(t.failed), t.failed > 0},
              {"timed out", count(t.timed_out), t.timed_out > 0},
              {"stuck", count(t.stuck), t.stuck > 0},
              {"blocks taken back by mismatches", count(t.reverted_blocks), t.reverted_blocks > 0}};
  return out;
}

Inspector inspect_bridge(const Study& study) {
  const BridgeTotals& t = study.layer2().bridge->totals();
  const Time now = study.world().engine().now();
  Inspector out{.id = "bridge", .title = "Bridge and exits", .rows = {}, .tables = {}};
  out.rows = {{"held on layer one", usd(t.escrow), false},
              {"deposited", usd(t.locked), false},
              {"asked for", usd(t.initiated), false},
              {"paid", usd(t.paid), false},
              {"waiting", usd(t.unpaid()), false},
              {"escaped", usd(t.escaped), t.escaped > Money::zero()},
              {"lost", usd(t.lost), t.lost > Money::zero()},
              {"stolen", usd(t.stolen), t.stolen > Money::zero()},
              {"calls refused", count(t.refused), false}};
  const auto* bridge = part<CanonicalBridge>(study);
  if (bridge == nullptr) return out;
  if (bridge->paused()) out.rows.push_back({"state", "paused", true});
  InspectorTable table{
      .title = "Withdrawals, latest first",
      .columns = {"withdrawal", "account", "amount", "stage", "asked", "waits since"},
      .rows = {}};
  for (std::uint64_t i = 0; i < kRows && i < bridge->withdrawals(); ++i) {
    const WithdrawalId id{bridge->withdrawals() - 1 - i};
    const BridgeWithdrawal& w = bridge->withdrawal(id);
    const bool waits = w.stage == WithdrawalStage::Initiated || w.stage == WithdrawalStage::Proven;
    table.rows.push_back({count(id.value), count(w.account.value), usd(w.amount),
                          std::string(enum_name(w.stage)), time_text(w.initiated),
                          waits ? time_text(Time::zero() + (now - w.initiated)) : "-"});
  }
  out.tables.push_back(std::move(table));
  return out;
}

Inspector inspect_layer1(const Study& study) {
  const BaseChain& l1 = study.layer1();
  Inspector out{.id = "layer1", .title = "Layer one", .rows = {}, .tables = {}};
  out.rows = {{"height", count(l1.height()), false},
              {"final height", count(l1.finalised_height()), false},
              {"base fee", number_text(l1.base_fee().gwei()) + " gwei", false},
              {"blob fee", number_text(l1.blob_fee().gwei()) + " gwei", false},
              {"calls in the mempool", count(l1.mempool_size()), false},
              {"spent on gas", eth(l1.spent().execution), false},
              {"spent on blobs", eth(l1.spent().blobs), false}};
  return out;
}

}  // namespace mezz::lab
