#include "models/layer2/bridge/fast_exit.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

using layer2::ClaimState;
using layer2::ExitQuote;

namespace {

// Of a batch that is executed 3 h after its proof (ZKsync Era), until a claim shows it.
constexpr Duration kOneStepWait = 3_h;

Duration first_wait(const FastExitParams& p, const CanonicalBridge& bridge) {
  if (p.expected_wait) return *p.expected_wait;
  return bridge.one_step() ? kOneStepWait : bridge.rules().proof_maturity_delay;
}

void check_params(const FastExitParams& p) {
  if (p.fill_from != Rung::Preconfirmed && p.fill_from != Rung::Published &&
      p.fill_from != Rung::OrderFinal) {
    throw ScenarioError("fast_exit.fill_from",
                        "must be preconfirmed, published or order_final: nobody waits for a later "
                        "rung, and no provider knows a transaction before it is in a block");
  }
  if (p.fee_accepted_min > p.fee_accepted_max) {
    throw ScenarioError("fast_exit.fee_accepted_min",
                        "must not be above fast_exit.fee_accepted_max");
  }
  if (p.fees.cap < p.fees.tip) {
    throw ScenarioError("fast_exit.fees.cap", "must be at least the tip");
  }
}

bool is_filled(FastExitStage stage) {
  return stage == FastExitStage::Filled || stage == FastExitStage::Repaid ||
         stage == FastExitStage::Lost;
}

FastExitStage stage_of(ClaimState state) {
  switch (state) {
    case ClaimState::Outstanding:
      return FastExitStage::Filled;
    case ClaimState::Repaid:
      return FastExitStage::Repaid;
    case ClaimState::Lost:
      break;
  }
  MEZZ_ASSERT(state == ClaimState::Lost);
  return FastExitStage::Lost;
}

}  // namespace

FastExit::FastExit(const Site& site, const FastExitParams& p, const Wiring& wiring)
    : EntityOf(site, p),
      bridge_(wiring.bridge),
      chain_(wiring.chain),
      address_{.l1 = wiring.l1, .contract = self(), .sender = self()},
      asks_(site.stream("asks")),
      acceptance_(site.stream("acceptance")),
      base_fee_(wiring.base_fee) {
  MEZZ_ASSERT(wiring.l1.exists() && bridge_ != nullptr && chain_ != nullptr);
  MEZZ_ASSERT(p.inventory > Money::zero());
  check_params(p);
  wait_ = first_wait(p, *bridge_);
  totals_.inventory = p.inventory;
  totals_.inventory_min = p.inventory;
  if (site.recording == nullptr) return;
  rows_.declare(*site.recording, "fast_exits", "Withdrawals that a provider pays in advance");
}

// ---- the provider

void FastExit::on(Context& ctx, const L1Head& head) {
  base_fee_ = head.base_fee;
  reconcile(ctx.now());
  for (const std::uint64_t number : claims_) {
    Exit& exit = exits_[number];
    if (exit.stage == FastExitStage::Repaid && exit.repaid_height == kNoHeight) {
      exit.repaid_height = head.height;
    }
  }
  look(ctx);
}

void FastExit::on(Context&, const L1Reorg&) {
  // Payments may stand in other blocks now, or in none.
  for (const std::uint64_t number : claims_) exits_[number].repaid_height = kNoHeight;
}

void FastExit::on(Context& ctx, const BlockSealed&) { look(ctx); }

void FastExit::on(Context& ctx, const Layer2Reorg&) { reconcile(ctx.now()); }

void FastExit::look(Context& ctx) {
  open_new();
  std::erase_if(waiting_, [&](std::uint64_t number) { return decide(ctx, number); });
}

void FastExit::open_new() {
  const std::int64_t spread = params().fee_accepted_max.ppb - params().fee_accepted_min.ppb;
  MEZZ_ASSERT(spread >= 0);
  while (exits_.size() < bridge_->withdrawals()) {
    Exit exit;
    if (asks_.chance(params().asking)) exit.stage = FastExitStage::Asked;
    const std::uint64_t above = acceptance_.below(static_cast<std::uint64_t>(spread) + 1);
    exit.accepted = params().fee_accepted_min + Ratio{static_cast<std::int64_t>(above)};
    if (exit.stage == FastExitStage::Asked) waiting_.push_back(exits_.size());
    exits_.push_back(exit);
  }
}

bool FastExit::rung_reached(const BridgeWithdrawal& withdrawal) const {
  // Rolled back, and the news is on its way.
  if (withdrawal.block > chain_->head()) return false;
  return chain_->block(withdrawal.block).ladder[params().fill_from].happened();
}

Money FastExit::gas_now() const {
  const GasPrice price = std::min(base_fee_ + params().fees.tip, params().fees.cap);
  return layer2::in_dollars(mezz::fee(price, params().gas), params().ether_price);
}

// True when the owner need not be looked at again.
bool FastExit::decide(Context& ctx, std::uint64_t number) {
  Exit& exit = exits_[number];
  MEZZ_ASSERT(exit.stage == FastExitStage::Asked);
  const BridgeWithdrawal& withdrawal = subject(number);
  if (withdrawal.stage == WithdrawalStage::Void) {
    exit.stage = FastExitStage::Void;
    return true;
  }
  if (withdrawal.stage == WithdrawalStage::Paid) {
    settle_at(ctx.now(), number, FastExitStage::TooLate);
    return true;
  }
  if (!rung_reached(withdrawal)) return false;
  if (!exit.asked.happened()) exit.asked = ctx.now();
  const Money free = totals_.inventory - totals_.promised;
  const ExitQuote quote =
      layer2::quote_exit({.interest = params().interest,
                          .reorg_premium = params().reorg_premium,
                          .inventory_premium = params().inventory_premium,
                          .margin = params().margin},
                         {.size = withdrawal.amount, .wait = wait_, .gas = gas_now()},
                         {.free = free, .start = params().inventory});
  exit.fee = quote.total();
  const bool too_dear = exit.fee > scale(withdrawal.amount, exit.accepted, Round::Down);
  // The most he has to lay out; the fee may be more than a small withdrawal.
  const bool drained = free < withdrawal.amount - std::min(exit.fee, withdrawal.amount) + quote.gas;
  if (!drained && !too_dear) {
    send_fill(ctx, number);
    return true;
  }
  if (ctx.now() < exit.asked + params().patience) return false;
  settle_at(ctx.now(), number, drained ? FastExitStage::Drained : FastExitStage::TooDear);
  return true;
}

void FastExit::send_fill(Context& ctx, std::uint64_t number) {
  MEZZ_ASSERT(payout(number) > Money::zero());
  totals_.promised += payout(number);
  MEZZ_ASSERT(totals_.promised <= totals_.inventory);
  settle_at(ctx.now(), number, FastExitStage::Sent);
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = L1CallKind::FillExit,
                  .a = number,
                  .b = static_cast<std::uint64_t>(exits_[number].fee.micros),
                  .gas = params().gas});
}

void FastExit::on(Context&, const L1Included& included) {
  outbox_.included(included);
  book_gas();
}

void FastExit::on(Context&, const L1Reverted& reverted) {
  outbox_.reverted(reverted);
  book_gas();
}

void FastExit::book_gas() {
  const Wei spent{Int128{outbox_.spent_gwei()} * 1'000'000'000};
  const Money gas = layer2::in_dollars(spent, params().ether_price);
  totals_.inventory -= gas - totals_.gas;
  totals_.gas = gas;
  note_inventory();
  check_books();
}

// ---- the contract

void FastExit::on(Context& ctx, const L1Execute& call) {
  MEZZ_ASSERT(call.kind == L1CallKind::FillExit && call.a < exits_.size());
  reconcile(ctx.now());
  fill(ctx.now(), call.a);
  undo_.add({.tag = call.tag, .block = call.block, .height = call.height, .exit = call.a});
  check_books();
}

void FastExit::fill(Time now, std::uint64_t number) {
  Exit& exit = exits_[number];
  MEZZ_ASSERT(exit.stage == FastExitStage::Sent);
  totals_.promised -= payout(number);
  MEZZ_ASSERT(totals_.promised >= Money::zero());
  // Whom the bridge has paid already owns nothing that could be bought.
  if (subject(number).rules.paid_at().happened()) {
    settle_at(now, number, FastExitStage::TooLate);
    return;
  }
  // After a reorganisation the money may not be back yet that he relied on.
  if (totals_.inventory < payout(number)) {
    settle_at(now, number, FastExitStage::Drained);
    return;
  }
  totals_.inventory -= payout(number);
  totals_.outstanding += subject(number).amount;
  totals_.fees += exit.fee;
  exit.filled = now;
  exit.repaid_height = kNoHeight;
  claims_.push_back(number);
  settle_at(now, number, FastExitStage::Filled);
}

void FastExit::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  MEZZ_ASSERT(change.exit == call.a);
  if (is_filled(exits_[change.exit].stage)) unfill(change.exit);
  totals_.promised += payout(change.exit);
  settle_at(ctx.now(), change.exit, FastExitStage::Sent);  // its transaction waits again
  check_books();
}

void FastExit::unfill(std::uint64_t number) {
  Exit& exit = exits_[number];
  move_claim(number, FastExitStage::Filled);
  MEZZ_ASSERT(exit.stage == FastExitStage::Filled && exit.filled.happened());
  totals_.inventory += payout(number);
  totals_.outstanding -= subject(number).amount;
  totals_.fees -= exit.fee;
  exit.filled = Time::never();
  std::erase(claims_, number);
}

void FastExit::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
  undo_.finalised(finalised.height);
  std::erase_if(claims_, [&](std::uint64_t number) {
    const Exit& exit = exits_[number];
    return exit.stage == FastExitStage::Repaid && exit.repaid_height <= finalised.height;
  });
}

// ---- claims on the bridge

Money& FastExit::purse(FastExitStage stage) {
  MEZZ_ASSERT(is_filled(stage));
  if (stage == FastExitStage::Filled) return totals_.outstanding;
  return stage == FastExitStage::Repaid ? totals_.inventory : totals_.lost;
}

void FastExit::move_claim(std::uint64_t number, FastExitStage to) {
  Exit& exit = exits_[number];
  if (exit.stage == to) return;
  const Money amount = subject(number).amount;
  purse(exit.stage) -= amount;
  purse(to) += amount;
  exit.stage = to;
  exit.repaid_height = kNoHeight;
}

void FastExit::reconcile(Time now) {
  std::erase_if(claims_, [&](std::uint64_t number) {
    const BridgeWithdrawal& withdrawal = subject(number);
    const Time paid = withdrawal.rules.paid_at();
    const FastExitStage stage = stage_of(layer2::claim_state(
        {.paid = paid.happened(), .is_void = withdrawal.stage == WithdrawalStage::Void}));
    if (stage == exits_[number].stage) return false;
    move_claim(number, stage);
    if (stage == FastExitStage::Repaid) wait_ = paid - withdrawal.initiated;
    settle_at(now, number, stage);
    return stage == FastExitStage::Lost;  // what is void is never paid any more
  });
  check_books();
}

// ---- books and looking

void FastExit::settle_at(Time now, std::uint64_t number, FastExitStage stage) {
  Exit& exit = exits_[number];
  exit.stage = stage;
  note_inventory();
  if (!rows_.enabled()) return;
  const BridgeWithdrawal& withdrawal = subject(number);
  rows_.append({.time = now,
                .withdrawal = WithdrawalId{number},
                .account = withdrawal.account,
                .stage = stage,
                .initiated = withdrawal.initiated,
                .amount = withdrawal.amount,
                .fee = exit.fee,
                .accepted = exit.accepted,
                .inventory = totals_.inventory});
}

void FastExit::note_inventory() {
  totals_.inventory_min = std::min(totals_.inventory_min, totals_.inventory);
}

void FastExit::check_books() const {
  MEZZ_ASSERT(totals_.outstanding >= Money::zero() && totals_.lost >= Money::zero());
  MEZZ_ASSERT(totals_.promised >= Money::zero() && totals_.gas >= Money::zero());
  MEZZ_ASSERT(totals_.inventory + totals_.outstanding + totals_.lost ==
              params().inventory + totals_.fees - totals_.gas);
}

// The sums once more, exit by exit.
void FastExit::check() const {
  check_books();
  Money outstanding;
  Money lost;
  Money fees;
  Money promised;
  for (std::uint64_t i = 0; i < exits_.size(); ++i) {
    const Exit& exit = exits_[i];
    if (exit.stage == FastExitStage::Filled) outstanding += subject(i).amount;
    if (exit.stage == FastExitStage::Lost) lost += subject(i).amount;
    if (exit.stage == FastExitStage::Sent) promised += payout(i);
    if (is_filled(exit.stage)) fees += exit.fee;
    MEZZ_ASSERT(is_filled(exit.stage) == exit.filled.happened());
  }
  MEZZ_ASSERT(outstanding == totals_.outstanding);
  MEZZ_ASSERT(lost == totals_.lost);
  MEZZ_ASSERT(fees == totals_.fees);
  MEZZ_ASSERT(promised == totals_.promised);
}

FastExitStage FastExit::stage(WithdrawalId id) const {
  MEZZ_ASSERT(id.value < exits_.size());
  return exits_[id.value].stage;
}

Money FastExit::fee(WithdrawalId id) const {
  MEZZ_ASSERT(id.value < exits_.size());
  return exits_[id.value].fee;
}

Duration FastExit::delay(WithdrawalId id) const {
  MEZZ_ASSERT(id.value < exits_.size() && exits_[id.value].filled.happened());
  return exits_[id.value].filled - subject(id.value).initiated;
}

std::uint64_t FastExit::count(FastExitStage stage) const {
  return static_cast<std::uint64_t>(
      std::count_if(exits_.begin(), exits_.end(), [&](const Exit& e) { return e.stage == stage; }));
}

std::uint64_t FastExit::filled() const {
  return count(FastExitStage::Filled) + count(FastExitStage::Repaid) + count(FastExitStage::Lost);
}

void FastExit::report(MetricList& out) const {
  std::vector<Duration> delays;
  Money size;
  for (std::uint64_t i = 0; i < exits_.size(); ++i) {
    if (!is_filled(exits_[i].stage)) continue;
    delays.push_back(delay({i}));
    size += subject(i).amount;
  }
  const std::uint64_t refused = count(FastExitStage::TooDear) + count(FastExitStage::Drained);
  out.count("fast_exit.filled", filled());
  out.delays("fast_exit.delay", delays);
  if (size > Money::zero()) {
    out.add("fast_exit.fee.mean", Ratio::of(totals_.fees, size, Round::HalfEven).value(), "1");
  }
  out.count("fast_exit.refused", refused + count(FastExitStage::TooLate));
  out.count("fast_exit.drained", count(FastExitStage::Drained));
  out.money("fast_exit.inventory.min", totals_.inventory_min);
  out.money("fast_exit.lost", totals_.lost);
}

}  // namespace mezz
