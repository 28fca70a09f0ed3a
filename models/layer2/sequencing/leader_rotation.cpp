#include "models/layer2/sequencing/leader_rotation.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

static_assert(Flat<LeaderRotationCounts>);

namespace {
const SequencerParams& checked(const SequencerParams& p) {
  const LeaderRotationParams& r = p.leader_rotation;
  check(r.link.delay, "sequencing.leader_rotation.link.delay");
  if (r.link.delay.mean * 2 >= r.timeout_propose) {
    throw ScenarioError("sequencing.leader_rotation.timeout_propose",
                        "must exceed twice the mean delay of sequencing.leader_rotation.link: "
                        "no proposal would ever be in time");
  }
  constexpr std::int64_t kStakeMax = 1'000'000'000;
  if (r.stake > kStakeMax || r.largest_stake > kStakeMax) {
    throw ScenarioError("sequencing.leader_rotation.stake", "must not exceed 1_000_000_000");
  }
  return p;
}
}  // namespace

LeaderRotation::LeaderRotation(const Site& site, const SequencerParams& p, ExecutionNode& node,
                               Derivation& derivation)
    : EntityOf(site, checked(p)),
      core_(site, params(), node, derivation),
      set_(ValidatorSet::with_largest(static_cast<std::uint64_t>(p.leader_rotation.validators),
                                      static_cast<std::uint64_t>(p.leader_rotation.largest_stake),
                                      static_cast<std::uint64_t>(p.leader_rotation.stake))),
      beacon_(site.stream("beacon").bits64()) {
  if (site.recording != nullptr) {
    table_.declare(*site.recording, "consensus", "Blocks that the validators agreed on");
  }
}

void LeaderRotation::on(Context& ctx, const SubmitTransaction& message) {
  if (!core_.reached(!down_.on())) return;
  if (core_.must_wait(ctx.now(), message.transaction)) {
    after(ctx, params().express_lane.delay, Delayed{message.transaction});
    return;
  }
  core_.enqueue(ctx, message.transaction);
}

void LeaderRotation::on(Context& ctx, const Delayed& message) {
  core_.enqueue(ctx, message.transaction);
}

void LeaderRotation::on(Context& ctx, const Shock& shock) {
  core_.apply(shock);
  if (shock.kind == ShockKind::SequencerDown) down_.apply(shock);
  if (shock.kind == ShockKind::ValidatorsDown) validators_down_.apply(shock);
  if (shock.kind == ShockKind::SequencerReorg && shock.edge == ShockEdge::Begins) {
    const Layer2Chain& chain = core_.chain();
    const BlockId floor = std::max(chain.reached(reorg_bound_), chain.fixed());
    const auto depth =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, shock.magnitude.ppb / Ratio::kScale));
    core_.drop_blocks(ctx, depth, Layer2ReorgCause::ConsensusReorg, floor);
  }
  MEZZ_ASSERT(down_.active >= 0 && validators_down_.active >= 0);
}

// ---- for the validators

bool LeaderRotation::silent(std::uint32_t validator) const {
  if (down_.on()) return true;
  return validators_down_.on() && set_.among_last(validator, validators_down_.magnitude);
}

bool LeaderRotation::censoring(std::uint32_t validator) const {
  return core_.censorship().on() && set_.among_first(validator, core_.censorship().magnitude);
}

std::uint32_t LeaderRotation::leader(std::uint64_t height, std::uint32_t round) const {
  return params().leader_rotation.election == LeaderElection::Beacon
             ? set_.drawn_leader(beacon_, height, round)
             : set_.leader_in_turn(height, round);
}

std::uint64_t LeaderRotation::write_proposal(std::uint64_t height, std::uint32_t round,
                                             std::uint32_t leader) {
  MEZZ_ASSERT(leader < set_.size());
  const std::uint64_t value = next_value_++;
  proposals_[value] = {
      .height = height, .round = round, .leader = leader, .waiting = core_.queue_length()};
  return value;
}

// ---- the node

void LeaderRotation::on(Context& ctx, const ConsensusMessage& message) {
  if (message.height < height_) return;
  if (message.height > height_) {
    // The precommits got lost on the way here; what they decided has not.
    if (message.height == height_ + 1 && message.previous != 0) {
      commit(ctx, message.previous);
    } else {
      ++counts_.unknown;
    }
    height_ = message.height;
    book_.clear();
  }
  book_.add(message, set_);
  if (message.kind != ConsensusKind::Precommit) return;
  const std::uint64_t value = book_.committed(set_);
  if (value == RoundVotes::kNone) return;
  commit(ctx, value);
  ++height_;
  book_.clear();
}

void LeaderRotation::commit(Context& ctx, std::uint64_t value) {
  const auto found = proposals_.find(value);
  MEZZ_ASSERT(found != proposals_.end());
  const Proposal proposal = found->second;
  MEZZ_ASSERT(proposal.height == height_);
  std::erase_if(proposals_,
                [&](const auto& entry) { return entry.second.height <= proposal.height; });
  const auto leader = static_cast<std::uint32_t>(proposal.leader);
  ++counts_.commits;
  counts_.late_rounds += proposal.round > 0 ? 1 : 0;
  counts_.by_censors += censoring(leader) ? 1 : 0;
  const Duration gap = ctx.now() - last_commit_;
  longest_gap_ = std::max(longest_gap_, gap);
  last_commit_ = ctx.now();
  table_.append({.time = ctx.now(),
                 .height = proposal.height,
                 .round = proposal.round,
                 .leader = proposal.leader,
                 .waiting = proposal.waiting,
                 .since_last = gap});
  core_.note_queue(ctx.now());
  core_.make_blocks(ctx, {.waiting = proposal.waiting,
                          .censored = censoring(leader) ? params().leader_rotation.censored_accounts
                                                        : Ratio::zero(),
                          .censor_withdrawals = core_.withdrawals_censored(),
                          .ignored = Taking::Ignored::Wait});
}

void LeaderRotation::report(MetricList& out) const {
  core_.report(out);
  out.count("consensus.commits", counts_.commits);
  out.count("consensus.late_rounds", counts_.late_rounds);
  out.add("consensus.longest_gap", longest_gap_.seconds(), "s");
}

void LeaderRotation::check() const {
  MEZZ_ASSERT(counts_.commits + counts_.unknown <= height_);
  MEZZ_ASSERT(counts_.late_rounds <= counts_.commits && counts_.by_censors <= counts_.commits);
}

// ---- validators

Duration round_timeout(Duration timeout, std::uint32_t round, std::int64_t doublings) {
  MEZZ_ASSERT(doublings >= 0 && doublings <= 20);
  const std::int64_t exponent = std::min<std::int64_t>(round, doublings);
  return timeout * (std::int64_t{1} << exponent);
}

class BftValidator::Host final : public ConsensusHost {
 public:
  Host(BftValidator& self, Context& ctx) : self_(&self), ctx_(&ctx) {}

  std::uint64_t new_value(std::uint64_t height, std::uint32_t round) override {
    return self_->rotation_->write_proposal(height, round, self_->number());
  }
  void broadcast(const ConsensusMessage& message) override {
    self_->progress_ = ctx_->now();
    for (const Ref<ConsensusPeer>& peer : self_->peers_) ctx_->send(peer, message);
  }
  void start_timeout(ConsensusStep step, std::uint64_t height, std::uint32_t round) override {
    self_->after(*ctx_, self_->timeout_of(step, round),
                 Timeout{.height = height, .round = round, .step = step});
  }
  void decided(std::uint64_t, std::uint64_t) override {
    const SequencerParams& p = self_->params().sequencing;
    const Time by_interval = self_->height_started_ + p.block_time;
    const Time by_commit = ctx_->now() + p.leader_rotation.timeout_commit;
    const Time next = std::max(by_interval, by_commit);
    self_->after(*ctx_, next - ctx_->now(), NextHeight{self_->consensus_.height()});
  }
  [[nodiscard]] std::uint32_t leader(std::uint64_t height, std::uint32_t round) const override {
    return self_->rotation_->leader(height, round);
  }

 private:
  BftValidator* self_;
  Context* ctx_;
};

BftValidator::BftValidator(const Site& site, const BftValidatorParams& p, Ref<LeaderRotation> node,
                           LeaderRotation& rotation)
    : EntityOf(site, p), rotation_(&rotation), consensus_(rotation.validators(), number()) {
  MEZZ_ASSERT(p.number >= 0 && number() < rotation.validators().size());
  peers_.push_back(node);
}

Duration BftValidator::timeout_of(ConsensusStep step, std::uint32_t round) const {
  const LeaderRotationParams& p = params().sequencing.leader_rotation;
  MEZZ_ASSERT(step != ConsensusStep::Waiting);
  const Duration base =
      step == ConsensusStep::Propose
          ? p.timeout_propose
          : (step == ConsensusStep::Prevote ? p.timeout_prevote : p.timeout_precommit);
  return round_timeout(base, round, p.timeout_doublings);
}

void BftValidator::on(Context& ctx, const Start&) {
  after(ctx, params().sequencing.block_time, NextHeight{1});
  after(ctx, params().sequencing.leader_rotation.gossip_interval, Gossip{});
}

void BftValidator::on(Context& ctx, const ConsensusMessage& message) {
  if (silent()) return;
  Host host(*this, ctx);
  consensus_.on(host, message);
}

void BftValidator::on(Context& ctx, const NextHeight& next) {
  if (next.height != consensus_.height()) return;
  if (silent()) {
    after(ctx, params().sequencing.leader_rotation.gossip_interval, next);
    return;
  }
  height_started_ = ctx.now();
  Host host(*this, ctx);
  consensus_.start_height(host);
}

void BftValidator::on(Context& ctx, const Timeout& timeout) {
  if (silent()) {  // its clock goes on when it is back
    after(ctx, params().sequencing.leader_rotation.gossip_interval, timeout);
    return;
  }
  Host host(*this, ctx);
  consensus_.on_timeout(host, timeout.step, timeout.height, timeout.round);
}

void BftValidator::on(Context& ctx, const Gossip&) {
  const Duration interval = params().sequencing.leader_rotation.gossip_interval;
  after(ctx, interval, Gossip{});
  if (silent() || ctx.now() - progress_ < interval) return;
  Host host(*this, ctx);
  consensus_.repeat(host);
}

}  // namespace mezz
