// Base of everything that trades. An agent is Params, State and a few on() functions; the base
// keeps the accounts, the view of the market and the numbers of orders, and sends transactions.
//
//   class MeanReverter final : public Agent<MeanReverter, MeanReverterParams> {
//    public:
//     using Agent::Agent;
//     using Agent::on;   // keeps the base's handlers visible beside the own ones
//     void on(Context& ctx, const Start&);
//     void on(Context& ctx, const MarkUpdate& update);   // optional: after every public update
//     void on(Context& ctx, const Receipt& receipt) override;   // optional
//     void visit_state(auto& v) { Agent::visit_state(v); v("average", average_); }
//   };
//   world.add<MeanReverter>("mean_reverter", params, access, accounts);
//
// The node must be told who owns the accounts and who observes the market; that is wiring. Fees for
// layer-one deposits are the l1_* values below.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/agents/market_view.h"
#include "sim/engine/entity.h"

namespace mezz {

// A bridge deposit is a call of about 100 000 gas (OptimismPortal.depositTransaction).
inline constexpr std::uint32_t kDepositGas = 100'000;

template <class T, class P, class... Roles>
class Agent : public EntityOf<T, P, AccountOwner, MarketObserver, Roles...> {
  using Base = EntityOf<T, P, AccountOwner, MarketObserver, Roles...>;

 public:
  using Roles::on...;  // so that the handlers below do not hide the roles' own

  Agent(const Site& site, const P& params, const MarketAccess& access, AccountRange accounts)
      : Base(site, params), access_(access), accounts_(accounts) {
    MEZZ_ASSERT(access.inbox.exists());
    MEZZ_ASSERT(access.node != nullptr);
  }

  void on(Context& ctx, const MarketUpdate& update) final {
    view_.last = update;
    T& me = static_cast<T&>(*this);
    if constexpr (Handles<T, MarkUpdate>) {
      if (view_.open()) me.on(ctx, MarkUpdate{view_.mark(), ctx.now()});
    }
  }
  void on(Context&, const Receipt&) override {}
  void on(Context&, const MakerFill&) override {}

  [[nodiscard]] AccountRange accounts() const { return accounts_; }

  void visit_state(auto& v) {
    v("view", view_.last);
    v("next_number", next_number_);
  }

 protected:
  [[nodiscard]] const MarketView& view() const { return view_; }
  [[nodiscard]] const Exchange& node() const { return *access_.node; }
  [[nodiscard]] const MarketAccess& access() const { return access_; }
  [[nodiscard]] AccountId account() const { return accounts_.at(0); }
  // "agents/keepers/0" and "won": "agents.keepers.0.won", the name of a headline number.
  [[nodiscard]] std::string metric_name(std::string_view what) const {
    std::string name(this->path());
    for (char& c : name) c = c == '/' ? '.' : c;
    return name + "." + std::string(what);
  }
  // As the node knows it now; fills on their way back are included.
  [[nodiscard]] Quantity position() const { return node().position(account()); }

  // Quantities are positive. The returned number cancels the order.
  std::uint64_t buy(Context& ctx, Quantity quantity, Limit limit, Reduce reduce = Reduce::Allowed) {
    return place(ctx, {account(), quantity, limit.price, limit.time_in_force, reduce});
  }
  std::uint64_t sell(Context& ctx, Quantity quantity, Limit limit,
                     Reduce reduce = Reduce::Allowed) {
    return place(ctx, {account(), -quantity, limit.price, limit.time_in_force, reduce});
  }
  std::uint64_t buy(Context& ctx, Quantity quantity, AtMarket, Reduce reduce = Reduce::Allowed) {
    return place(ctx, {account(), quantity, Price{0}, TimeInForce::Ioc, reduce});
  }
  std::uint64_t sell(Context& ctx, Quantity quantity, AtMarket, Reduce reduce = Reduce::Allowed) {
    return place(ctx, {account(), -quantity, Price{0}, TimeInForce::Ioc, reduce});
  }

  std::uint64_t place(Context& ctx, OrderTicket ticket) {
    MEZZ_ASSERT(ticket.quantity != Quantity::zero());
    MEZZ_ASSERT(ticket.price.ticks >= 0);
    if (ticket.number == 0) ticket.number = next_number_++;
    Transaction tx = transaction(ctx, TxKind::PlaceOrder, ticket.account);
    tx.time_in_force = ticket.time_in_force;
    if (ticket.reduce == Reduce::Only) tx.flags |= Transaction::kReduceOnly;
    if (ticket.price.ticks == 0) tx.flags |= Transaction::kMarket;
    tx.price = ticket.price.ticks;
    tx.amount = ticket.quantity.lots;
    tx.reference = ticket.number;
    tx.priority = ticket.priority;
    tx.instrument = ticket.instrument;
    submit(ctx, tx);
    return ticket.number;
  }
  void cancel(Context& ctx, std::uint64_t number) { cancel(ctx, account(), number); }
  void cancel(Context& ctx, AccountId account, std::uint64_t number) {
    Transaction tx = transaction(ctx, TxKind::CancelOrder, account);
    tx.reference = number;
    submit(ctx, tx);
  }
  void cancel_all(Context& ctx) { submit(ctx, transaction(ctx, TxKind::CancelAll, account())); }
  void withdraw(Context& ctx, Money amount) {
    MEZZ_ASSERT(amount > Money::zero());
    Transaction tx = transaction(ctx, TxKind::Withdraw, account());
    tx.amount = amount.micros;
    submit(ctx, tx);
  }
  // From free cash into the purse of an isolated position.
  void move_margin(Context& ctx, AccountId account, InstrumentId instrument, Money amount) {
    MEZZ_ASSERT(amount != Money::zero());
    Transaction tx = transaction(ctx, TxKind::MoveMargin, account);
    tx.instrument = instrument;
    tx.amount = amount.micros;
    submit(ctx, tx);
  }
  // Through the bridge on layer one: it takes that chain's time and is not included above the cap.
  void deposit(Context& ctx, AccountId account, Money amount, GasPrice tip, GasPrice cap) {
    MEZZ_ASSERT(amount > Money::zero());
    MEZZ_ASSERT(access_.can_deposit());
    ctx.send(access_.l1, SubmitL1Transaction{.to = access_.bridge,
                                             .from = {},
                                             .tag = next_number_++,
                                             .a = account.value,
                                             .b = static_cast<std::uint64_t>(amount.micros),
                                             .gas = kDepositGas,
                                             .blobs = 0,
                                             .kind = L1CallKind::Deposit,
                                             .tip = MilliGwei::from(tip),
                                             .cap = MilliGwei::from(cap)});
  }

  [[nodiscard]] static Transaction transaction(const Context& ctx, TxKind kind, AccountId account) {
    return {.account = account, .kind = kind, .submitted = ctx.now()};
  }
  void submit(Context& ctx, const Transaction& tx) {
    ctx.send(access_.inbox, SubmitTransaction{tx});
  }

 private:
  MarketAccess access_;
  AccountRange accounts_;
  MarketView view_;
  std::uint64_t next_number_ = kFirstNumber;

 protected:
  // Smaller numbers are free for agents that name their orders themselves.
  static constexpr std::uint64_t kFirstNumber = 1'000;
};

}  // namespace mezz
