// Light clients against a withheld block. Source: shares are drawn without repetition, so the
// number of withheld ones among them is hypergeometric (validation sheet rows A-D-1 to A-D-3):
//   P(all s came) = C(n - w, s) / C(n, s) = product over i < s of (n - w - i) / (n - i)
// with n shares of which w are withheld. With repetition it would be (1 - w/n)^s, wrong by 44 % for
// eight samples of 128 columns.
#include <string>

#include "models/layer2/sampling/data_sampling.h"
#include "scenarios/validation/cases.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

struct SamplingParams {
  DataSamplingParams sampling;
  double tolerance = 0.005;
  Effort effort{.replications = 40, .size = 1'000, .size_max = 100'000};

  void visit(auto& v) {
    v("sampling", sampling, {.doc = "Code and clients; their number is the case's own"});
    v("tolerance", tolerance, {.doc = "Of the probability", .min = 1e-6, .max = 0.5});
    v("effort", effort, {.doc = "size: clients of one replication"});
  }
};

class SamplingMiss final : public CaseOf<SamplingParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const ErasureGrid grid = params().sampling.grid();
    const double all = grid.shares();
    const double there = all - grid.corner(params().sampling.withheld_side());
    double missed = 1.0;
    for (std::int64_t i = 0; i < params().sampling.samples; ++i) {
      missed *= (there - static_cast<double>(i)) / (all - static_cast<double>(i));
    }
    const Comparison counts = missed < 0.02 ? Comparison::Rare : Comparison::Mean;
    return {{"P(client accepts)", missed, counts, params().tolerance}};
  }

  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    DataSamplingParams p = params().sampling;
    p.clients = r.size;
    World world({.seed = r.seed, .replication = r.number});
    const auto producer = world.add<ShareProducer>("producer", p);
    const auto clients = world.add<LightClients>("clients", p, producer, world.get(producer));
    world.get(producer).serve(clients);
    world.engine().schedule(Time::zero(), Ref<Shockable>(producer),
                            Shock{.kind = ShockKind::DataWithheld,
                                  .edge = ShockEdge::Begins,
                                  .reserved = 0,
                                  .number = 0,
                                  .magnitude = Ratio::one()});
    world.start();
    world.run(Time::zero() + p.interval + p.timeout);
    const SamplingCounts& counts = world.get(clients).counts();
    MEZZ_ASSERT(counts.withheld == 1);
    return {static_cast<double>(counts.deceived) / static_cast<double>(r.size)};
  }

 private:
  void check() const override {
    params().sampling.check("sampling");
    const ErasureGrid grid = params().sampling.grid();
    if (grid.corner(params().sampling.withheld_side()) < grid.corner(grid.k + 1)) {
      throw ScenarioError("sampling.withheld",
                          "must be at least k + 1: less can be repaired, nobody is deceived");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> sampling_miss() { return make_case<SamplingMiss>(); }

}  // namespace mezz::validation
