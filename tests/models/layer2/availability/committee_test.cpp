#include "models/layer2/availability/committee.h"

#include <gtest/gtest.h>

#include "models/layer2/execution/node.h"
#include "sim/check/error.h"
#include "tests/models/layer2/availability/poster_world.h"

namespace mezz {
namespace {

using committee::MemberSet;
using committee::Size;

// Reference sheet "layer-two protocols" section 9.2: AnyTrust, 6 members, quorum 5, independent p.
// By hand for p = 0.05: 6 * 0.05^5 * 0.95 + 0.05^6 = 1.78125e-6 + 1.5625e-8 = 1.796875e-6.
TEST(CommitteeRules, AnyTrustIsUnavailableWithTheProbabilityOfACorruptQuorum) {
  const Size nova{.members = 6, .quorum = 5};
  EXPECT_NEAR(committee::probability_unavailable(nova, 0.05), 1.796875e-6, 1e-12);
  EXPECT_NEAR(committee::probability_unavailable(nova, 0.1), 5.5e-5, 1e-9);
  EXPECT_NEAR(committee::probability_unavailable(nova, 0.2), 1.6e-3, 1e-8);
}

// "Correlation dominates": 1 % of shared fate at p = 0.05 weighs 5e-4, 278 times the rest.
TEST(CommitteeRules, ASmallCommonShockOutweighsIndependentCorruption) {
  const Size nova{.members = 6, .quorum = 5};
  const double common = committee::probability_unavailable(nova, 0.05, 0.01);
  EXPECT_NEAR(common, 0.01 * 0.05 + 0.99 * 1.796875e-6, 1e-12);
  EXPECT_GT(common / committee::probability_unavailable(nova, 0.05), 250.0);
}

TEST(CommitteeRules, DrawsOfCorruptMembersFollowTheFormula) {
  Stream stream(7, 0, "committee", "corruption");
  const Ratio p = Ratio{400'000'000};
  int independent = 0;
  int shared = 0;
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    if (committee::count(committee::draw_corrupt(6, p, Ratio::zero(), stream)) >= 5) ++independent;
    if (committee::count(committee::draw_corrupt(6, p, Ratio{250'000'000}, stream)) >= 5) ++shared;
  }
  // p = 0.4: 6 * 0.4^5 * 0.6 + 0.4^6 = 0.04096. Standard error 0.00044, 0.00075.
  EXPECT_NEAR(static_cast<double>(independent) / kDraws, 0.04096, 0.0020);
  EXPECT_NEAR(static_cast<double>(shared) / kDraws, 0.25 * 0.4 + 0.75 * 0.04096, 0.0033);
}

TEST(CommitteeRules, AnOutageHitsExactlyItsShareOfMembersAndEachEquallyOften) {
  EXPECT_EQ(committee::share_of(6, Ratio{333'333'333}), 2U);
  EXPECT_EQ(committee::share_of(6, Ratio{250'000'000}), 2U);  // 1.5 rounds up
  EXPECT_EQ(committee::share_of(6, Ratio{166'666'667}), 1U);
  EXPECT_EQ(committee::share_of(6, Ratio::one()), 6U);
  Stream stream(7, 0, "committee", "outage");
  int hits[6] = {};
  for (int i = 0; i < 60'000; ++i) {
    const MemberSet set = committee::draw_outage(6, Ratio{333'333'333}, Ratio::zero(), stream);
    ASSERT_EQ(committee::count(set), 2U);
    for (std::uint32_t m = 0; m < 6; ++m) hits[m] += (set >> m & 1) != 0 ? 1 : 0;
  }
  for (const int h : hits) EXPECT_NEAR(h, 20'000, 600);  // 5 standard deviations
  const MemberSet all = committee::draw_outage(6, Ratio{333'333'333}, Ratio::one(), stream);
  EXPECT_EQ(committee::count(all), 6U);
}

TEST(CommitteeRules, AccountsThatChoseLayerOneStayChosenAsTheShareGrows) {
  int quarter = 0;
  for (std::uint32_t a = 0; a < 10'000; ++a) {
    const bool small = committee::chose_layer_one(Ratio{250'000'000}, AccountId{a});
    quarter += small ? 1 : 0;
    if (small) {
      EXPECT_TRUE(committee::chose_layer_one(50_percent, AccountId{a}));
    }
  }
  EXPECT_NEAR(quarter, 2'500, 220);
}

// ---- with the poster

CommitteeParams prompt() {
  CommitteeParams p;
  p.response_delay = DelayDistribution::constant(300_ms);
  return p;
}

struct CommitteeWorld {
  struct Setup {
    CommitteeParams committee = prompt();
    DataCommittee::Choice choice = DataCommittee::Choice::CommitteeOnly;
    BaseChainParams l1 = quiet_l1();
    BatchPosterParams poster = {.max_channel_duration = 60_s};
    FeederParams feeder = {};
    std::uint64_t seed = 5;
  };
  explicit CommitteeWorld(const Setup& setup)
      : world({.seed = setup.seed}),
        l1_ref(world.add<BaseChain>("l1", setup.l1)),
        feeder_ref(world.add<Feeder>("feeder", setup.feeder)),
        inbox_ref(world.add<L1Inbox>("inbox", NoParams{}, world.get(feeder_ref).chain)),
        committee_ref(world.add<DataCommittee>("committee", setup.committee, setup.choice)),
        poster_ref(world.add<BatchPoster>(
            "poster", setup.poster,
            BatchPosterWiring{.l1 = l1_ref,
                              .inbox_ref = inbox_ref,
                              .inbox = &world.get(inbox_ref),
                              .chain = &world.get(feeder_ref).chain,
                              .sequencing_window = 1'000'000,
                              .fees = {.base_fee = world.get(l1_ref).base_fee(),
                                       .blob_fee = world.get(l1_ref).blob_fee()},
                              .committee_ref = committee_ref,
                              .committee = &world.get(committee_ref),
                              .sizes = &sizes})) {
    world.get(committee_ref).answer_to(poster_ref);
    world.get(feeder_ref).poster = poster_ref;
    world.get(feeder_ref).world_inbox = &world.get(inbox_ref);
    world.get(l1_ref).subscribe(poster_ref);
    world.start();
  }
  template <class R, class M>
  void at(Duration time, Ref<R> to, const M& message) {
    world.engine().schedule(Time::zero() + time, to, message);
  }
  void outage(Duration from, Duration to, ShockKind kind, Ratio magnitude = Ratio::one()) {
    Shock s = shock(kind, ShockEdge::Begins, magnitude);
    s.number = static_cast<std::uint32_t>(from.ns / 1'000'000'000);
    at(from, Ref<Shockable>(committee_ref), s);
    s.edge = ShockEdge::Ends;
    at(to, Ref<Shockable>(committee_ref), s);
  }
  void run(Duration until) { world.run(Time::zero() + until); }
  BatchPoster& poster() { return world.get(poster_ref); }
  DataCommittee& members() { return world.get(committee_ref); }
  const Layer2Chain& chain() { return world.get(feeder_ref).chain; }
  const Batch& batch(std::uint64_t id) { return poster().batches().at(BatchId{id}); }

  TransactionSizes sizes;
  World world;
  Ref<BaseChain> l1_ref;
  Ref<Feeder> feeder_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<DataCommittee> committee_ref;
  Ref<BatchPoster> poster_ref;
};

TEST(Committee, ACertificateGoesToLayerOneInsteadOfTheData) {
  CommitteeWorld w({});
  w.run(5_min);
  const Batch& batch = w.batch(0);
  EXPECT_EQ(batch.medium, BatchMedium::Committee);
  EXPECT_EQ(batch.committee_bytes, batch.bytes);
  EXPECT_EQ(batch.certified - batch.asked, 300_ms);
  EXPECT_EQ(batch.submitted, batch.certified);
  EXPECT_EQ(batch.blobs, 0);
  // 220 bytes of calldata, none of them a zero byte by the posting rules: 21 000 + 220 * 40.
  EXPECT_EQ(batch.gas, 21'000U + 220U * 40U);
  EXPECT_TRUE(w.chain().block(BlockId{1}).ladder[Rung::Published].happened());
  EXPECT_EQ(w.poster().totals().committee_bytes, w.poster().totals().bytes);
  EXPECT_EQ(w.poster().totals().blob_fee_gwei, 0U);
}

TEST(Committee, OneOfSixSilentIsWithinTheQuorumTwoAreNot) {
  CommitteeWorld one({});
  one.outage(1_s, 1_h, ShockKind::CommitteeDown, Ratio{166'666'667});
  one.run(30_min);
  EXPECT_EQ(one.poster().totals().fallbacks, 0U);
  EXPECT_GT(one.poster().totals().certificates, 10U);
  CommitteeWorld two({});
  two.outage(1_s, 1_h, ShockKind::CommitteeDown, Ratio{333'333'333});
  two.run(30_min);
  EXPECT_EQ(two.poster().totals().certificates, 0U);
  EXPECT_GT(two.poster().totals().fallbacks, 10U);
}

TEST(Committee, MissingQuorumPostsTheDataOnLayerOneAfterTheTimeoutAndTheCostJumps) {
  CommitteeWorld::Setup setup;
  setup.poster.medium = posting::MediumPolicy::Calldata;
  CommitteeWorld w(setup);
  w.outage(30_min, 60_min, ShockKind::CommitteeDown);
  w.run(2_h);
  std::uint64_t fallen = 0;
  for (std::uint64_t b = 0; b < w.poster().batches().size(); ++b) {
    const Batch& batch = w.batch(b);
    const bool during = batch.asked >= Time::zero() + 30_min && batch.asked < Time::zero() + 60_min;
    EXPECT_EQ(batch.fell_back, during ? 1U : 0U) << b;
    if (!during || !batch.included.happened()) continue;
    ++fallen;
    EXPECT_EQ(batch.submitted - batch.asked, 5_s);  // Nitro request-timeout
    EXPECT_EQ(batch.committee_bytes, 0U);
    // 60 blocks of 1000 bytes at 40 gas against 220 bytes: about 81 times the gas.
    EXPECT_GT(batch.gas, 21'000U + batch.bytes * 39U);
  }
  EXPECT_GE(fallen, 25U);
  const Batch& normal = w.batch(5);
  std::uint64_t dear = 0;
  for (std::uint64_t b = 0; b < w.poster().batches().size(); ++b) {
    if (w.batch(b).fell_back != 0) dear = std::max(dear, w.batch(b).execution_fee_gwei);
  }
  EXPECT_GT(dear, normal.execution_fee_gwei * 50);
  EXPECT_EQ(w.members().counts().certificates, w.poster().totals().certificates);
}

TEST(Committee, AWaitingPosterPublishesNothingUntilTheQuorumIsBack) {
  CommitteeWorld::Setup setup;
  setup.committee.fallback = CommitteeFallback::Wait;
  CommitteeWorld w(setup);
  w.outage(30_min, 90_min, ShockKind::CommitteeDown);
  w.run(89_min);
  EXPECT_EQ(w.poster().totals().fallbacks, 0U);
  const BlockId stuck = w.chain().reached(Rung::Published);
  EXPECT_LT(w.chain().block(stuck).sealed, Time::zero() + 31_min);
  w.run(2_h);
  EXPECT_GT(w.chain().block(w.chain().reached(Rung::Published)).sealed, Time::zero() + 110_min);
  EXPECT_GT(w.poster().totals().asked_again, 50U);
  EXPECT_EQ(w.poster().totals().committee_bytes, w.poster().totals().bytes);
}

TEST(Committee, SignaturesOfTwoRequestsAddUp) {
  CommitteeWorld::Setup setup;
  setup.committee.fallback = CommitteeFallback::Wait;
  setup.committee.members = 2;
  setup.committee.quorum = 2;
  setup.committee.retry_delay = 5_s;
  CommitteeWorld w(setup);
  // One member at a time is away; which one is drawn per shock.
  for (int i = 0; i < 200; ++i) {
    w.outage(1_s + i * 7_s, 8_s + i * 7_s, ShockKind::CommitteeDown, 50_percent);
  }
  w.run(20_min);
  EXPECT_GT(w.poster().totals().certificates, 5U);
}

TEST(Committee, WithheldDataIsUnknownFromTheFirstHiddenBatchUntilItIsGivenOut) {
  CommitteeWorld w({});
  w.outage(30_min, 60_min, ShockKind::DataWithheld);
  w.run(29_min);
  EXPECT_TRUE(w.members().whole(w.chain().head()));
  w.run(59_min);
  EXPECT_GT(w.members().counts().withheld, 20U);
  const BlockId published = w.chain().reached(Rung::Published);
  EXPECT_FALSE(w.members().whole(published));
  // What was given out before stays known: blocks of the first half hour, up to a batch.
  EXPECT_TRUE(w.members().whole(BlockId{1'700}));
  EXPECT_FALSE(w.members().whole(BlockId{1'900}));
  EXPECT_FALSE(w.members().part_of(AccountId{3}, published));
  w.run(61_min);
  EXPECT_TRUE(w.members().whole(published));
}

TEST(Committee, AnHonestSignerInEveryQuorumMakesWithholdingImpossible) {
  CommitteeWorld::Setup setup;
  setup.committee.corrupt = Ratio::zero();
  CommitteeWorld w(setup);
  w.outage(30_min, 60_min, ShockKind::DataWithheld);
  w.run(59_min);
  EXPECT_EQ(w.members().counts().withheld, 0U);
  EXPECT_TRUE(w.members().whole(w.chain().head()));
}

TEST(Committee, ARollbackOfTheHiddenBlocksRevealsWhatIsLeft) {
  CommitteeWorld w({});
  w.outage(30_min, 60_min, ShockKind::DataWithheld);
  w.run(40_min);
  ASSERT_FALSE(w.members().whole(w.chain().head()));
  w.at(40_min + 1_s, Ref<BlockObserver>(w.committee_ref), Layer2Reorg{BlockId{1'000}});
  w.run(40_min + 2_s);
  EXPECT_TRUE(w.members().whole(BlockId{1'000}));
}

TEST(Volition, DataOfAccountsThatChoseLayerOneGoesAlongWithTheCertificate) {
  CommitteeWorld::Setup setup;
  setup.choice = DataCommittee::Choice::Volition;
  setup.feeder.bytes = 24 + 77;  // header, and one cancel: 65 + 24 / 2
  setup.poster.medium = posting::MediumPolicy::Calldata;
  // The feeder's only account is number 0.
  setup.committee.layer_one_share = Ratio::one();
  CommitteeWorld all(setup);
  all.run(10_min);
  EXPECT_EQ(all.poster().totals().certificates, 0U);
  EXPECT_EQ(all.poster().totals().committee_bytes, 0U);
  EXPECT_GT(all.poster().totals().calldata_batches, 5U);
  setup.committee.layer_one_share = Ratio::zero();
  setup.feeder.bytes = 24 + 89;  // a header and one order: 65 + 48 / 2
  CommitteeWorld none(setup);
  none.run(10_min);
  const Batch& batch = none.batch(0);
  EXPECT_EQ(batch.medium, BatchMedium::Committee);
  EXPECT_EQ(batch.committee_bytes, batch.transactions * 89);
  EXPECT_EQ(batch.bytes - batch.committee_bytes, batch.transactions * 24);  // headers
  // Both parts in one transaction: certificate and headers; zero bytes are cheaper by 30 gas each.
  EXPECT_EQ(batch.certificate_gas, 21'000U + 220U * 40U);
  EXPECT_GT(batch.gas, batch.certificate_gas + batch.transactions * 24 * 38);
}

TEST(Volition, OnlyCommitteeAccountsLoseTheirDataWhenItIsWithheld) {
  CommitteeWorld::Setup setup;
  setup.choice = DataCommittee::Choice::Volition;
  setup.feeder.bytes = 24 + 89;
  setup.committee.layer_one_share = 10_percent;
  CommitteeWorld w(setup);
  ASSERT_FALSE(w.members().on_layer_one(AccountId{0}));
  w.outage(10_min, 60_min, ShockKind::DataWithheld);
  w.run(30_min);
  const BlockId block = w.chain().reached(Rung::Published);
  int kept = 0;
  for (std::uint32_t a = 0; a < 1'000; ++a) {
    const bool access = w.members().part_of(AccountId{a}, block);
    EXPECT_EQ(access, w.members().on_layer_one(AccountId{a}));
    kept += access ? 1 : 0;
  }
  EXPECT_NEAR(kept, 100, 45);
}

TEST(Committee, APosterThatIsDownSendsItsCertificatesWhenItIsBack) {
  CommitteeWorld w({});
  // The batch is cut at the first look a minute after block 1 and signed 300 ms later.
  w.at(66_s + 100_ms, Ref<Shockable>(w.poster_ref),
       shock(ShockKind::BatcherDown, ShockEdge::Begins));
  w.at(10_min, Ref<Shockable>(w.poster_ref), shock(ShockKind::BatcherDown, ShockEdge::Ends));
  w.run(9_min);
  ASSERT_EQ(w.poster().batches().size(), 1U);
  EXPECT_TRUE(w.batch(0).certified.happened());
  EXPECT_FALSE(w.batch(0).included.happened());
  w.run(11_min);
  EXPECT_EQ(w.batch(0).submitted, Time::zero() + 10_min);
  EXPECT_TRUE(w.batch(0).included.happened());
}

TEST(Committee, HalfWayIsAGoodPlaceToSaveAndGoOn) {
  CommitteeWorld::Setup setup;
  setup.choice = DataCommittee::Choice::Volition;
  setup.committee.response_delay = DelayDistribution::lognormal(2_s, 1.0);
  setup.l1.reorg_probability = Ratio{50'000'000};
  const auto plan = [](CommitteeWorld& w) {
    w.outage(10_min, 20_min, ShockKind::CommitteeDown, 50_percent);
    w.outage(15_min, 50_min, ShockKind::DataWithheld);
  };
  CommitteeWorld whole(setup);
  plan(whole);
  whole.run(1_h);
  CommitteeWorld first(setup);
  plan(first);
  first.run(30_min);
  const std::vector<std::byte> snapshot = first.world.save();
  CommitteeWorld second(setup);
  second.world.restore(snapshot);
  EXPECT_EQ(second.world.save(), snapshot);
  second.run(1_h);
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(Committee, RefusesWhatCannotWork) {
  World world(WorldOptions{});
  const auto refused = [&](const CommitteeParams& p, const char* name) -> std::string {
    try {
      world.add<DataCommittee>(name, p, DataCommittee::Choice::CommitteeOnly);
    } catch (const ScenarioError& error) {
      return std::string(error.path()) + " " + error.problem();
    }
    return "accepted";
  };
  CommitteeParams p;
  p.quorum = 7;
  EXPECT_EQ(refused(p, "a"), "committee.quorum must not be above members, 6, got 7");
  p = {};
  p.response_delay = {.kind = DelayKind::Uniform, .mean = 1_s, .spread = 2_s};
  EXPECT_NE(refused(p, "b").find("committee.response_delay"), std::string::npos);
}

}  // namespace
}  // namespace mezz
