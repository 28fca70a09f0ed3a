// Disputes whose opponent plays for time. Sources: OP Stack specification of the fault dispute game
// (clocks, extensions, bonds: 400 000 gas x 750^(depth/73) at 200 gwei), protocol sheet section 2.3
// (replay: 9.26 d with replies after 10 minutes; 330 and 361 ETH along one path) and 2.2 (delay
// buffer of Arbitrum: 50 moves of a dispute, each forced in after 24 h, take 50 d without it).
#include <algorithm>
#include <cmath>
#include <string>

#include "models/layer2/availability/delay_buffer.h"
#include "models/layer2/settlement/dispute_game.h"
#include "models/layer2/settlement/honest_strategy.h"
#include "scenarios/validation/cases.h"
#include "sim/check/error.h"

namespace mezz::validation {

namespace {

using layer2::ClaimIndex;
using layer2::DisputeGame;
using layer2::DisputeGameParams;
using layer2::PartyId;
using layer2::PlannedMove;
using layer2::Trace;

// ---- one full path, the liar stalls ----------------------------------------------------------

struct StallParams {
  Duration reply = 10_min;
  Duration max_clock_duration = 302'400_s;
  Duration clock_extension = 10'800_s;
  Duration challenge_period = 86'400_s;
  std::int64_t false_block = 5'000'000;
  std::int64_t false_instruction = 77'777'777;

  void visit(auto& v) {
    v("reply", reply, {.doc = "Of the honest party to each move", .min = 1_s, .max = 7_d});
    v("max_clock_duration", max_clock_duration, {.doc = "Of each team", .min = 1_h, .max = 30_d});
    v("clock_extension", clock_extension,
      {.doc = "Least time for the next move", .min = 1_min, .max = 1_d});
    v("challenge_period", challenge_period,
      {.doc = "Extra extension before the last claim", .min = 0_s, .max = 7_d});
    v("false_block", false_block,
      {.doc = "First block the liar falsifies", .min = 0, .max = 1'000'000'000});
    v("false_instruction", false_instruction,
      {.doc = "First instruction it falsifies", .min = 0, .max = 999'999'998});
  }
};

class StallingDispute final : public CaseOf<StallParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const StallParams& p = params();
    // The contract wants a move before the clock is used up: each of 36 comes a second early.
    const Duration decided = p.max_clock_duration + p.reply * kHonestMoves +
                             p.clock_extension * kLiarMoves + p.challenge_period - 1_s * kLiarMoves;
    // The contract rounds each bond down to whole gas: 2e-7 ETH less at most.
    return {
        {"moves of the honest party", kHonestMoves, Comparison::Exact},
        {"moves of the liar", kLiarMoves, Comparison::Exact},
        {"claim to the certain outcome, d", decided.seconds() / 86'400, Comparison::Exact, 1e-9},
        {"bonds of the liar (even depths), ETH", bonds(0), Comparison::Exact, 1e-5},
        {"bonds of the honest party (odd depths), ETH", bonds(1), Comparison::Exact, 1e-5},
        {"paid to the honest party, ETH", bonds(0) + bonds(1), Comparison::Exact, 2e-5}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override;

 private:
  static constexpr std::int64_t kHonestMoves = 37;
  static constexpr std::int64_t kLiarMoves = 36;
  static constexpr int kDepth = 73;
  static constexpr double kGasPrice = 200e-9;  // ETH
  static double bonds(int first) {
    double sum = 0;
    for (int depth = first; depth <= kDepth; depth += 2) {
      sum += 400'000 * std::pow(750.0, static_cast<double>(depth) / kDepth) * kGasPrice;
    }
    return sum;
  }
  void check() const override {
    if (params().reply >= params().clock_extension) {
      throw ScenarioError("reply",
                          "must be shorter than clock_extension, else the honest party "
                          "runs out of time");
    }
  }
};

constexpr PartyId kHonest{1};
constexpr PartyId kLiar{2};

// All the moves the believer wants now, until none is accepted.
std::int64_t exhaust(DisputeGame& game, const Trace& belief, PartyId by, Time now) {
  std::int64_t accepted = 0;
  for (bool progress = true; progress;) {
    progress = false;
    for (const PlannedMove& plan : next_moves(game, belief, now)) {
      bool taken = false;
      if (plan.action == PlannedMove::Action::Step) {
        const DisputeGame::Step step{.against = plan.against, .kind = plan.kind, .by = by};
        const layer2::VmVerdict verdict = layer2::vm_verdict(belief.honest(), game, step);
        taken = game.step(step, verdict, now) == layer2::StepOutcome::Accepted;
      } else {
        taken = game.move({.against = plan.against,
                           .kind = plan.kind,
                           .value = plan.value,
                           .by = by,
                           .bond = plan.bond},
                          now) == layer2::MoveOutcome::Accepted;
      }
      progress = progress || taken;
      accepted += taken ? 1 : 0;
    }
  }
  return accepted;
}

std::vector<double> StallingDispute::replicate(const Replication&) const {
  DisputeGameParams rules;
  rules.max_clock_duration = params().max_clock_duration;
  rules.clock_extension = params().clock_extension;
  rules.challenge_period = params().challenge_period;
  const Trace truth{.seed = 42, .anchor = {0xA}};
  Trace lie = truth;
  lie.diverges_block = static_cast<std::uint64_t>(params().false_block);
  lie.diverges_instruction = static_cast<std::uint64_t>(params().false_instruction);
  lie.lie = 7;
  DisputeGame game(rules, {.proposer = kLiar,
                           .value = lie.output((std::uint64_t{1} << rules.split_depth) - 1),
                           .anchor = truth.anchor,
                           .absolute_prestate = {0xB},
                           .at = Time::zero()});
  Time now = Time::zero();
  std::int64_t honest = 0;
  std::int64_t liar = 0;
  while (true) {
    now += params().reply;
    const std::int64_t moved = exhaust(game, truth, kHonest, now);
    honest += moved;
    if (moved == 0 || next_moves(game, lie, now).empty()) break;
    now = game.clock_expires(ClaimIndex{game.claim_count() - 1}) - 1_s;
    const std::int64_t answered = exhaust(game, lie, kLiar, now);
    liar += answered;
    if (answered == 0) break;
  }
  // The last claim can no longer be countered.
  const Time decided = game.clock_expires(ClaimIndex{game.claim_count() - 1});
  Time latest = decided;
  for (std::uint32_t i = 0; i < game.claim_count(); ++i) {
    latest = std::max(latest, game.clock_expires(ClaimIndex{i}));
  }
  const layer2::GameStatus status = game.resolve_all(latest);
  MEZZ_ASSERT(status != layer2::GameStatus::InProgress);
  return {static_cast<double>(honest),
          static_cast<double>(liar),
          (decided - game.created_at()).seconds() / 86'400,
          game.deposited_by(kLiar).ether(),
          game.deposited_by(kHonest).ether(),
          game.credit(kHonest).ether()};
}

// ---- every move is censored and forced in ----------------------------------------------------

struct ForcedParams {
  std::int64_t moves = 50;
  DelayBufferParams buffer = {};

  void visit(auto& v) {
    v("moves", moves, {.doc = "One after the other", .min = 1, .max = 100'000});
    v("buffer", buffer, {.doc = "The delay buffer of the inbox"});
  }
};

class ForcedDispute final : public CaseOf<ForcedParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const auto each = static_cast<double>(params().buffer.delay_blocks);
    const auto moves = static_cast<double>(params().moves);
    return {{"without a delay buffer, d", days(each * moves), Comparison::Exact, 1e-9},
            {"with the delay buffer, d", days(buffered_blocks()), Comparison::Exact, 1e-9}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    DelayBufferParams none = params().buffer;
    none.buffer_max = 0;
    return {days(played(none)), days(played(params().buffer))};
  }

 private:
  static double days(double blocks) { return blocks * 12 / 86'400; }
  [[nodiscard]] double played(const DelayBufferParams& rule) const {
    DelayBuffer buffer(rule);
    constexpr std::uint64_t kStart = 1;
    std::uint64_t height = kStart;
    for (std::int64_t i = 0; i < params().moves; ++i) {
      const std::uint64_t forced = buffer.deadline(height);
      buffer.read(height, forced);
      height = forced;  // the answer of the other side is sent at once
    }
    return static_cast<double>(height - kStart);
  }
  // The windows as the protocol sheet words them: the least of delay and buffer; what a message
  // took beyond the threshold goes out of the buffer, every so many timely blocks give one back.
  [[nodiscard]] double buffered_blocks() const {
    const DelayBufferParams& b = params().buffer;
    if (b.buffer_max == 0) return static_cast<double>(b.delay_blocks * params().moves);
    std::int64_t left = b.buffer_max;
    std::int64_t timely = 0;
    std::int64_t blocks = 0;
    for (std::int64_t i = 0; i < params().moves; ++i) {
      const std::int64_t window = std::min(b.delay_blocks, left);
      blocks += window;
      if (window > b.threshold) {
        left = std::max(b.threshold, left - (window - b.threshold));
        timely = 0;
        continue;
      }
      timely += window;
      left = std::min(b.buffer_max, left + timely / b.replenish_blocks);
      timely = left == b.buffer_max ? 0 : timely % b.replenish_blocks;
    }
    return static_cast<double>(blocks);
  }
  void check() const override { params().buffer.check("buffer"); }
};

}  // namespace

std::unique_ptr<ValidationCase> stalling_dispute() { return make_case<StallingDispute>(); }
std::unique_ptr<ValidationCase> forced_dispute() { return make_case<ForcedDispute>(); }

}  // namespace mezz::validation
