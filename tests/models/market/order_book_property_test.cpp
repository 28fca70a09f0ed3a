// The book against a slow one written straight from the rules, and against counts that other
// matching engines give for workload B1.
#include <gtest/gtest.h>

#include <map>

#include "tests/models/market/reference_book.h"
#include "tests/models/market/workload_b1.h"

namespace mezz::test {
namespace {

struct Flow {
  const char* name;
  std::uint64_t seed;
  std::int64_t spread;  // prices are mid +- spread
  std::int64_t jump;    // mid moves by up to this
  int ops;
};

class RandomFlow : public testing::TestWithParam<Flow> {};

void expect_same(const OrderBook& book, ReferenceBook& reference,
                 const std::map<std::uint64_t, int>& names) {
  book.full_check();
  for (const Side side : {Side::Buy, Side::Sell}) {
    std::vector<std::pair<int, std::int64_t>> got;
    std::vector<std::pair<int, std::int64_t>> want;
    for (const RestingOrder& o : book.orders(side)) {
      got.emplace_back(names.at(o.id.value), o.quantity.lots);
    }
    for (const auto& [key, level] : reference.levels(side)) {
      for (const ReferenceOrder& o : level) want.emplace_back(o.name, o.lots);
    }
    ASSERT_EQ(got, want);
  }
}

TEST_P(RandomFlow, SameFillsAndSameBookAsTheReference) {
  const Flow flow = GetParam();
  SplitMix64 random{flow.seed};
  OrderBook book;
  ReferenceBook reference;
  std::map<std::uint64_t, int> names;  // handle -> name
  std::map<int, OrderId> handles;      // orders that rested, perhaps gone
  std::int64_t mid = 1'000'000;
  std::vector<Fill> fills;
  for (int name = 0; name < flow.ops; ++name) {
    mid += static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * flow.jump + 1))) -
           flow.jump;
    if (random.below(100) < 45 && !handles.empty()) {
      auto it =
          handles.lower_bound(static_cast<int>(random.below(static_cast<std::uint64_t>(name))));
      if (it == handles.end()) it = handles.begin();
      ASSERT_EQ(book.cancel(it->second).lots, reference.cancel(it->first));
      handles.erase(it);
      continue;
    }
    NewOrder order;
    order.account = {static_cast<std::uint32_t>(random.below(5))};
    order.side = random.top_bit() ? Side::Buy : Side::Sell;
    order.price = {
        mid - flow.spread +
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * flow.spread + 1)))};
    order.quantity = {1 + static_cast<std::int64_t>(random.below(20))};
    order.tif = static_cast<TimeInForce>(random.below(8) > 3 ? 0 : random.below(4));
    if (random.below(10) == 0) order.max_quantity = {static_cast<std::int64_t>(random.below(8))};
    fills.clear();
    std::vector<ReferenceFill> want;
    const Placement placed = book.place(order, fills);
    const std::int64_t rests = reference.place(name, order, want);
    std::vector<ReferenceFill> got;
    for (const Fill& f : fills) {
      got.push_back(
          {names.at(f.maker.value), f.price.ticks, f.quantity.lots, f.kind == FillKind::SelfCross});
    }
    ASSERT_EQ(got, want) << "op " << name;
    ASSERT_EQ(placed.resting.lots, rests) << "op " << name;
    if (placed.id.exists()) {
      names[placed.id.value] = name;
      handles[name] = placed.id;
    }
    if (book.has(Side::Buy) && book.has(Side::Sell)) {
      ASSERT_LT(book.best(Side::Buy), book.best(Side::Sell));
    }
    if (name % 499 == 0) expect_same(book, reference, names);
  }
  expect_same(book, reference, names);
}

INSTANTIATE_TEST_SUITE_P(Flows, RandomFlow,
                         testing::Values(Flow{"tight", 1, 5, 1, 40'000},
                                         Flow{"inside_the_window", 2, 60, 3, 40'000},
                                         Flow{"beyond_the_window", 3, 6'000, 50, 15'000},
                                         Flow{"jumping", 4, 40, 900, 15'000}),
                         [](const auto& p) { return std::string(p.param.name); });

B1Totals run(std::size_t n, std::size_t live) {
  const B1Flow flow = make_b1(n, live);
  B1Replay replay;
  for (std::size_t i = 0; i < flow.ops.size(); ++i) {
    if (i == flow.preload) replay.totals = {};
    replay.apply(flow.ops[i]);
  }
  replay.book.full_check();
  replay.totals.live = replay.book.live();
  return replay.totals;
}

// Totals of four independent matching engines on 5 * 10^6 operations.
TEST(OrderBookB1, TotalsAreThoseOfOtherEngines) {
  EXPECT_EQ(run(5'000'000, 1'000), (B1Totals{986'656, 25'283'551, 998}));
  EXPECT_EQ(run(5'000'000, 10'000), (B1Totals{1'012'053, 25'847'589, 9'999}));
}

}  // namespace
}  // namespace mezz::test
