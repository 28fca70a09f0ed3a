// The slow book that says what is right: a sorted list per price, straight from the rules.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <vector>

#include "models/market/order_book.h"

namespace mezz::test {

struct ReferenceOrder {
  int name;
  AccountId account;
  std::int64_t lots;
};
struct ReferenceFill {
  int maker;
  std::int64_t tick, lots;
  bool self;
  bool operator==(const ReferenceFill&) const = default;
};

class ReferenceBook {
 public:
  using Levels = std::map<std::int64_t, std::list<ReferenceOrder>>;  // bids under minus the price
  Levels sides[2];

  std::int64_t key(Side side, std::int64_t tick) const { return side == Side::Buy ? -tick : tick; }
  Levels& levels(Side side) { return sides[side == Side::Buy ? 0 : 1]; }

  // Returns the lots that rest under `name`.
  std::int64_t place(int name, const NewOrder& o, std::vector<ReferenceFill>& fills) {
    Levels copy = levels(opposite(o.side));
    std::vector<ReferenceFill> trial;
    std::int64_t left = std::min(o.quantity.lots, o.max_quantity.lots);
    if (left <= 0) return 0;
    bool traded = false;
    while (left > 0 && !copy.empty()) {
      auto level = copy.begin();
      const std::int64_t tick = o.side == Side::Buy ? level->first : -level->first;
      if (o.side == Side::Buy ? tick > o.price.ticks : tick < o.price.ticks) break;
      ReferenceOrder& maker = level->second.front();
      const bool self = o.account.exists() && maker.account == o.account;
      const std::int64_t lots = self ? maker.lots : std::min(left, maker.lots);
      trial.push_back({maker.name, tick, lots, self});
      if (!self) traded = true, left -= lots;
      maker.lots -= lots;
      if (maker.lots == 0) level->second.pop_front();
      if (level->second.empty()) copy.erase(level);
    }
    if (o.tif == TimeInForce::PostOnly && traded) return 0;
    if (o.tif == TimeInForce::Fok && left > 0) return 0;
    levels(opposite(o.side)) = copy;
    fills.insert(fills.end(), trial.begin(), trial.end());
    if (left == 0 || o.tif == TimeInForce::Ioc) return 0;
    levels(o.side)[key(o.side, o.price.ticks)].push_back({name, o.account, left});
    return left;
  }

  std::int64_t cancel(int name) {
    for (Levels& side : sides) {
      for (auto level = side.begin(); level != side.end(); ++level) {
        for (auto it = level->second.begin(); it != level->second.end(); ++it) {
          if (it->name != name) continue;
          const std::int64_t lots = it->lots;
          level->second.erase(it);
          if (level->second.empty()) side.erase(level);
          return lots;
        }
      }
    }
    return 0;
  }
};

}  // namespace mezz::test
