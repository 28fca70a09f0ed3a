#include "models/layer2/settlement/bold/edge_moves.h"

#include "sim/check/assert.h"

namespace mezz::bold {

namespace {
constexpr std::uint32_t kFoldBits = 28;
constexpr std::uint64_t kFoldMask = (std::uint64_t{1} << kFoldBits) - 1;
}  // namespace

EdgeMoveCall::Words EdgeMoveCall::packed() const {
  MEZZ_ASSERT(fold <= kFoldMask);
  const std::uint64_t head = (static_cast<std::uint64_t>(action) << kFoldBits) | fold;
  const bool update = action == EdgeAction::Update;
  const std::uint64_t high = update ? range.first : history.diverges;
  const std::uint64_t low = update ? range.count : history.name;
  return {.a = (head << 32) | subject, .b = (high << 32) | low};
}

EdgeMoveCall EdgeMoveCall::from(Words words) {
  const auto high = static_cast<std::uint32_t>(words.b >> 32);
  const auto low = static_cast<std::uint32_t>(words.b);
  const std::uint64_t head = words.a >> 32;
  return {.action = static_cast<EdgeAction>(head >> kFoldBits),
          .subject = static_cast<std::uint32_t>(words.a),
          .fold = static_cast<std::uint32_t>(head & kFoldMask),
          .history = {.diverges = high, .name = low},
          .range = {.first = high, .count = low}};
}

std::vector<PlannedEdgeMove> next_moves(const EdgeManager& edges, EdgeIndex top, Belief belief) {
  MEZZ_ASSERT(edges.edge(top).is_top());
  std::vector<PlannedEdgeMove> moves;
  for (const EdgeIndex index : edges.post_order(top)) {
    const Edge& edge = edges.edge(index);
    if (!edge.is_rivalled() || edge.has_moved() || edge.is_confirmed()) continue;
    if (belief == Belief::Lie && edge.end_label == kTruth) continue;
    if (edges.rival_confirmed(index)) continue;
    MEZZ_ASSERT(belief == Belief::Lie || edge.is_true());
    if (edge.length() > 1) {
      moves.push_back({EdgeAction::Bisect, index});
    } else if (edge.level + 1 < kLevels) {
      moves.push_back({EdgeAction::Refine, index});
    } else if (belief == Belief::Truth) {
      moves.push_back({EdgeAction::Prove, index});
    }
  }
  return moves;
}

std::vector<EdgeIndex> open_tops(const EdgeManager& edges, EdgeIndex top) {
  std::vector<EdgeIndex> out;
  for (const EdgeIndex index : edges.post_order(top)) {
    const Edge& edge = edges.edge(index);
    if (edge.is_top() && !edge.is_confirmed()) out.push_back(index);
  }
  MEZZ_ASSERT(out.size() <= edges.size());
  return out;
}

}  // namespace mezz::bold
