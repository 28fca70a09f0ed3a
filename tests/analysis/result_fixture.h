// Result files written by the real recorder. The rows are those of tests/sim/record/fixture.h:
// every value is a function of its row number.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/record/hdf5_sink.h"
#include "tests/sim/record/fixture.h"

namespace mezz::analysis {

struct MarketFile {
  std::int64_t rows = 1'000;
  RunMetadata metadata = market_metadata();
  std::uint64_t fingerprint = 0x0123456789ABCDEFU;
  std::vector<mezz::Metric> metrics = {{"finality.settled.p50", 604'800.0, "s"},
                                       {"bad_debt.usd", 1'234.5, "USD"},
                                       {"trades", 1'000'000.0, "1"}};
  std::vector<FingerprintSample> samples = {};
};

inline void write_market(const std::string& path, const MarketFile& market) {
  Hdf5Sink sink(path, {.ballast_bytes = 0});
  Recording recording;
  recording.add_sink(sink);
  EventTable<CloseRow> closes;
  closes.declare(recording, "liquidations", "Forced closures");
  EventTable<BlockSample> blocks;
  blocks.declare_at(recording, "series/l2_block", "Seen at every block");
  ASSERT_TRUE(recording.start(market.metadata)) << recording.error();
  for (std::int64_t i = 0; i < market.rows; ++i) closes.append(close_row(i));
  for (std::int64_t i = 0; i < 10; ++i) blocks.append(block_sample(i));
  ASSERT_TRUE(recording.finish({.end = {7'200'000'000'000},
                                .fingerprint = market.fingerprint,
                                .metrics = market.metrics,
                                .fingerprints = market.samples,
                                .profile = {{"wall_time", 1.5, "s"}}}))
      << recording.error();
}

}  // namespace mezz::analysis
