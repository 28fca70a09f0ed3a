// A world with one base chain, the inbox, the poster, and a feeder that seals blocks of a given
// size at given or random times without executing anything.
#pragma once

#include <utility>
#include <vector>

#include "models/layer2/availability/batch_poster.h"
#include "sim/random/distribution.h"
#include "sim/world/world.h"

namespace mezz {

// A chain without chance and without other people.
inline BaseChainParams quiet_l1() {
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
// Other people fill every block whatever it costs: the base fee rises by 1/8 per block.
inline BaseChainParams crowded_l1() {
  BaseChainParams p = quiet_l1();
  p.demand.mean_gas = Ratio::one() * 50;
  p.demand.gas_elasticity = 0.0;
  return p;
}
inline Shock shock(ShockKind kind, ShockEdge edge, Ratio magnitude = Ratio::one()) {
  return {.kind = kind, .edge = edge, .number = 0, .magnitude = magnitude};
}

struct FeederParams {
  Duration interval = 1_s;
  bool poisson = false;
  std::uint64_t bytes = 1'000;
  std::uint64_t count_max = UINT64_MAX;
  void visit(auto& v) { v("interval", interval); }
};

class Feeder final : public EntityOf<Feeder, FeederParams> {
 public:
  struct Seal {};
  struct RollBack {
    BlockId kept;
  };
  using EntityOf::EntityOf;
  void on(Context& ctx, const Start&) { next(ctx); }
  void on(Context& ctx, const Seal&) {
    chain.append({.account = AccountId{0}, .submitted = ctx.now()}, TxStatus::Executed);
    const BlockId block = chain.seal(ctx.now(), 0, params().bytes, 1).number;
    chain.reach(Rung::Preconfirmed, block, block, ctx.now());
    ctx.send(poster, BlockSealed{block});
    if (block.value < params().count_max) next(ctx);
  }
  void on(Context& ctx, const RollBack& m) {
    chain.rollback(m.kept);
    world_inbox->forget_above(m.kept);
    ctx.send(poster, Layer2Reorg{m.kept});
  }
  void visit_state(auto& v) { v("chain", chain); }

  Layer2Chain chain;
  Ref<BlockObserver> poster;
  L1Inbox* world_inbox = nullptr;

 private:
  void next(Context& ctx) {
    const Duration wait =
        params().poisson ? exponential(rng(), params().interval) : params().interval;
    after(ctx, wait, Seal{});
  }
};

struct PosterWorld {
  struct Setup {
    BaseChainParams l1 = quiet_l1();
    BatchPosterParams poster = {};
    FeederParams feeder = {};
    std::uint64_t seed = 5;
    Recording* recording = nullptr;
  };
  explicit PosterWorld(const Setup& setup)
      : world({.seed = setup.seed, .recording = setup.recording}),
        l1_ref(world.add<BaseChain>("l1", setup.l1)),
        feeder_ref(world.add<Feeder>("feeder", setup.feeder)),
        inbox_ref(world.add<L1Inbox>("inbox", NoParams{}, world.get(feeder_ref).chain)),
        poster_ref(world.add<BatchPoster>(
            "poster", setup.poster,
            BatchPosterWiring{.l1 = l1_ref,
                              .inbox_ref = inbox_ref,
                              .inbox = &world.get(inbox_ref),
                              .chain = &world.get(feeder_ref).chain,
                              .sequencing_window = 1'000'000,  // the feeder knows no origins
                              .fees = {.base_fee = world.get(l1_ref).base_fee(),
                                       .blob_fee = world.get(l1_ref).blob_fee()}})) {
    world.get(feeder_ref).poster = poster_ref;
    world.get(feeder_ref).world_inbox = &inbox();
    world.get(l1_ref).subscribe(poster_ref);
    world.start();
  }
  // A shock or any other message, at a time from now.
  template <class R, class M>
  void at(Duration delay, Ref<R> to, const M& message) {
    world.engine().schedule(world.engine().now() + delay, to, message);
  }
  void run(Duration until) { world.run(Time::zero() + until); }
  BaseChain& l1() { return world.get(l1_ref); }
  L1Inbox& inbox() { return world.get(inbox_ref); }
  BatchPoster& poster() { return world.get(poster_ref); }
  const Layer2Chain& chain() { return world.get(feeder_ref).chain; }
  Time published(std::uint64_t block) {
    return chain().block(BlockId{block}).ladder[Rung::Published];
  }
  const Batch& batch(std::uint64_t id) { return poster().batches().at(BatchId{id}); }

  World world;
  Ref<BaseChain> l1_ref;
  Ref<Feeder> feeder_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<BatchPoster> poster_ref;
};

}  // namespace mezz
