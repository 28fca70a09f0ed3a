// An honest validator of an Arbitrum chain: asserts the state every so often, claims its assertion
// when another contradicts it, and makes the moves of the truth in every challenge, one commitment
// against however many adversaries; updates timers and confirms when the time has come. Several
// may stand side by side: what one has moved need not be moved again. The first asserts; the others
// only do so when an assertion is contradicted by a false one and nobody has answered. Source:
// nitro's staker in its strategies MakeNodes and Defensive; paper "BoLD"; reference sheet
// "layer-two protocols" section 2.4. It reads final blocks of layer one (nitro's default), so what
// it asserts cannot be rolled back. Left out: the cost of its node.
#pragma once

#include <cstdint>

#include "models/layer2/settlement/bold/bold_player.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"
#include "sim/record/probe.h"

namespace mezz {

enum class AssertFrom : std::uint8_t {
  Published,
  Finalised,
};
template <>
struct EnumNames<AssertFrom> {
  static constexpr std::string_view names[] = {"published", "finalised"};
};

struct BoldDefenderParams {
  std::int64_t count = 1;
  Duration assertion_interval = 1_h;
  AssertFrom from = AssertFrom::Finalised;
  DelayDistribution reply_delay = DelayDistribution::constant(10_min);
  Duration patience = 5_min;
  BoldPlayerParams player;

  void visit(auto& v) {
    v("count", count, {.doc = "How many; the first asserts, all defend", .min = 0, .max = 100});
    v("assertion_interval", assertion_interval,
      {.doc = "Time between two assertions (Arbitrum One: about an hour)", .min = 1_s});
    v("from", from, {.doc = "Batches on layer one that it builds on"});
    v("reply_delay", reply_delay, {.doc = "From hearing of a move to sending the answers"});
    v("patience", patience, {.doc = "Each further one waits so much longer than the one before"});
    v("player", player, {.doc = "Stakes, fees and gas"});
  }
};

class BoldDefender final : public EntityOf<BoldDefender, BoldDefenderParams, L1Sender, L1Observer,
                                           AssertionWatcher, Shockable> {
 public:
  // The builder subscribes it to layer one.
  BoldDefender(const Site& site, const BoldDefenderParams& params, Ref<BaseChain> l1,
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
    v("next_check", next_check_);
    v("thinking", thinking_);
    v("silent", silent_);
    v("down", down_);
  }

 private:
  void think(Context& ctx);
  void make_assertion(Context& ctx);
  void assert_on(Context& ctx, bold::AssertionIndex tip);
  void defend(Context& ctx);
  void confirm_due(Context& ctx);
  void settle(Context& ctx);
  [[nodiscard]] bool challenged(bold::AssertionIndex parent) const;

  const Layer2Chain* chain_;
  BoldPlayer player_;
  std::int64_t number_;
  std::uint64_t height_ = 0;      // of layer one, as heard
  std::uint64_t next_check_ = 0;  // a block of this height may confirm an edge
  std::uint64_t thinking_ = 0;
  Switch silent_;  // asserts nothing
  Switch down_;    // does not even defend
  Probe<Wei> stakes_{{.name = "stakes_held",
                      .doc = "Its stakes that are not returned",
                      .recorders = "timeavg vector"}};
};

}  // namespace mezz
