// A world with one base chain and one party that plays contract, sender and observer, follows a
// script and writes down what it hears.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/base_chain/base_chain.h"
#include "sim/world/world.h"

namespace mezz::base_chain {

struct Note {
  std::string what;  // "execute", "undo", "included", "reverted", "head", "reorg", "final"
  std::uint64_t tag = 0;
  std::uint64_t height = 0;  // of a reorg: what was kept
  Time at;
  std::uint64_t execution_gwei = 0;
  std::uint64_t blob_gwei = 0;

  void visit_state(auto& v) {
    v("what", what);
    v("tag", tag);
    v("height", height);
    v("at", at);
    v("execution_gwei", execution_gwei);
    v("blob_gwei", blob_gwei);
  }
};

struct Script {
  std::vector<std::pair<Duration, SubmitL1Transaction>> submissions = {};
  std::vector<std::pair<Duration, Shock>> shocks = {};
  std::vector<std::pair<Duration, DemandPulse>> pulses = {};
};

class Party final : public EntityOf<Party, NoParams, L1Contract, L1Sender, L1Observer> {
 public:
  Party(const Site& site, const NoParams& p, Ref<BaseChain> chain, Script script)
      : EntityOf(site, p), chain_(chain), script_(std::move(script)) {}

  void on(Context& ctx, const Start&) {
    for (auto [delay, call] : script_.submissions) {
      call.to = self();
      call.from = self();
      ctx.send_after(delay, chain_, call);
    }
    for (const auto& [delay, shock] : script_.shocks) ctx.send_after(delay, chain_, shock);
    for (const auto& [delay, pulse] : script_.pulses) ctx.send_after(delay, chain_, pulse);
  }
  void on(Context& ctx, const L1Execute& m) override { note(ctx, "execute", m.tag, m.height); }
  void on(Context& ctx, const L1Undo& m) override { note(ctx, "undo", m.tag, m.height); }
  void on(Context& ctx, const L1Included& m) override {
    note(ctx, "included", m.tag, m.height);
    notes.back().execution_gwei = m.execution_fee_gwei;
    notes.back().blob_gwei = m.blob_fee_gwei;
  }
  void on(Context& ctx, const L1Reverted& m) override { note(ctx, "reverted", m.tag, 0); }
  void on(Context& ctx, const L1Head& m) override { note(ctx, "head", m.block.value, m.height); }
  void on(Context& ctx, const L1Reorg& m) override { note(ctx, "reorg", m.depth, m.kept); }
  void on(Context& ctx, const L1Finalised& m) override { note(ctx, "final", 0, m.height); }
  void visit_state(auto& v) { v("notes", notes); }

  // "execute 7 @3, head 3 @3": everything but heads unless asked for.
  [[nodiscard]] std::string story(std::string_view kinds) const {
    std::string text;
    for (const Note& n : notes) {
      if (kinds.find(n.what) == std::string_view::npos) continue;
      text += (text.empty() ? "" : ", ") + n.what + " " + std::to_string(n.tag) + " @" +
              std::to_string(n.height);
    }
    return text;
  }
  // Latest inclusion of a transaction, or a note at Time::never().
  [[nodiscard]] Note inclusion(std::uint64_t tag) const {
    Note found{.what = "never", .at = Time::never()};
    for (const Note& n : notes) {
      if (n.what == "included" && n.tag == tag) found = n;
    }
    return found;
  }
  [[nodiscard]] std::vector<Note> all(std::string_view what) const {
    std::vector<Note> found;
    for (const Note& n : notes) {
      if (n.what == what) found.push_back(n);
    }
    return found;
  }

  std::vector<Note> notes;

 private:
  void note(Context& ctx, const char* what, std::uint64_t tag, std::uint64_t height) {
    notes.push_back({.what = what, .tag = tag, .height = height, .at = ctx.now()});
  }

  Ref<BaseChain> chain_;
  Script script_;
};

struct L1World {
  explicit L1World(const BaseChainParams& params, Script script = {}, WorldOptions options = {})
      : world(options),
        chain_ref(world.add<BaseChain>("l1", params)),
        party_ref(world.add<Party>("party", {}, chain_ref, std::move(script))) {
    world.get(chain_ref).subscribe(party_ref);
    world.start();
  }
  // Up to and including so many slots, and everything they cause.
  void run_slots(std::int64_t slots) {
    world.run(Time::zero() + chain().params().slot_time * slots + 1_s);
  }
  BaseChain& chain() { return world.get(chain_ref); }
  Party& party() { return world.get(party_ref); }

  World world;
  Ref<BaseChain> chain_ref;
  Ref<Party> party_ref;
};

// A chain without chance and without other people: every slot has a block, blocks are empty.
inline BaseChainParams quiet() {
  BaseChainParams p;
  p.missed_slot_probability = Ratio::zero();
  p.reorg_probability = Ratio::zero();
  p.participation = Ratio::one();
  p.demand.mean_gas = Ratio::zero();
  p.demand.mean_blobs = Ratio::zero();
  p.demand.burst_probability = Ratio::zero();
  p.demand.level_deviation = 0.0;
  p.demand.slot_deviation = 0.0;
  return p;
}

// Anonymous demand that fills every block whatever it costs.
inline BaseChainParams crowded() {
  BaseChainParams p = quiet();
  p.demand.mean_gas = Ratio::one() * 50;
  p.demand.gas_elasticity = 0.0;
  p.demand.mean_blobs = Ratio::one() * 50;
  p.demand.blob_elasticity = 0.0;
  return p;
}

// Thousandths of a gwei.
constexpr MilliGwei milli(std::uint32_t value) { return {value}; }

inline Shock shock(ShockKind kind, ShockEdge edge, Ratio magnitude = Ratio::one()) {
  return {.kind = kind, .edge = edge, .number = 0, .magnitude = magnitude};
}

}  // namespace mezz::base_chain
