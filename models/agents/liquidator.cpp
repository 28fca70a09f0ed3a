#include "models/agents/liquidator.h"

#include <algorithm>
#include <limits>

namespace mezz {

Liquidator::Liquidator(const Site& site, const LiquidatorParams& params, const MarketAccess& access,
                       AccountRange accounts)
    : Agent(site, params, access, accounts) {
  mezz::check(params.processing, path() + ".processing");
  if (site.recording == nullptr) return;
  for (Probe<std::uint64_t>* probe : {&out_probe_, &won_probe_, &lost_probe_}) {
    probe->bind(*site.recording, path());
  }
}

// One look at a time; news that comes while it prepares is seen when it acts.
void Liquidator::wake(Context& ctx) {
  if (acting_ != 0 || down_.on()) return;
  acting_ = 1;
  const Duration delay = draw(params().processing, rng());
  after(ctx, delay, Act{});
}

void Liquidator::on(Context& ctx, const MarkUpdate&) { wake(ctx); }

void Liquidator::on(Context& ctx, const SignedPrice& signed_price) {
  if (signed_price.time < signed_price_.time) return;
  signed_price_ = signed_price;
  if (node().params().oracle.policy == OraclePolicy::Pull) wake(ctx);
}

void Liquidator::on(Context& ctx, const Act&) {
  acting_ = 0;
  if (down_.on()) return;
  hunt(ctx);
  if (params().unwind) unwind(ctx);
}

bool Liquidator::can_pay() const {
  if (base_fee_ > params().fee_cap) return false;
  return gas_spent_ + fee(base_fee_, params().gas) <= params().gas_budget;
}

bool Liquidator::sees_prey() const { return node().any_liquidatable(looks_at()); }

void Liquidator::send(Context& ctx, TxKind kind, AccountId target) {
  Transaction tx = transaction(ctx, kind, account());
  tx.reference = target.value;
  tx.priority = static_cast<std::uint8_t>(params().priority);
  if (kind == TxKind::Liquidate && uses_signed_price()) {
    // The exchange reads the age of the attached price from the transaction's own time.
    tx.price = signed_price_.price.ticks;
    tx.amount =
        mul_div(signed_price_.price.ticks, signed_price_.confidence.ppb, Ratio::kScale, Round::Up);
    tx.submitted = signed_price_.time;
  }
  submit(ctx, tx);
  const Wei pays = fee(base_fee_, params().gas);
  gas_spent_ += pays;
  waiting_[target] = {ctx.now(), pays};
  ++(kind == TxKind::Liquidate ? counts_.sent : counts_.deleveraged);
  Time& first = kind == TxKind::Liquidate ? first_sent_ : first_deleveraged_;
  if (!first.happened()) first = ctx.now();
}

void Liquidator::stay_out(Context& ctx) {
  ++counts_.stayed_out;
  out_probe_.record(ctx.now(), counts_.stayed_out);
}

// The price of an auction under way is still too high for it.
bool Liquidator::waits_for_auction(AccountId target, Time now) const {
  const std::optional<Ratio> price = node().auction_discount(target, now);
  return price && *price > params().auction_price;
}

void Liquidator::hunt(Context& ctx) {
  std::erase_if(waiting_, [&](const auto& entry) {
    return ctx.now() - entry.second.sent >= params().patience;
  });
  if (!can_pay()) {
    if (sees_prey()) stay_out(ctx);
    return;
  }
  scratch_.clear();
  node().collect_deleverageable(scratch_);
  const std::size_t hopeless = scratch_.size();
  node().collect_liquidatable(looks_at(), scratch_);
  if (scratch_.empty()) return;
  const std::size_t prey = scratch_.size() - hopeless;
  const std::size_t start = params().random_start && prey > 1 ? rng().below(prey) : 0;
  std::int64_t left = params().batch;
  for (std::size_t i = 0; i < scratch_.size() && left > 0; ++i) {
    const bool deleverage = i < hopeless;
    const AccountId target =
        deleverage ? scratch_[i] : scratch_[hopeless + (i - hopeless + start) % prey];
    if (target == account() || waiting_.contains(target)) continue;
    if (!deleverage && waits_for_auction(target, ctx.now())) continue;
    if (!can_pay()) {
      stay_out(ctx);
      return;
    }
    send(ctx, deleverage ? TxKind::Deleverage : TxKind::Liquidate, target);
    --left;
  }
}

void Liquidator::unwind(Context& ctx) {
  const Quantity held = position();
  if (held == Quantity::zero() || !view().open()) return;
  if (unwinding_since_.happened() && ctx.now() - unwinding_since_ < params().patience) return;
  unwinding_since_ = ctx.now();
  if (held > Quantity::zero()) {
    sell(ctx, held, {view().mark().down_by(params().unwind_slippage), TimeInForce::Ioc},
         Reduce::Only);
  } else {
    buy(ctx, -held, {view().mark().up_by(params().unwind_slippage), TimeInForce::Ioc},
        Reduce::Only);
  }
}

void Liquidator::on(Context& ctx, const Receipt& receipt) {
  if (receipt.kind == TxKind::PlaceOrder) {
    unwinding_since_ = Time::never();
    return;
  }
  if (receipt.kind != TxKind::Liquidate && receipt.kind != TxKind::Deleverage) return;
  const auto found = waiting_.find(AccountId{static_cast<std::uint32_t>(receipt.reference)});
  const Wei paid = found == waiting_.end() ? Wei{} : found->second.fee;
  if (found != waiting_.end()) waiting_.erase(found);
  const bool won = receipt.status == TxStatus::Executed || receipt.status == TxStatus::PartlyFilled;
  if (!won) gas_wasted_ += paid;
  if (receipt.kind != TxKind::Liquidate) return;
  ++(won ? counts_.won : counts_.lost);
  if (won) won_probe_.record(ctx.now(), counts_.won);
  if (!won) lost_probe_.record(ctx.now(), counts_.lost);
}

void Liquidator::report(MetricList& out) const {
  out.count(metric_name("sent"), counts_.sent);
  out.count(metric_name("won"), counts_.won);
  out.count(metric_name("lost"), counts_.lost);
  out.count(metric_name("stayed_out"), counts_.stayed_out);
  const auto answered = static_cast<double>(counts_.won + counts_.lost);
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  out.add(metric_name("won.share"),
          answered > 0 ? static_cast<double>(counts_.won) / answered : kNone, "1");
  // From its first liquidation to its first deleveraging.
  const bool both = first_sent_.happened() && first_deleveraged_.happened();
  out.add(metric_name("deleverage.delay"),
          both ? (first_deleveraged_ - first_sent_).seconds() : kNone, "s");
  out.add(metric_name("gas_spent"), gas_spent_.ether(), "ETH");
  out.add(metric_name("gas_wasted"), gas_wasted_.ether(), "ETH");
}

void Liquidator::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::KeeperDown) return;
  down_.apply(shock);
  if (!down_.on()) wake(ctx);
}

}  // namespace mezz
