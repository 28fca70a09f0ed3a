// A trader of one's own: Params, State and a few on() functions, put into a scenario of the
// catalogue and run beside the other agents. It bets that the mark returns to its average.
#include <cstdio>

#include "models/agent_model.h"
#include "models/agents/agent.h"
#include "models/agents/exponential_average.h"
#include "scenarios/study.h"
#include "sim/check/error.h"
#include "sim/random/distribution.h"

namespace {
using namespace mezz;

struct MeanReverterParams {
  Duration think_time = 2_s;
  Quantity clip = 10_lots;
  Ratio band = 5_bp;
  Money capital = 100'000_usd;
  void visit(auto& v) {
    v("think_time", think_time, {.doc = "Mean time between two looks at the market"});
    v("clip", clip, {.doc = "Size of an order", .min = 1_lot});
    v("band", band, {.doc = "Distance from the average that is worth a trade"});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
  }
};

class MeanReverter final : public Agent<MeanReverter, MeanReverterParams> {
 public:
  struct Wake {};
  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const MeanReverterParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&) { think(ctx); }
  void on(Context&, const MarkUpdate& update) { average_.add(update.mark, update.now); }
  void on(Context& ctx, const Wake&) {
    think(ctx);
    if (!average_.known()) return;
    const Price mark = view().mark();
    if (mark > average_.price().up_by(params().band)) sell(ctx, params().clip, Limit{mark});
    if (mark < average_.price().down_by(params().band)) buy(ctx, params().clip, Limit{mark});
  }
  void on(Context&, const Receipt&) override { ++orders_; }
  void on(Context&, const MakerFill&) override { ++fills_; }

  void report() const {
    std::printf("orders %lld, fills as maker %lld, position %lld lots, equity %.2f USD\n",
                static_cast<long long>(orders_), static_cast<long long>(fills_),
                static_cast<long long>(position().lots),
                node().equity(account(), view().mark()).usd());
  }
  void visit_state(auto& v) {  // all that changes while running, for snapshots
    Agent::visit_state(v);
    v("average", average_);
    v("orders", orders_);
    v("fills", fills_);
  }

 private:
  void think(Context& ctx) { after(ctx, exponential(rng(), params().think_time), Wake{}); }
  ExponentialAverage average_{30_s};
  std::int64_t orders_ = 0, fills_ = 0;
};
}  // namespace

int main() try {
  Scenario scenario = load_scenario("calm_market", {"run.duration=10 min"});
  scenario.agents.push_back(agent_entry<MeanReverter>("mean_reverter", {.band = 3_bp}));
  Study study(scenario, nullptr);
  study.world().run(Time::zero() + scenario.run.duration);
  study.check_conservation();
  static_cast<MeanReverter*>(study.world().find("agents/mean_reverter"))->report();
} catch (const mezz::ScenarioError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
