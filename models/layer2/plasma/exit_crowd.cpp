#include "models/layer2/plasma/exit_crowd.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"
#include "sim/random/distribution.h"

namespace mezz {

static_assert(Flat<ExitWish> && Flat<CrowdTotals>);

ExitCrowd::ExitCrowd(const Site& site, const PlasmaParams& p, const PlasmaWiring& wiring,
                     const plasma::CommitStore& commits, Ref<Inbox> inbox)
    : EntityOf(site, p),
      game_(wiring.game),
      node_(wiring.node),
      commits_(&commits),
      l1_(wiring.l1),
      contract_(wiring.contract),
      inbox_(inbox),
      looks_stream_(site.stream("looks")),
      balance_stream_(site.stream("balances")) {
  static_assert(Flat<User> && Flat<Look> && Flat<Backlog>);
  MEZZ_ASSERT(game_ != nullptr && node_ != nullptr);
  if (site.recording == nullptr) return;
  threshold_probe_.bind(*site.recording, path());
  waiting_probe_.bind(*site.recording, path());
}

void ExitCrowd::open_holders(Exchange& genesis) {
  // Pareto: mean = minimum x tail / (tail - 1).
  const double tail = params().holder_tail;
  const double minimum = params().holder_balance.usd() * (tail - 1.0) / tail;
  for (std::int64_t i = 0; i < params().holders; ++i) {
    const AccountId account = genesis.open_account();
    const double usd = std::min(pareto(balance_stream_, minimum, tail), 1e9);
    const Money balance{static_cast<std::int64_t>(usd * 1e6)};
    if (balance > Money::zero()) genesis.genesis_deposit(account, balance);
  }
}

void ExitCrowd::on(Context&, const Start&) {
  const std::uint32_t accounts = node_->exchange().accounts();
  users_.reserve(accounts);
  for (std::uint32_t i = 0; i < accounts; ++i) {
    const Duration drawn = exponential(looks_stream_, params().online_every);
    const Duration period = std::max(drawn, 1_s);
    const auto phase = looks_stream_.below(static_cast<std::uint64_t>(period.ns));
    users_.push_back({.period = period, .phase = {static_cast<std::int64_t>(phase)}});
  }
}

Time ExitCrowd::next_look(AccountId user, Time at) const {
  MEZZ_ASSERT(user.value < users_.size() && at.happened());
  const User& u = users_[user.value];
  const Duration age = at - (Time::zero() + u.phase);
  if (age <= Duration::zero()) return Time::zero() + u.phase;
  const std::int64_t looks = (age.ns - 1) / u.period.ns + 1;  // rounded up
  return Time::zero() + u.phase + u.period * looks;
}

namespace {
bool in_flight(ExitKind kind) { return kind == ExitKind::InFlight; }
}  // namespace

plasma::ExitCost ExitCrowd::cost(ExitKind kind) const {
  const PlasmaGas& gas = params().gas;
  return {.gas = in_flight(kind) ? gas.start_in_flight + gas.piggyback : gas.start_exit,
          .bounty = params().bonds.bounty,
          .ether_price = params().ether_price};
}

// ---- wishes

void ExitCrowd::wish(ExitKind kind, std::uint64_t number, AccountId account, Money value) {
  MEZZ_ASSERT(value > Money::zero());
  wishes_.push_back({.claim = ExitClaim{.kind = kind, .number = number}.packed(),
                     .value = value,
                     .limit = plasma::exit_gas_price(cost(kind), value),
                     .account = account});
  queue(wishes_.size() - 1);
}

void ExitCrowd::queue(std::uint64_t number) {
  MEZZ_ASSERT(wishes_[number].state == WishState::Waits);
  backlog_.push_back({.limit = wishes_[number].limit, .wish = number});
  std::push_heap(backlog_.begin(), backlog_.end());
}

void ExitCrowd::follow_withdrawals() {
  const auto& withdrawals = game_->withdrawals();
  const BlockId provable = game_->outputs().newest().last;
  for (; known_withdrawals_ < withdrawals.size(); ++known_withdrawals_) {
    const PlasmaWithdrawal& subject = withdrawals[known_withdrawals_];
    // Later ones stand in later blocks. What was dropped when the chain stopped stays under way.
    if (game_->halted() && subject.gone != 0) return;
    if (subject.gone != 0) continue;
    if (subject.block > provable) return;
    wish(ExitKind::Withdrawal, known_withdrawals_, subject.account, subject.amount);
  }
}

void ExitCrowd::note_withdrawals() {
  const auto& withdrawals = game_->withdrawals();
  for (; noted_withdrawals_ < withdrawals.size(); ++noted_withdrawals_) {
    users_[withdrawals[noted_withdrawals_].account.value].withdrawal = noted_withdrawals_ + 1;
  }
}

// A withdrawal of the user is in no block that has data.
bool ExitCrowd::under_way(AccountId user) const {
  return users_[user.value].withdrawal > known_withdrawals_;
}

void ExitCrowd::strand_deposits() {
  const auto& deposits = game_->deposits();
  if (!game_->halted()) return;
  for (; known_deposits_ < deposits.size(); ++known_deposits_) {
    const PlasmaDeposit& subject = deposits[known_deposits_];
    if (!game_->stranded(subject)) continue;
    wish(ExitKind::Deposit, known_deposits_, subject.account, subject.amount);
  }
}

void ExitCrowd::submit(Context& ctx) {
  const std::int64_t room = params().exits_in_mempool;
  while (!backlog_.empty() && in_mempool_ < room && backlog_.front().limit > base_fee_) {
    const std::uint64_t number = backlog_.front().wish;
    std::pop_heap(backlog_.begin(), backlog_.end());
    backlog_.pop_back();
    send(ctx, number, false);
  }
}

void ExitCrowd::send(Context& ctx, std::uint64_t number, bool piggyback) {
  ExitWish& subject = wishes_[number];
  const ExitClaim claim = ExitClaim::unpack(subject.claim);
  const bool ife = in_flight(claim.kind);
  Gas gas = ife ? params().gas.start_in_flight : params().gas.start_exit;
  if (piggyback) {
    MEZZ_ASSERT(ife && subject.piggybacked == 0);
    gas = params().gas.piggyback;
    subject.piggybacked = 1;
  } else {
    MEZZ_ASSERT(subject.state == WishState::Waits);
    subject.state = WishState::Sent;
  }
  ++in_mempool_;
  ctx.send(l1_, SubmitL1Transaction{.to = contract_,
                                    .from = self(),
                                    .tag = number * 2 + (piggyback ? 1 : 0),
                                    .a = subject.claim,
                                    .b = piggyback ? kPiggyback : 0,
                                    .gas = static_cast<std::uint32_t>(gas.units),
                                    .blobs = 0,
                                    .kind = L1CallKind::StartExit,
                                    .tip = MilliGwei::from(params().exit_tip),
                                    .cap = MilliGwei::from(subject.limit)});
}

void ExitCrowd::on(Context& ctx, const L1Included& included) {
  if (included.tag >= kDefenceTag) {
    sums_.fees_gwei += included.execution_fee_gwei;
    return;
  }
  MEZZ_ASSERT(included.tag / 2 < wishes_.size());
  --in_mempool_;
  sums_.fees_gwei += included.execution_fee_gwei;
  ExitWish& subject = wishes_[included.tag / 2];
  if (included.tag % 2 == 1) return;
  subject.state = WishState::Started;
  const ExitClaim claim = ExitClaim::unpack(subject.claim);
  if (in_flight(claim.kind) && subject.piggybacked == 0) send(ctx, included.tag / 2, true);
}

void ExitCrowd::on(Context&, const L1Reverted& reverted) {
  if (reverted.tag >= kDefenceTag) return;
  ++in_mempool_;
  if (reverted.tag % 2 == 0) wishes_[reverted.tag / 2].state = WishState::Sent;
}

// ---- finding out

void ExitCrowd::raise_alarm(Time since) {
  if (since == alarm_) return;
  alarm_ = since;
  looks_.clear();
  next_look_ = 0;
  if (!since.happened()) return;
  for (std::uint32_t i = 0; i < users_.size(); ++i) {
    looks_.push_back({.at = next_look(AccountId{i}, since), .user = i});
  }
  std::sort(looks_.begin(), looks_.end());
}

void ExitCrowd::look_around(Time now) {
  Time since = game_->invalid_since();
  if (!since.happened() && game_->unserved_since().happened()) {
    since = game_->unserved_since() + params().data_timeout;
  }
  const Time silent = game_->outputs().newest().time + params().silence_timeout;
  if (!since.happened() && !game_->unserved_since().happened() && silent <= now) since = silent;
  // Once outputs leave, nobody waits for better news.
  if (!game_->halted()) raise_alarm(since);
  if (next_look_ == looks_.size()) return;
  note_withdrawals();
  for (; next_look_ < looks_.size() && looks_[next_look_].at <= now; ++next_look_) {
    const AccountId user{static_cast<std::uint32_t>(looks_[next_look_].user)};
    if (users_[user.value].noticed != 0) continue;
    users_[user.value].noticed = 1;
    ++sums_.noticed;
    stand_guard(user);
    leave(user);
  }
}

void ExitCrowd::leave(AccountId user) {
  const ExitClaim account{.kind = ExitKind::Account, .number = user.value};
  const Money value = game_->account_value(user);
  if (value <= Money::zero() || game_->exit_of(account) != kNoExit) return;
  const bool more_vp = params().variant == PlasmaVariant::MoreVp;
  const ExitKind kind = more_vp && under_way(user) ? ExitKind::InFlight : ExitKind::Account;
  wish(kind, user.value, user, value);
}

// The operator takes the user's coin (Cash): the inventions of a root are in order of their
// victims.
void ExitCrowd::stand_guard(AccountId user) {
  if (params().variant != PlasmaVariant::Cash) return;
  const auto& inventions = commits_->inventions();
  if (inventions.empty()) return;
  const std::uint64_t commit = inventions.back().commit;
  const auto before = [commit](const plasma::Invention& i, AccountId wanted) {
    return i.commit != commit || i.victim < wanted;
  };
  const auto at = std::lower_bound(inventions.begin(), inventions.end(), user, before);
  if (at == inventions.end() || at->victim != user) return;
  defenders_.push_back(static_cast<std::uint64_t>(at - inventions.begin()));
}

// As soon as the thief's exit is there, the owner shows the coin's history.
void ExitCrowd::defend(Context& ctx) {
  std::vector<std::uint64_t> waiting;
  for (const std::uint64_t number : defenders_) {
    const ExitClaim claim{.kind = ExitKind::Invented, .number = number};
    if (game_->exit_of(claim) == kNoExit) {
      waiting.push_back(number);
      continue;
    }
    ++sums_.saved_coins;
    const plasma::ExitCost price{
        .gas = params().gas.challenge, .bounty = {}, .ether_price = params().ether_price};
    const GasPrice cap = plasma::exit_gas_price(price, commits_->inventions()[number].amount);
    ctx.send(l1_,
             SubmitL1Transaction{.to = contract_,
                                 .from = self(),
                                 .tag = kDefenceTag + number,
                                 .a = claim.packed(),
                                 .gas = static_cast<std::uint32_t>(params().gas.challenge.units),
                                 .kind = L1CallKind::ChallengeExit,
                                 .tip = MilliGwei::from(params().exit_tip),
                                 .cap = MilliGwei::from(cap)});
  }
  defenders_ = std::move(waiting);
}

void ExitCrowd::on(Context& ctx, const L1Head& head) {
  base_fee_ = head.base_fee;
  follow_withdrawals();
  look_around(ctx.now());
  defend(ctx);
  strand_deposits();
  submit(ctx);
  threshold_probe_.record(ctx.now(), plasma::exit_threshold(cost(ExitKind::Account), base_fee_));
  waiting_probe_.record(ctx.now(), backlog_.size() + static_cast<std::uint64_t>(
                                                         std::max<std::int64_t>(in_mempool_, 0)));
}

// ---- shocks

void ExitCrowd::on(Context& ctx, const Shock& shock) {
  if (shock.edge != ShockEdge::Begins || game_->halted()) return;
  if (shock.kind == ShockKind::MassExit) run_for_the_door(ctx, shock.magnitude);
  if (shock.kind == ShockKind::StaleClose) close_stale(shock.magnitude);
}

void ExitCrowd::run_for_the_door(Context& ctx, Ratio share) {
  const Exchange& exchange = node_->exchange();
  for (std::uint32_t i = 0; i < exchange.accounts(); ++i) {
    const AccountId account{i};
    if (!plasma::chosen(share, i)) continue;
    const Money free = exchange.free_collateral(account);
    if (free <= Money::zero()) continue;
    ctx.send(inbox_, SubmitTransaction{{.account = account,
                                        .kind = TxKind::Withdraw,
                                        .amount = free.micros,
                                        .submitted = ctx.now()}});
  }
}

void ExitCrowd::close_stale(Ratio share) {
  const plasma::OutputSet& outputs = game_->outputs();
  const ContractSpec& contract = node_->exchange().params().contract;
  for (std::uint32_t i = 0; i < outputs.accounts(); ++i) {
    const AccountId account{i};
    if (!plasma::chosen(share, i)) continue;
    const Money old_value = outputs.value(outputs.spent(account), contract);
    if (old_value <= game_->account_value(account) || old_value <= Money::zero()) continue;
    wish(ExitKind::Spent, i, account, old_value);
  }
}

// ---- the end of the run

void ExitCrowd::report(MetricList& out) const {
  std::uint64_t trapped = 0;
  Money value;
  for (const ExitWish& w : wishes_) {
    const ExitKind kind = ExitClaim::unpack(w.claim).kind;
    const bool out_of_reach = w.limit <= base_fee_;
    if (kind == ExitKind::Spent || w.state == WishState::Started || !out_of_reach) continue;
    ++trapped;
    value += w.value;
  }
  out.count("exits.wanted", wishes_.size());
  out.count("exits.trapped.count", trapped);
  out.money("exits.trapped.value", value);
  out.money("exits.threshold", plasma::exit_threshold(cost(ExitKind::Account), base_fee_));
  out.count("exits.noticed", sums_.noticed);
  out.add("exits.fees", static_cast<double>(sums_.fees_gwei) * 1e-9, "ETH");
  if (params().variant == PlasmaVariant::Cash) out.count("exits.saved_coins", sums_.saved_coins);
}

void ExitCrowd::check() const {
  std::uint64_t waiting = 0;
  for (const ExitWish& w : wishes_) waiting += w.state == WishState::Waits ? 1 : 0;
  MEZZ_ASSERT(waiting == backlog_.size());
  MEZZ_ASSERT(next_look_ <= looks_.size());
}

}  // namespace mezz
