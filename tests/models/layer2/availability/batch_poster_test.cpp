#include "models/layer2/availability/batch_poster.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/check/error.h"
#include "sim/record/memory_sink.h"
#include "tests/models/layer2/availability/poster_world.h"

namespace mezz {
namespace {

// Looks at every block, never waits for an earlier transaction.
BatchPosterParams at_once() {
  return {.max_channel_duration = 100_h, .poll_interval = 0_s, .max_pending = 1'000'000};
}

struct Waits {
  double mean_wait = 0.0;      // of blocks, from sealing to submission
  double mean_batch = 0.0;     // blocks
  double mean_interval = 0.0;  // between submissions
  double interval_cv = 0.0;
};
Waits measure(PosterWorld& w) {
  Waits out;
  const std::uint64_t batches = w.poster().batches().size();
  double sum_wait = 0.0;
  double blocks = 0.0;
  double sum = 0.0;
  double sum_squares = 0.0;
  for (std::uint64_t b = 0; b < batches; ++b) {
    const Batch& batch = w.batch(b);
    for (std::uint64_t n = batch.first.value; n <= batch.last.value; ++n) {
      sum_wait += (batch.submitted - w.chain().block(BlockId{n}).sealed).seconds();
      blocks += 1.0;
    }
    if (b == 0) continue;
    const double interval = (batch.submitted - w.batch(b - 1).submitted).seconds();
    sum += interval;
    sum_squares += interval * interval;
  }
  const double count = static_cast<double>(batches);
  out.mean_wait = sum_wait / blocks;
  out.mean_batch = blocks / count;
  out.mean_interval = sum / (count - 1.0);
  const double variance = sum_squares / (count - 1.0) - out.mean_interval * out.mean_interval;
  out.interval_cv = std::sqrt(variance) / out.mean_interval;
  return out;
}

// Validation sheet A-Q-8: K = 100, 5 per second: mean wait (K-1)/(2 lambda) = 9.9 s, interval 20 s
// with coefficient of variation 1/sqrt(K) = 0.1.
TEST(BatchPoster, SizeTriggerWaitsHalfAFill) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.medium = posting::MediumPolicy::Calldata;
  setup.feeder = {.interval = 200_ms, .poisson = true, .bytes = 1'200};  // 100 x 1200 = 120 000
  PosterWorld w(setup);
  w.run(24'000_s);
  const Waits waits = measure(w);
  EXPECT_EQ(waits.mean_batch, 100.0);
  EXPECT_NEAR(waits.mean_wait, 9.9, 0.1);
  EXPECT_NEAR(waits.mean_interval, 20.0, 0.2);
  EXPECT_NEAR(waits.interval_cv, 0.1, 0.01);
}

// A-Q-9: K = 40 or T = 10 s after the first, 5 per second: mean wait 3.886784 s, mean batch
// 39.850289. Standard errors here: 0.018 s and 0.03.
TEST(BatchPoster, HybridTriggerTakesTheEarlier) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.medium = posting::MediumPolicy::Calldata;
  setup.poster.max_channel_duration = 10_s;
  setup.feeder = {.interval = 200_ms, .poisson = true, .bytes = 3'000};  // 40 x 3000 = 120 000
  PosterWorld w(setup);
  w.run(12'000_s);
  const Waits waits = measure(w);
  EXPECT_NEAR(waits.mean_wait, 3.886784, 0.05);
  EXPECT_NEAR(waits.mean_batch, 39.850289, 0.09);
  EXPECT_LT(waits.mean_batch, 40.0);  // the timer did bind
}

TEST(BatchPoster, BatchOfBlobsTakesWhatFits) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.target_blobs = 2;
  setup.feeder.bytes = 60'000;  // 253 952 / 60 000: four fit, the fifth makes it full
  PosterWorld w(setup);
  w.run(20'500_ms);
  ASSERT_GE(w.poster().batches().size(), 2U);
  EXPECT_EQ(w.batch(0).last, BlockId{4});
  EXPECT_EQ(w.batch(0).submitted, Time::zero() + 5_s);
  EXPECT_EQ(w.batch(0).blobs, 2);
  EXPECT_EQ(w.batch(1).first, BlockId{5});
  EXPECT_EQ(w.batch(1).last, BlockId{8});
}

TEST(BatchPoster, AgeIsCheckedAtPolls) {
  PosterWorld::Setup setup;
  setup.poster.max_channel_duration = 10_s;  // block 1 is sealed at 1 s; polls at 6, 12, ... s
  setup.feeder.count_max = 3;
  PosterWorld w(setup);
  w.run(30_s);
  ASSERT_EQ(w.poster().batches().size(), 1U);
  EXPECT_EQ(w.batch(0).submitted, Time::zero() + 12_s);
  EXPECT_EQ(w.batch(0).last, BlockId{3});
  EXPECT_EQ(w.published(1), Time::zero() + 24_s);
}

TEST(BatchPoster, NoMoreThanMaxPendingUnderWay) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.max_pending = 2;
  setup.feeder.bytes = 126'976;  // every block is a batch; slots come every 12 s
  PosterWorld w(setup);
  w.run(11'500_ms);
  EXPECT_EQ(w.poster().batches().size(), 2U);
  EXPECT_EQ(w.poster().pending(), 2);
  w.run(12'500_ms);  // two go in, two follow at once
  EXPECT_EQ(w.poster().batches().size(), 4U);
  EXPECT_EQ(w.inbox().safe_head(), BlockId{2});
}

TEST(BatchPoster, TurnsToCalldataWhileBlobsAreDear) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.target_blobs = 1;
  setup.poster.fee_cap = 1'000_gwei;
  // e^23 wei = 9.7 gwei per blob gas, 1.4 times the base fee: blobs. e^27 = 532 gwei: calldata.
  setup.l1.initial_excess_blob_gas = Gas{27 * 11'684'671};
  setup.feeder.bytes = 40'000;
  PosterWorld w(setup);
  w.run(60_s);
  ASSERT_GT(w.poster().totals().calldata_batches, 0U);
  EXPECT_EQ(w.batch(1).medium, BatchMedium::Calldata);
  EXPECT_EQ(w.batch(1).blobs, 0);
  EXPECT_EQ(w.batch(1).bytes, 120'000U);
  EXPECT_EQ(w.batch(1).gas, posting::calldata_gas(120'000).units);
  setup.l1.initial_excess_blob_gas = Gas{23 * 11'684'671};
  PosterWorld cheap(setup);
  cheap.run(60_s);
  EXPECT_GT(cheap.poster().totals().batches, 0U);
  EXPECT_EQ(cheap.poster().totals().calldata_batches, 0U);
}

TEST(BatchPoster, WaitingForLowerFeesEndsAtTheHardLimit) {
  PosterWorld::Setup setup;
  setup.l1 = crowded_l1();  // the fee rises all the time: never below its average
  setup.poster = at_once();
  setup.poster.max_channel_duration = 30_s;  // two fees heard, at 12 s and 24 s
  setup.poster.wait_for_cheap = true;
  setup.poster.wait_max = 200_s;
  setup.feeder.count_max = 1;
  PosterWorld w(setup);
  w.run(300_s);
  ASSERT_EQ(w.poster().batches().size(), 1U);
  EXPECT_EQ(w.batch(0).submitted, Time::zero() + 201_s);
  setup.l1 = quiet_l1();  // falls all the time: no reason to wait
  PosterWorld falling(setup);
  falling.run(300_s);
  EXPECT_EQ(falling.batch(0).submitted, Time::zero() + 31_s);
}

TEST(BatchPoster, StuckBelowTheFeeCapUntilFeesFall) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.max_channel_duration = 1_s;
  setup.poster.fee_cap = 5_gwei;  // the base fee starts at 7 gwei and falls by 1/8 per empty block
  setup.feeder.count_max = 1;
  PosterWorld w(setup);
  w.run(100_s);
  // 7 x (7/8)^n <= 5 - tip of 1/8^.. : included when base fee <= 5 gwei: n = 3 blocks, the fourth.
  EXPECT_EQ(w.published(1), Time::zero() + 48_s);
}

TEST(BatchPoster, OutageDelaysPublicationAndNothingElse) {
  PosterWorld::Setup setup;
  setup.poster.max_channel_duration = 10_s;
  setup.poster.poll_interval = 1_s;
  PosterWorld w(setup);
  w.at(30_s, w.poster_ref, shock(ShockKind::BatcherDown, ShockEdge::Begins));
  w.at(600_s, w.poster_ref, shock(ShockKind::BatcherDown, ShockEdge::Ends));
  w.run(599_s);
  EXPECT_LE(w.poster().batches().size(), 3U);
  EXPECT_EQ(w.chain().head(), BlockId{599});
  EXPECT_GT(w.poster().waiting_bytes(), 560'000U);
  w.run(700_s);  // 5 full batches of 126 blocks, one under way at a time
  EXPECT_GT(w.inbox().safe_head(), BlockId{600});
  EXPECT_EQ(w.chain().reached(Rung::Published), w.inbox().safe_head());
}

TEST(BatchPoster, ReorgTakesPublicationBackUntilReincluded) {
  PosterWorld::Setup setup;
  setup.poster.max_channel_duration = 1_s;
  setup.poster.poll_interval = 5_s;
  setup.feeder.count_max = 4;
  PosterWorld w(setup);
  w.run(13_s);  // posted at 5 s, included at 12 s in height 1
  ASSERT_EQ(w.published(4), Time::zero() + 12_s);
  EXPECT_EQ(w.inbox().published_height(BlockId{4}), 1U);
  w.at(24_s, w.l1_ref, shock(ShockKind::L1Reorg, ShockEdge::Begins, Ratio::one() * 3));
  w.run(47_s);
  ASSERT_EQ(w.l1().height(), 3U);  // heights 1 to 3 at 12, 24, 36 s
  EXPECT_EQ(w.published(4), Time::zero() + 12_s);
  w.run(49_s);
  EXPECT_EQ(w.l1().height(), 1U);  // slot 4 replaces all three
  EXPECT_EQ(w.published(4), Time::zero() + 48_s);
  EXPECT_EQ(w.poster().totals().reverted, 1U);
  EXPECT_EQ(w.poster().totals().batches, 1U);
  EXPECT_EQ(w.poster().pending(), 0);
}

TEST(BatchPoster, BillsEqualWhatLayerOneCharged) {
  PosterWorld::Setup setup;
  setup.poster = at_once();
  setup.poster.max_channel_duration = 30_s;
  setup.l1.initial_excess_blob_gas = Gas{20 * 11'684'671};
  PosterWorld w(setup);
  w.run(1'000_s);
  const PostingTotals& totals = w.poster().totals();
  ASSERT_GT(totals.batches, 20U);
  const L1Spending spent = w.l1().spent(L1CallKind::BatchData);
  // Receipts are rounded up to a gwei, one by one.
  const double execution = spent.execution.ether() * 1e9;
  const double blobs = spent.blobs.ether() * 1e9;
  EXPECT_GE(static_cast<double>(totals.execution_fee_gwei), execution);
  EXPECT_LE(static_cast<double>(totals.execution_fee_gwei),
            execution + static_cast<double>(totals.batches));
  EXPECT_GE(static_cast<double>(totals.blob_fee_gwei), blobs);
  EXPECT_LE(static_cast<double>(totals.blob_fee_gwei), blobs + static_cast<double>(totals.batches));
}

TEST(BatchPoster, TableSharesTheFeeAmongTransactions) {
  MemorySink sink;
  Recording recording;
  recording.add_sink(sink);
  PosterWorld::Setup setup;
  setup.poster.max_channel_duration = 10_s;
  setup.recording = &recording;
  PosterWorld w(setup);
  ASSERT_TRUE(recording.start({}));
  w.run(100_s);
  recording.commit(w.world.engine().now(), 1);
  ASSERT_TRUE(recording.finish({.end = w.world.engine().now()}));
  const auto shares = sink.column<double>("tables/batches", "cost_per_transaction");
  const auto execution = sink.column<double>("tables/batches", "execution_fee");
  const auto blob = sink.column<double>("tables/batches", "blob_fee");
  const auto transactions = sink.column<std::uint64_t>("tables/batches", "transactions");
  ASSERT_GE(shares.size(), 4U);
  EXPECT_EQ(shares.size(), w.poster().totals().batches);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    EXPECT_GT(transactions[i], 5U);
    EXPECT_NEAR(shares[i] * static_cast<double>(transactions[i]), execution[i] + blob[i],
                1e-9 * execution[i]);
  }
}

TEST(BatchPoster, TipAboveTheCapIsAScenarioError) {
  PosterWorld::Setup setup;
  setup.poster.tip = 10_gwei;
  setup.poster.fee_cap = 9_gwei;
  EXPECT_THROW(PosterWorld w(setup), ScenarioError);
}

PosterWorld::Setup eventful() {
  PosterWorld::Setup setup;
  setup.l1 = BaseChainParams{};  // with chance and other people
  setup.l1.reorg_probability = 10_percent;
  setup.poster.max_channel_duration = 20_s;
  setup.feeder = {.interval = 500_ms, .poisson = true, .bytes = 5'000};
  return setup;
}

TEST(BatchPoster, RestoredRunIsTheUninterruptedRun) {
  PosterWorld whole(eventful());
  whole.run(1'200_s);
  EXPECT_GT(whole.poster().totals().reverted, 0U);
  PosterWorld first(eventful());
  first.run(600_s);
  const std::vector<std::byte> snapshot = first.world.save();
  PosterWorld second(eventful());
  second.world.restore(snapshot);
  EXPECT_EQ(second.world.save(), snapshot);
  second.run(1'200_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(BatchPoster, NewsThatOvertakesOtherNewsDoesNoHarm) {
  PosterWorld::Setup setup = eventful();
  setup.feeder.bytes = 1'000;  // well below what one transaction at a time can carry
  World world({.seed = 3});
  world.place("l1");
  const auto l1 = world.add<BaseChain>("l1", setup.l1);
  world.place("l2");
  const auto feeder = world.add<Feeder>("feeder", setup.feeder);
  world.place("l1");
  const auto inbox = world.add<L1Inbox>("inbox", NoParams{}, world.get(feeder).chain);
  world.place("l2");
  const auto poster = world.add<BatchPoster>("poster", setup.poster,
                                             BatchPosterWiring{.l1 = l1,
                                                               .inbox_ref = inbox,
                                                               .inbox = &world.get(inbox),
                                                               .chain = &world.get(feeder).chain,
                                                               .sequencing_window = 1'000'000});
  world.get(feeder).poster = poster;
  world.get(l1).subscribe(poster);
  world.link("l1", "l2", {.delay = DelayDistribution::exponential(2_s)});
  world.start();
  world.run(Time::zero() + 3'600_s);
  EXPECT_GT(world.get(poster).totals().reverted, 0U);
  std::int64_t open = 0;
  for (std::uint64_t b = 0; b < world.get(poster).batches().size(); ++b) {
    open += world.get(poster).batches().at(BatchId{b}).included.happened() ? 0 : 1;
  }
  EXPECT_EQ(world.get(poster).pending(), open);
  EXPECT_LE(open, 3);  // one, and what reorgs brought back
  EXPECT_GT(world.get(inbox).safe_head().value + 400, world.get(feeder).chain.head().value);
}

}  // namespace
}  // namespace mezz
