// Users of a sequencer who measure: LoadDesk sends at random and adds up what was late, PatientUser
// sends one transaction at a time and counts the heights until it is in. Units: ns, heights.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/messages.h"
#include "models/layer2/sequencing/leader_rotation.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

struct LoadDeskParams {
  Duration interval = 25_ms;
  Duration normal = 1_s;
  Duration from = Duration::zero();

  void visit(auto& v) {
    v("interval", interval, {.doc = "Mean time between two transactions", .min = Duration{1}});
    v("normal", normal, {.doc = "What took longer counts as delayed"});
    v("from", from, {.doc = "What was sent before does not count"});
  }
};

class LoadDesk final : public EntityOf<LoadDesk, LoadDeskParams, AccountOwner> {
 public:
  struct Send {};

  LoadDesk(const Site& site, const LoadDeskParams& params, Ref<Inbox> sequencer)
      : EntityOf(site, params), sequencer_(sequencer) {}
  void on(Context& ctx, const Start&) { arm(ctx); }
  void on(Context& ctx, const Send&) {
    sent_.push_back(ctx.now());
    ctx.send(sequencer_, SubmitTransaction{{.account = AccountId{0},
                                            .kind = TxKind::CancelAll,
                                            .reference = sent_.size(),
                                            .submitted = ctx.now()}});
    arm(ctx);
  }
  void on(Context& ctx, const Receipt& receipt) override {
    if (receipt.kind != TxKind::CancelAll) return;
    MEZZ_ASSERT(receipt.reference > 0 && receipt.reference <= sent_.size());
    const Time sent = sent_[receipt.reference - 1];
    const Duration delay = ctx.now() - sent;
    if (caught_up_ || sent < Time::zero() + params().from) return;
    // The first that is in time again ends the count: later delays are chance, not the outage.
    caught_up_ = delayed_ > 0 && delay <= params().normal;
    if (delay <= params().normal) return;
    ++delayed_;
    total_us_ += delay.ns / 1'000;
    last_delayed_ = ctx.now();
  }
  void on(Context&, const MakerFill&) override {}

  [[nodiscard]] std::int64_t delayed() const { return delayed_; }
  // Whole microseconds of each: nanoseconds of a million long delays do not fit.
  [[nodiscard]] double mean_delay_seconds() const {
    return static_cast<double>(total_us_) / 1e6 / static_cast<double>(delayed_);
  }
  [[nodiscard]] Time last_delayed() const { return last_delayed_; }
  [[nodiscard]] bool caught_up() const { return caught_up_; }

  void visit_state(auto& v) {
    v("sent", sent_);
    v("delayed", delayed_);
    v("total_us", total_us_);
    v("last_delayed", last_delayed_);
    v("caught_up", caught_up_);
  }

 private:
  void arm(Context& ctx) { after(ctx, exponential(rng(), params().interval), Send{}); }

  Ref<Inbox> sequencer_;
  std::vector<Time> sent_;  // by reference - 1
  std::int64_t delayed_ = 0;
  std::int64_t total_us_ = 0;
  Time last_delayed_ = Time::zero();
  bool caught_up_ = false;
};

struct PatientUserParams {
  std::int64_t transactions = 100;
  void visit(auto& v) {
    v("transactions", transactions, {.doc = "Sent one after the other", .min = 1});
  }
};

class PatientUser final : public EntityOf<PatientUser, PatientUserParams, AccountOwner> {
 public:
  PatientUser(const Site& site, const PatientUserParams& params, Ref<Inbox> sequencer,
              const LeaderRotation& rotation)
      : EntityOf(site, params), sequencer_(sequencer), rotation_(&rotation) {}
  void on(Context& ctx, const Start&) { send(ctx); }
  void on(Context& ctx, const Receipt& receipt) override {
    if (receipt.kind != TxKind::CancelAll) return;
    const std::uint64_t now = rotation_->counts().commits;
    MEZZ_ASSERT(now > sent_at_);
    heights_ += static_cast<std::int64_t>(now - sent_at_);
    if (++included_ >= params().transactions) return ctx.stop();
    send(ctx);
  }
  void on(Context&, const MakerFill&) override {}

  [[nodiscard]] std::int64_t included() const { return included_; }
  [[nodiscard]] std::int64_t heights() const { return heights_; }

  void visit_state(auto& v) {
    v("sent_at", sent_at_);
    v("included", included_);
    v("heights", heights_);
  }

 private:
  void send(Context& ctx) {
    sent_at_ = rotation_->counts().commits;
    ctx.send(sequencer_, SubmitTransaction{{.account = AccountId{0},
                                            .kind = TxKind::CancelAll,
                                            .reference = static_cast<std::uint64_t>(included_) + 1,
                                            .submitted = ctx.now()}});
  }

  Ref<Inbox> sequencer_;
  const LeaderRotation* rotation_;
  std::uint64_t sent_at_ = 0;  // commits by then
  std::int64_t included_ = 0;
  std::int64_t heights_ = 0;
};

}  // namespace mezz::validation
