// Depth of an order book over time, from /tables/book_depth (market.depth_every): what rests within
// each distance of the middle, a side at a time, in units of the contract. Distances contain the
// nearer ones, so that painted from the farthest to the nearest they are stacked bands. Rows of
// blocks that a re-organisation replaced are left out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/run_data.h"
#include "sim/types/time.h"

namespace mezz::gui {

struct DepthBand {
  int basis_points = 0;
  std::shared_ptr<const Series> asks;
  std::shared_ptr<const Series> bids;  // negative: they are drawn below the axis
};

struct Depth {
  std::string instrument;
  std::string unit;                   // "BTC"; "units" of a listing
  std::vector<DepthBand> bands = {};  // nearest first
};

struct DepthAt {
  int basis_points = 0;
  double bids = 0.0;
  double asks = 0.0;
};

// Why there is no depth to show; empty when there is.
std::string why_no_depth(const RunData& run);
// Numbers of the instruments that have rows, ascending.
std::vector<std::uint16_t> depth_instruments(const RunData& run);
Depth depth_of(const RunData& run, std::uint16_t instrument);
// The sample that holds at `t`, nearest distance first; empty before the first.
std::vector<DepthAt> depth_at(const Depth& depth, Time t);

}  // namespace mezz::gui
