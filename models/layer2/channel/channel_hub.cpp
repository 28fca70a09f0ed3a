#include "models/layer2/channel/channel_hub.h"

#include <algorithm>

#include "models/layer2/sequencing/single_sequencer.h"
#include "sim/check/assert.h"

namespace mezz {

static_assert(Flat<ChannelHubCounts>);

ChannelHub::ChannelHub(const Site& site, const ChannelHubParams& params,
                       const ChannelHubWiring& wiring)
    : EntityOf(site, params),
      node_(wiring.node),
      derivation_(wiring.derivation),
      contract_(wiring.contract),
      address_{.l1 = wiring.l1, .contract = wiring.contract_ref, .sender = self()} {
  MEZZ_ASSERT(node_ != nullptr && derivation_ != nullptr && contract_ != nullptr);
  MEZZ_ASSERT(params.resend_after > Duration::zero());
  contract_->known_to(book_);
  if (site.recording == nullptr) return;
  rtt_probe_.bind(*site.recording, path());
}

void ChannelHub::on(Context& ctx, const Start&) {
  const std::uint32_t accounts = node_->exchange().accounts();
  MEZZ_ASSERT(book_.channels() == 0 && accounts == contract_->channels());
  for (std::uint32_t i = 0; i < accounts; ++i) book_.open(holding(AccountId{i}));
  frozen_.assign(accounts, Frozen::No);
  after(ctx, std::max(params().update_interval, 1_ms), Tick{});
}

channel::Holding ChannelHub::holding(AccountId account) const {
  const Exchange& exchange = node_->exchange();
  return {.quote = exchange.quote(account),
          .position = exchange.position(account),
          .price = exchange.oracle()};
}

// With a block per transaction the clock only serves what nobody sends: layer one, funding,
// heartbeats, missing signatures.
void ChannelHub::on(Context& ctx, const Tick&) {
  const bool at_once = params().update_interval == Duration::zero();
  after(ctx, at_once ? 100_ms : params().update_interval, Tick{});
  if (down_.on() || derivation_->frozen()) return;
  work(ctx);
  ask_again(ctx);
}

void ChannelHub::work(Context& ctx) {
  const Layer2Block& head = node_->chain().head_block();
  const bool idle = queue_.empty() && final_height_ == head.l1_origin && leaving_.empty() &&
                    !node_->exchange().funding_due(ctx.now());
  if (idle && ctx.now() - head.sealed < params().heartbeat) return;
  build(ctx);
}

// ---- transactions

void ChannelHub::on(Context& ctx, const SubmitTransaction& message) {
  MEZZ_ASSERT(message.transaction.kind != TxKind::Deposit);  // only from layer one
  if (rpc_down_.on() || down_.on()) {
    ++counts_.lost_at_rpc;
    return;
  }
  if (queue_.size() >= static_cast<std::size_t>(params().queue_max)) {
    refuse(ctx, message.transaction);
    return;
  }
  ++counts_.accepted;
  queue_.push_back(message.transaction);
  if (params().update_interval == Duration::zero() && !derivation_->frozen()) work(ctx);
}

bool ChannelHub::ignores(const Transaction& tx) const {
  if (censor_withdrawals_.on() && tx.kind == TxKind::Withdraw) return true;
  return censorship_.on() && censors(censorship_.magnitude, tx.account);
}

// The oracle and the protocol itself have no channel.
bool ChannelHub::trades(AccountId account) const {
  if (!account.exists() || account.value >= book_.channels()) return true;
  return frozen_[account.value] == Frozen::No &&
         contract_->channel(account).machine.stored != channel::Mode::Proposed;
}

void ChannelHub::refuse(Context& ctx, const Transaction& tx) {
  ++counts_.refused;
  derivation_->feed().tell(ctx, {.transaction = TxId::none(),
                                 .account = tx.account,
                                 .kind = tx.kind,
                                 .status = TxStatus::Expired,
                                 .reference = tx.reference,
                                 .filled = Quantity{},
                                 .average = Price{},
                                 .block = BlockId::none()});
}

void ChannelHub::take_from_queue(Context& ctx, std::vector<Transaction>& block) {
  std::int64_t most = params().transactions_per_update;
  if (degraded_.on()) most = mul_div(most, degraded_.magnitude.ppb, Ratio::kScale, Round::Down);
  while (!queue_.empty() && static_cast<std::int64_t>(block.size()) < most) {
    const Transaction tx = queue_.front();
    queue_.pop_front();
    const bool own = tx.kind == TxKind::CancelAll && tx.reference == UINT64_MAX;
    if (ignores(tx)) {
      ++counts_.censored;
    } else if (!own && !trades(tx.account)) {
      refuse(ctx, tx);
    } else {
      ++counts_.included;
      block.push_back(tx);
    }
  }
}

void ChannelHub::build(Context& ctx) {
  const std::uint64_t current = node_->chain().head_block().l1_origin;
  MEZZ_ASSERT(final_height_ >= current);
  std::vector<Transaction> block;
  for (std::uint64_t height = current + 1; height <= final_height_; ++height) {
    derivation_->inbox().collect(height, block);
  }
  take_from_queue(ctx, block);
  // Nothing is published: states stay with the parties.
  const BlockOutput& output = node_->build_block(ctx, ctx.now(), final_height_, block, 0);
  const BlockId number = node_->chain().head();
  MarketUpdate market = node_->exchange().market();
  market.block = number;
  collect_touched(output);
  derivation_->feed().announce(ctx, number, output, market);
  ask(ctx, number);
  finish_leaving(ctx);
}

// ---- signatures

void ChannelHub::collect_touched(const BlockOutput& output) {
  touched_.clear();
  const auto touch = [this](AccountId account) {
    if (!account.exists() || account.value >= book_.channels()) return;
    if (!book_.closed(account)) touched_.push_back(account);
  };
  for (const Receipt& receipt : output.receipts) {
    const bool done =
        receipt.status == TxStatus::Executed || receipt.status == TxStatus::PartlyFilled;
    if (done) touch(receipt.account);
  }
  for (const TradeEvent& trade : output.trades) {
    touch(trade.taker);
    touch(trade.maker);
  }
  for (const LiquidationEvent& event : output.liquidations) {
    touch(event.account);
    touch(event.counterparty);
  }
  if (!output.funding.empty()) {
    for (std::uint32_t i = 0; i < book_.channels(); ++i) {
      if (node_->exchange().position(AccountId{i}) != Quantity::zero()) touch(AccountId{i});
    }
  }
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
}

void ChannelHub::ask(Context& ctx, BlockId block) {
  for (const AccountId account : touched_) {
    const std::uint64_t turn =
        book_.add(account, {.holding = holding(account), .block = block, .sent = ctx.now()});
    asked_.push_back({.first = ctx.now(),
                      .again = ctx.now() + params().resend_after,
                      .account = account.value,
                      .turn = turn});
    ++counts_.updates;
    send_update(ctx, account);
  }
  if (!book_.complete(block)) return;
  done_.assign(1, block);  // nobody but the hub has a part in it
  settle(ctx);
}

// The newest state stands for all before it.
void ChannelHub::send_update(Context& ctx, AccountId account) {
  const ChannelBook::Waiting* newest = book_.newest_waiting(account);
  MEZZ_ASSERT(newest != nullptr && parties_.exists());
  ctx.send(parties_, ChannelUpdate{.account = account,
                                   .turn = book_.newest_turn(account),
                                   .block = newest->block,
                                   .holding = newest->holding});
}

void ChannelHub::ask_again(Context& ctx) {
  while (!asked_.empty() && asked_.front().again <= ctx.now()) {
    Asked entry = asked_.front();
    asked_.pop_front();
    const AccountId account{static_cast<std::uint32_t>(entry.account)};
    if (book_.closed(account) || book_.latest(account).turn >= entry.turn) continue;
    const bool disputed = frozen_[account.value] != Frozen::No;
    if (!disputed && ctx.now() - entry.first >= params().sign_timeout) {
      if (wanted_.insert(account.value).second) to_challenge_.push_back(account.value);
    } else if (!disputed && entry.turn == book_.newest_turn(account)) {
      ++counts_.resent;
      send_update(ctx, account);
    }
    entry.again = ctx.now() + params().resend_after;
    asked_.push_back(entry);
  }
}

void ChannelHub::on(Context& ctx, const ChannelSignature& signature) {
  if (down_.on()) return;
  done_.clear();
  const std::size_t before = round_trips_.size();
  if (!book_.sign(signature.account, signature.turn, ctx.now(), done_, round_trips_)) return;
  ++counts_.signatures;
  ended_ = ctx.now();
  for (std::size_t i = before; i < round_trips_.size(); ++i) {
    rtt_probe_.record(ctx.now(), round_trips_[i]);
  }
  settle(ctx);
}

void ChannelHub::settle(Context& ctx) {
  Layer2Chain& chain = node_->chain();
  for (const BlockId block : done_) {
    for (const Rung rung : {Rung::Published, Rung::OrderFinal, Rung::Asserted, Rung::Settled}) {
      chain.reach(rung, block, block, ctx.now());
    }
  }
  if (!done_.empty()) chain.fix(chain.reached(Rung::Settled));
  done_.clear();
}

// ---- leaving together

void ChannelHub::on(Context& ctx, const ChannelLeave& leave) {
  MEZZ_ASSERT(leave.account.value < book_.channels());
  if (down_.on() || rpc_down_.on() || book_.closed(leave.account)) return;
  if (censor_withdrawals_.on() ||
      (censorship_.on() && censors(censorship_.magnitude, leave.account))) {
    ++counts_.censored;
    return;
  }
  if (frozen_[leave.account.value] != Frozen::No) return;
  freeze(ctx, leave.account, Frozen::Leaving);
  leaving_.push_back(leave.account.value);
}

// Its orders are gone with the block that was just made.
void ChannelHub::finish_leaving(Context& ctx) {
  for (const std::uint64_t id : leaving_) {
    const AccountId account{static_cast<std::uint32_t>(id)};
    if (book_.closed(account)) continue;
    const std::uint64_t turn = book_.newest_turn(account) + 1;
    ctx.send(parties_, ChannelFinal{.account = account,
                                    .turn = turn,
                                    .block = node_->chain().head(),
                                    .holding = holding(account)});
  }
  leaving_.clear();
}

void ChannelHub::freeze(Context& ctx, AccountId account, Frozen why) {
  MEZZ_ASSERT(why != Frozen::No);
  if (frozen_[account.value] != Frozen::No) return;
  frozen_[account.value] = why;
  // Marked by its reference: the hub may send it although the account is frozen.
  queue_.push_front({.account = account,
                     .kind = TxKind::CancelAll,
                     .reference = UINT64_MAX,
                     .submitted = ctx.now()});
}

// ---- layer one

void ChannelHub::submit(Context& ctx, L1CallKind kind, std::uint64_t a, std::uint64_t b, Gas gas) {
  outbox_.submit(ctx, address_, params().fees, {.kind = kind, .a = a, .b = b, .gas = gas});
}

void ChannelHub::challenge(Context& ctx, AccountId account) {
  MEZZ_ASSERT(!book_.closed(account) && wanted_.contains(account.value));
  channel::Holding forced = book_.latest(account).holding;
  forced.price = node_->exchange().oracle();
  const std::uint64_t number = contract_->write({.account = account,
                                                 .side = ChannelSide::Hub,
                                                 .move = ChannelMove::Challenge,
                                                 .reason = ChannelReason::Unsigned,
                                                 .turn = book_.latest(account).turn + 1,
                                                 .holding = forced,
                                                 .block = book_.latest(account).block});
  ++counts_.challenges;
  submit(ctx, L1CallKind::ChallengeChannel, number, 0,
         channel::challenge_gas(contract_->funding(account)));
}

void ChannelHub::on(Context& ctx, const ChannelChanged& changed) {
  const AccountId account = changed.account;
  const OnChainChannel& seen = contract_->channel(account);
  respond_.erase(account.value);
  closing_.erase(account.value);
  if (book_.closed(account)) return;  // final: nothing can change it any more
  switch (seen.machine.stored) {
    case channel::Mode::Challenge:
      freeze(ctx, account, Frozen::Disputed);
      if (seen.challenger == ChannelSide::Account && seen.reason == ChannelReason::Silence) {
        respond_.insert(account.value);
      }
      break;
    case channel::Mode::Finalised:
    case channel::Mode::Defunded:
      freeze(ctx, account, Frozen::Disputed);
      closing_[account.value] = seen.closed_height;
      break;
    default:
      wanted_.erase(account.value);
      if (frozen_[account.value] != Frozen::Disputed) break;
      frozen_[account.value] = Frozen::No;
      if (seen.machine.turn_record > book_.latest(account).turn) {
        book_.supersede(account, seen.machine.turn_record, seen.claim);
      }
      if (book_.waits(account)) {
        // Asked anew: the account has shown that it is there.
        asked_.push_back({.first = ctx.now(),
                          .again = ctx.now() + params().resend_after,
                          .account = account.value,
                          .turn = book_.newest_turn(account)});
        send_update(ctx, account);
      }
  }
}

void ChannelHub::on(Context& ctx, const L1Head&) {
  if (down_.on()) return;
  call_contract(ctx);
}

void ChannelHub::call_contract(Context& ctx) {
  std::int64_t left = params().calls_per_block;
  const std::uint64_t channels = contract_->channels();
  if (contract_->params().fund_on_chain) {
    for (; left > 0 && next_open_ < channels; --left) {
      const std::uint64_t count = std::min<std::uint64_t>(100, channels - next_open_);
      submit(ctx, L1CallKind::OpenChannel, next_open_, count, channel::funding_gas(count));
      next_open_ += count;
    }
  }
  while (params().responds && left > 0 && !respond_.empty()) {
    const AccountId account{static_cast<std::uint32_t>(*respond_.begin())};
    respond_.erase(respond_.begin());
    const OnChainChannel& seen = contract_->channel(account);
    if (seen.machine.mode(ctx.now()) != channel::Mode::Challenge) continue;
    channel::Holding moved = seen.claim;
    moved.price = node_->exchange().oracle();
    const std::uint64_t number = contract_->write({.account = account,
                                                   .side = ChannelSide::Hub,
                                                   .move = ChannelMove::Respond,
                                                   .turn = seen.machine.turn_record + 1,
                                                   .holding = moved});
    ++counts_.responses;
    submit(ctx, L1CallKind::AnswerChannel, number, 0, channel::gas::kRespond);
    --left;
  }
  for (; left > 0 && !to_challenge_.empty(); --left) {
    const AccountId account{static_cast<std::uint32_t>(to_challenge_.front())};
    to_challenge_.pop_front();
    if (frozen_[account.value] == Frozen::No && book_.waits(account)) {
      challenge(ctx, account);
    } else {
      wanted_.erase(account.value);  // has signed, or is on layer one already
    }
  }
  release_finished(ctx, left);
}

void ChannelHub::release_finished(Context& ctx, std::int64_t& left) {
  for (const std::uint64_t id : contract_->challenged()) {
    if (left == 0) return;
    const AccountId account{static_cast<std::uint32_t>(id)};
    const OnChainChannel& seen = contract_->channel(account);
    if (seen.challenger != ChannelSide::Hub) continue;
    if (seen.machine.mode(ctx.now()) != channel::Mode::Finalised) continue;
    if (outbox_.waits(L1CallKind::ReleaseFunds, id, seen.machine.turn_record)) continue;
    submit(ctx, L1CallKind::ReleaseFunds, id, seen.machine.turn_record, channel::gas::kTransfer);
    --left;
  }
}

void ChannelHub::on(Context&, const L1Included& included) { outbox_.included(included); }
void ChannelHub::on(Context&, const L1Reverted& reverted) { outbox_.reverted(reverted); }

void ChannelHub::on(Context& ctx, const L1Finalised& finalised) {
  final_height_ = std::max(final_height_, finalised.height);
  outbox_.finalised(finalised.height);
  std::vector<std::uint64_t> final_now;
  for (const auto& [account, height] : closing_) {
    if (height <= final_height_) final_now.push_back(account);
  }
  for (const std::uint64_t account : final_now) {
    closing_.erase(account);
    take_over(ctx, AccountId{static_cast<std::uint32_t>(account)});
  }
}

void ChannelHub::take_over(Context& ctx, AccountId account) {
  const OnChainChannel& seen = contract_->channel(account);
  MEZZ_ASSERT(seen.machine.stored == channel::Mode::Defunded && !book_.closed(account));
  const ContractSpec& contract = contract_->contract();
  const Price price = node_->exchange().oracle();
  const Money payout = seen.forfeited != 0 ? Money::zero() : channel::outcome(contract, seen.claim);
  // What the account never signed to withdraw is in the payout; layer two has debited it.
  const Money debited = contract_->superseded(account);
  result_ += node_->exchange().equity(account, price) + debited - payout;
  // Did the account's margin outlast the window?
  const Money left = channel::equity(contract, seen.claim, price);
  if (seen.challenger == ChannelSide::Hub && left < Money::zero()) {
    ++counts_.margin_breaches;
    shortfall_ -= left;
  }
  ++counts_.taken_over;
  done_.clear();
  book_.close(account, done_);
  wanted_.erase(account.value);
  settle(ctx);
}

void ChannelHub::on(Context& ctx, const Shock& shock) {
  switch (shock.kind) {
    case ShockKind::RpcDown:
      rpc_down_.apply(shock);
      break;
    case ShockKind::SequencerDown:
      down_.apply(shock);
      // It knows that it was away: nobody is late yet.
      for (Asked& entry : asked_) entry.first = ctx.now();
      break;
    case ShockKind::SequencerDegraded:
      degraded_.apply(shock);
      break;
    case ShockKind::Censorship:
      censorship_.apply(shock);
      break;
    case ShockKind::CensorWithdrawals:
      censor_withdrawals_.apply(shock);
      break;
    default:
      break;  // meant for another part
  }
}

// ---- telling

void ChannelHub::report(MetricList& out) const {
  out.delays("channel.update_rtt", round_trips_);
  const double seconds = (ended_ - started_).seconds();
  out.add("channel.updates_per_second",
          seconds > 0.0 ? static_cast<double>(round_trips_.size()) / seconds : 0.0, "1");
  out.count("channel.updates", counts_.updates);
  out.count("channel.unsigned", book_.waiting());
  out.count("channel.resent", counts_.resent);
  out.count("channel.hub_challenges", counts_.challenges);
  out.count("channel.taken_over", counts_.taken_over);
  out.money("channel.hub_result", result_);
  out.count("channel.margin_breaches", counts_.margin_breaches);
  out.money("channel.margin_shortfall", shortfall_);
  const double needed =
      channel::margin_needed(params().margin_z, params().margin_volatility,
                             contract_->params().challenge_duration + params().margin_inclusion);
  out.add("channel.margin_needed", needed, "1");
  std::uint64_t thin = 0;
  std::uint64_t holders = 0;
  const Exchange& exchange = node_->exchange();
  for (std::uint32_t i = 0; i < book_.channels(); ++i) {
    const AccountId account{i};
    const Quantity size = exchange.position(account);
    if (size == Quantity::zero() || book_.closed(account)) continue;
    ++holders;
    const Money value = notional(contract_->contract(), size.abs(), exchange.oracle());
    if (exchange.equity(account, exchange.oracle()).usd() < needed * value.usd()) ++thin;
  }
  out.add("channel.thin_margin_share",
          holders > 0 ? static_cast<double>(thin) / static_cast<double>(holders) : 0.0, "1");
  out.count("sequencer.included", counts_.included);
  out.count("sequencer.lost_at_rpc", counts_.lost_at_rpc);
  out.count("sequencer.censored", counts_.censored);
}

void ChannelHub::check() const {
  const Layer2Chain& chain = node_->chain();
  MEZZ_ASSERT(chain.reached(Rung::Settled) == chain.reached(Rung::Published));
  MEZZ_ASSERT(book_.open_blocks() <= chain.head().value);
  MEZZ_ASSERT(book_.open_blocks() <= book_.waiting());
}

}  // namespace mezz
