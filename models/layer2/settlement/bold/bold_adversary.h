// One of the parties that want a false assertion confirmed, or the true one delayed: when the shock
// InvalidClaim begins it asserts a false state, claims it in the challenge and moves for it as long
// as its style and its capital last. Its history equals the real one up to some blocks before the
// end, and in the first false block up to some instruction, so that the bisection ends there. Each
// of several adversaries lies differently and needs a path of its own. Source: reference sheet
// "layer-two protocols" section 2.4; paper "BoLD" (N_A adversaries, resource exhaustion, delay).
// It confirms what it wins. Left out: moves against its own interest, several assertions at once.
#pragma once

#include <array>
#include <cstdint>

#include "models/layer2/settlement/bold/bold_player.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"

namespace mezz {

enum class BoldStyle : std::uint8_t {
  Silent,     // asserts and gives up
  Immediate,  // answers after its reply delay
  Stall,      // lets the truth's timer run until it must move
};
template <>
struct EnumNames<BoldStyle> {
  static constexpr std::string_view names[] = {"silent", "immediate", "stall"};
};
enum class BoldTarget : std::uint8_t {
  Newest,  // continues the newest assertion, before the honest one does
  Oldest,  // contradicts the assertion that is next to be confirmed
};
template <>
struct EnumNames<BoldTarget> {
  static constexpr std::string_view names[] = {"newest", "oldest"};
};

struct BoldAdversaryParams {
  std::int64_t count = 1;
  BoldStyle style = BoldStyle::Immediate;
  BoldTarget target = BoldTarget::Newest;
  std::int64_t false_blocks = 1;
  std::int64_t false_instruction = 500'000'000;
  std::int64_t stall_margin = 10;
  DelayDistribution reply_delay = DelayDistribution::constant(Duration::zero());
  BoldPlayerParams player;

  void visit(auto& v) {
    v("count", count, {.doc = "How many, each with a lie of its own", .min = 0, .max = 64});
    v("style", style, {.doc = "How they play"});
    v("target", target, {.doc = "What they contradict"});
    v("false_blocks", false_blocks,
      {.doc = "Blocks that the first falsifies, at the end; the next one twice as many, ...",
       .min = 1,
       .max = 1'000'000});
    v("false_instruction", false_instruction,
      {.doc = "First instruction of the first false block whose result they falsify", .min = 0});
    v("stall_margin", stall_margin,
      {.doc = "Blocks of layer one left to the truth's timer when a stalling one moves",
       .min = 1,
       .max = 1'000'000});
    v("reply_delay", reply_delay, {.doc = "From hearing of a move to the answer"});
    v("player", player, {.doc = "Stakes, fees and gas"});
  }
};

class BoldAdversary final : public EntityOf<BoldAdversary, BoldAdversaryParams, L1Sender,
                                            L1Observer, AssertionWatcher, Shockable> {
 public:
  // The builder subscribes it to layer one.
  BoldAdversary(const Site& site, const BoldAdversaryParams& params, Ref<BaseChain> l1,
                AssertionChain& contract, const Layer2Chain& chain, std::int64_t number);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const AssertionNews& news) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const ThinkAgain& message);

  [[nodiscard]] const BoldPlayer& player() const { return player_; }

  void visit_state(auto& v) {
    v("player", player_);
    v("height", height_);
    v("wanted", wanted_);
    v("next_move", next_move_);
    v("next_check", next_check_);
    v("thinking", thinking_);
  }

 private:
  void lie(Context& ctx);
  void think(Context& ctx);
  void act(Context& ctx);
  // Its false assertion that is still pending.
  [[nodiscard]] bold::AssertionIndex own() const;
  [[nodiscard]] bold::History history_of(const BoldAssertion& assertion) const;
  // Height at which a rival of the edge would win if nobody moved.
  [[nodiscard]] std::uint64_t rival_wins_at(bold::EdgeIndex top) const;

  const Layer2Chain* chain_;
  BoldPlayer player_;
  std::int64_t number_;
  std::array<std::uint32_t, bold::kLevels> diverges_{};
  std::uint64_t height_ = 0;
  std::uint64_t wanted_ = 0;                      // false assertions still to be made
  std::uint64_t next_move_ = bold::kNeverHeight;  // a stalling one waits for this height
  std::uint64_t next_check_ = 0;                  // a block of this height may confirm an edge
  std::uint64_t thinking_ = 0;
};

}  // namespace mezz
