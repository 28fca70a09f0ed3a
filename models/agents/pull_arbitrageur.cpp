#include "models/agents/pull_arbitrageur.h"

#include <algorithm>

namespace mezz {

namespace {
bool is_lower(const SignedPrice& a, const SignedPrice& b) { return a.price < b.price; }
}  // namespace

void PriceChoice::forget(Time oldest, Time known) {
  std::erase_if(prices_, [&](const SignedPrice& p) {
    return p.time < oldest || (known.happened() && p.time <= known);
  });
}

// Of equal ones the oldest, as std::min_element and std::max_element find them.
std::optional<SignedPrice> PriceChoice::lowest() const {
  if (prices_.empty()) return {};
  return *std::min_element(prices_.begin(), prices_.end(), is_lower);
}

std::optional<SignedPrice> PriceChoice::highest() const {
  if (prices_.empty()) return {};
  return *std::max_element(prices_.begin(), prices_.end(), is_lower);
}

PullArbitrageur::PullArbitrageur(const Site& site, const PullArbitrageurParams& params,
                                 const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts) {
  mezz::check(params.processing, path() + ".processing");
}

void PullArbitrageur::on(Context& ctx, const SignedPrice& signed_price) {
  if (node().params().oracle.policy != OraclePolicy::Pull) return;
  choice_.add(signed_price);
  if (!newest_.time.happened() || signed_price.time > newest_.time) newest_ = signed_price;
  if (acting_ != 0) return;
  acting_ = 1;
  const Duration delay = draw(params().processing, rng());
  after(ctx, delay, Act{});
}

void PullArbitrageur::on(Context& ctx, const Act&) {
  acting_ = 0;
  std::erase_if(waiting_,
                [&](const auto& entry) { return ctx.now() - entry.second >= params().patience; });
  const Duration usable = node().params().oracle.max_age - params().transit;
  choice_.forget(ctx.now() - usable, node().oracle_time());
  // The older extreme first: once a newer price is in, the venue refuses older ones.
  std::optional<SignedPrice> first = choice_.lowest();
  std::optional<SignedPrice> second = choice_.highest();
  if (first && second && second->time < first->time) std::swap(first, second);
  if (first) hunt(ctx, *first);
  if (second && second->time != first->time) hunt(ctx, *second);
  unwind(ctx);
}

void PullArbitrageur::hunt(Context& ctx, const SignedPrice& price) {
  if (!node().any_liquidatable(price.price)) return;
  scratch_.clear();
  node().collect_liquidatable(price.price, scratch_);
  std::int64_t left = params().batch;
  for (const AccountId target : scratch_) {
    if (left == 0) return;
    if (target == account() || waiting_.contains(target)) continue;
    Transaction tx = transaction(ctx, TxKind::Liquidate, account());
    tx.reference = target.value;
    tx.priority = static_cast<std::uint8_t>(params().priority);
    tx.price = price.price.ticks;
    tx.amount = mul_div(price.price.ticks, price.confidence.ppb, Ratio::kScale, Round::Up);
    tx.submitted = price.time;  // the exchange reads the age of the price from it
    submit(ctx, tx);
    waiting_[target] = ctx.now();
    ++counts_.sent;
    counts_.chosen_old += price.time < newest_.time ? 1 : 0;
    --left;
  }
}

void PullArbitrageur::unwind(Context& ctx) {
  const Quantity held = position();
  if (held == Quantity::zero() || !newest_.time.happened()) return;
  const bool sells = held > Quantity::zero();
  const Price limit = sells ? newest_.price.down_by(params().unwind_slippage)
                            : newest_.price.up_by(params().unwind_slippage);
  const Limit at{{std::max<std::int64_t>(limit.ticks, 1)}, TimeInForce::Ioc};
  if (sells) {
    sell(ctx, held, at, Reduce::Only);
  } else {
    buy(ctx, -held, at, Reduce::Only);
  }
}

void PullArbitrageur::on(Context&, const Receipt& receipt) {
  if (receipt.kind != TxKind::Liquidate) return;
  waiting_.erase(AccountId{static_cast<std::uint32_t>(receipt.reference)});
  const bool won = receipt.status == TxStatus::Executed || receipt.status == TxStatus::PartlyFilled;
  counts_.won += won ? 1 : 0;
}

void PullArbitrageur::report(MetricList& out) const {
  out.count(metric_name("sent"), counts_.sent);
  out.count(metric_name("chosen_old"), counts_.chosen_old);
  out.count(metric_name("won"), counts_.won);
}

}  // namespace mezz
