// The users of a plasma chain on layer one, as rows of one entity: when they look, when they leave,
// what they pay for it. A row per wish to leave, in arrays: a million exits are a million
// transactions, but not a million entities.
//
//   withdrawals  whoever withdrew on layer two starts the exit as soon as the block has data
//   alarm        a root without data for longer than data_timeout, no root for silence_timeout, or
//                an invalid root: each user finds out at the next look (own period, exponential
//                over users, own phase) and exits the account; in-flight if a withdrawal was under
//                way (MoreVP). Owners of coins that the operator takes challenge, then leave (Cash)
//   mass_exit    `magnitude` of the accounts withdraw all that the exchange lets go, at once
//   stale_close  `magnitude` of the accounts try to exit their last but one output, if it was worth
//                more: a lie that anybody can prove
//
// Nobody pays more than leaving brings: gas x price + bounty < value. So each wish has a price of
// gas beyond which it waits, and of those that can pay now the best go first, exits_in_mempool at a
// time; layer one's own auction decides among them. Who never gets through is trapped. Left out:
// the capital for the bond, which comes back; users who share an exit.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/plasma/plasma_operator.h"

namespace mezz {

enum class WishState : std::uint8_t { Waits, Sent, Started };

struct ExitWish {
  std::uint64_t claim = 0;  // packed
  Money value = {};
  GasPrice limit = {};  // of base fee and tip
  AccountId account = {};
  WishState state = WishState::Waits;
  std::uint8_t piggybacked = 0;
  std::uint16_t reserved = 0;
};

struct CrowdTotals {
  std::uint64_t noticed = 0;  // users who found out
  std::uint64_t saved_coins = 0;
  std::uint64_t fees_gwei = 0;
};

class ExitCrowd final : public EntityOf<ExitCrowd, PlasmaParams, L1Sender, L1Observer, Shockable>,
                        public Reporter {
 public:
  ExitCrowd(const Site& site, const PlasmaParams& params, const PlasmaWiring& wiring,
            const plasma::CommitStore& commits, Ref<Inbox> inbox);

  // While building: opens the accounts of params().holders and gives them money.
  void open_holders(Exchange& genesis);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const Shock& shock) override;
  void report(MetricList& out) const override;
  void check() const override;

  [[nodiscard]] const std::vector<ExitWish>& wishes() const { return wishes_; }
  [[nodiscard]] const CrowdTotals& totals() const { return sums_; }
  // First time from `at` on at which the user looks at the chain.
  [[nodiscard]] Time next_look(AccountId user, Time at) const;
  [[nodiscard]] plasma::ExitCost cost(ExitKind kind) const;

  void visit_state(auto& v) {
    v("users", users_);
    v("wishes", wishes_);
    v("backlog", backlog_);
    v("looks", looks_);
    v("next_look", next_look_);
    v("alarm", alarm_);
    v("known_withdrawals", known_withdrawals_);
    v("known_deposits", known_deposits_);
    v("noted_withdrawals", noted_withdrawals_);
    v("defenders", defenders_);
    v("in_mempool", in_mempool_);
    v("base_fee", base_fee_);
    v("sums", sums_);
  }

 private:
  struct User {
    Duration period;
    Duration phase;
    std::uint64_t withdrawal = 0;  // its newest withdrawal, counted from 1
    std::uint64_t noticed = 0;     // 1: has acted; a reorganisation brings the same news again
  };
  struct Look {
    Time at;
    std::uint64_t user = 0;
    auto operator<=>(const Look&) const = default;
  };
  struct Backlog {  // best paid first, then oldest
    GasPrice limit;
    std::uint64_t wish = 0;
    bool operator<(const Backlog& o) const {
      return limit != o.limit ? limit < o.limit : wish > o.wish;
    }
  };

  void follow_withdrawals();
  void strand_deposits();
  void raise_alarm(Time since);
  void look_around(Time now);
  void leave(AccountId user);
  void stand_guard(AccountId user);
  void defend(Context& ctx);
  void note_withdrawals();
  [[nodiscard]] bool under_way(AccountId user) const;
  void wish(ExitKind kind, std::uint64_t number, AccountId account, Money value);
  void queue(std::uint64_t number);
  void submit(Context& ctx);
  void send(Context& ctx, std::uint64_t number, bool piggyback);
  void run_for_the_door(Context& ctx, Ratio share);
  void close_stale(Ratio share);
  static constexpr std::uint64_t kDefenceTag = 1ULL << 62;

  const ExitGame* game_;
  ExecutionNode* node_;
  const plasma::CommitStore* commits_;
  Ref<BaseChain> l1_;
  Ref<ExitGame> contract_;
  Ref<Inbox> inbox_;
  Stream looks_stream_;
  Stream balance_stream_;

  std::vector<User> users_;       // by account
  std::vector<ExitWish> wishes_;  // number = tag / 2
  std::vector<Backlog> backlog_;  // heap of those that wait
  std::vector<Look> looks_;       // of users since the alarm, in order of time
  std::uint64_t next_look_ = 0;
  Time alarm_ = Time::never();  // what they will find out has been so since then
  std::uint64_t known_withdrawals_ = 0;
  std::uint64_t known_deposits_ = 0;
  std::uint64_t noted_withdrawals_ = 0;
  std::vector<std::uint64_t> defenders_;  // inventions whose victim waits for the thief's exit
  std::int64_t in_mempool_ = 0;           // below zero while news overtake each other
  GasPrice base_fee_;
  CrowdTotals sums_;

  Probe<Money> threshold_probe_{{.name = "exit_threshold",
                                 .doc = "Balance below which leaving costs more than it brings",
                                 .recorders = "timeavg vector"}};
  Probe<std::uint64_t> waiting_probe_{{.name = "exits_wanted",
                                       .doc = "Exits wanted and not yet on layer one",
                                       .recorders = "timeavg vector",
                                       .unit = "exit"}};
};

}  // namespace mezz
