// The attacker of the claims: when the shock InvalidClaim begins, it posts one or more claims with
// false roots for the newest published block and plays for them as long as its style and its bonds
// last. Its trace equals the real one up to some blocks before the claimed one, and in the first
// false block up to some instruction, so that the bisection ends there. Source: reference sheet
// "layer-two protocols" section 2.3 (stalling attacker, parallel false roots). Each false claim of
// one shock lies differently. Left out: attacks on true claims, moves against its own interest.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/settlement/dispute_player.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"

namespace mezz {

enum class AttackStyle : std::uint8_t {
  Silent,     // posts the claim and gives up
  Immediate,  // answers after its reply delay
  Stall,      // answers at the last moment of its clock, every time
};
template <>
struct EnumNames<AttackStyle> {
  static constexpr std::string_view names[] = {"silent", "immediate", "stall"};
};

struct FraudulentProposerParams {
  AttackStyle style = AttackStyle::Immediate;
  std::int64_t parallel_claims = 1;
  std::int64_t false_blocks = 1;
  std::int64_t false_instruction = 500'000'000;
  Duration stall_margin = 24_s;
  DelayDistribution reply_delay = DelayDistribution::constant(Duration::zero());
  DisputePlayerParams player;

  void visit(auto& v) {
    v("style", style, {.doc = "How it plays"});
    v("parallel_claims", parallel_claims, {.doc = "False claims per shock", .min = 1, .max = 64});
    v("false_blocks", false_blocks,
      {.doc = "Blocks whose roots it falsifies, ending with the claimed one", .min = 1});
    v("false_instruction", false_instruction,
      {.doc = "First instruction of the first false block whose result it falsifies", .min = 0});
    v("stall_margin", stall_margin,
      {.doc = "How long before the end of its clock a stalling attacker sends"});
    v("reply_delay", reply_delay, {.doc = "From hearing of a move to the answer (immediate)"});
    v("player", player, {.doc = "Bonds, fees and gas"});
  }
};

class FraudulentProposer final : public EntityOf<FraudulentProposer, FraudulentProposerParams,
                                                 L1Sender, L1Observer, DisputeWatcher, Shockable> {
 public:
  struct LookAgain {
    GameId game;
  };

  // The builder subscribes it to layer one.
  FraudulentProposer(const Site& site, const FraudulentProposerParams& params, Ref<BaseChain> l1,
                     FaultProof& proof, const Layer2Chain& chain);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const GameChanged& changed) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const ThinkAbout& message);
  void on(Context& ctx, const LookAgain& message);

  [[nodiscard]] const DisputePlayer& player() const { return player_; }
  [[nodiscard]] std::uint64_t lies() const { return lies_; }

  void visit_state(auto& v) {
    v("player", player_);
    v("wanted", wanted_);
    v("lies", lies_);
  }

 private:
  void lie(Context& ctx);
  void act(Context& ctx, GameId game);
  // Its trace in a game of its own; nothing when the game's root is none of its lies (any more).
  [[nodiscard]] std::optional<layer2::Trace> false_trace(GameId game);
  [[nodiscard]] layer2::Trace falsify(const layer2::Trace& honest, std::uint64_t claimed_blocks,
                                      std::uint64_t lie) const;

  const Layer2Chain* chain_;
  NodeRoots node_;
  DisputePlayer player_;
  std::int64_t wanted_ = 0;  // false claims still to be posted
  std::uint64_t lies_ = 0;   // posted; they are numbered from 1
};

}  // namespace mezz
