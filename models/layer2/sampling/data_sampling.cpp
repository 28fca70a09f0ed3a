#include "models/layer2/sampling/data_sampling.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/config/units.h"

namespace mezz {

static_assert(Message<BlockAnnounced> && Message<ShareRequest> && Message<ShareReply>);
static_assert(Flat<SamplingCounts>);

void DataSamplingParams::check(const std::string& path) const {
  const auto shares = static_cast<std::int64_t>(grid().shares());
  if (samples > shares) {
    throw ScenarioError(path + ".samples", "must be at most the " + std::to_string(shares) +
                                               " shares of a block, got " +
                                               std::to_string(samples) +
                                               ": they are drawn without repetition");
  }
  // All requests of a block are under way at one time.
  constexpr std::int64_t kRequestsMax = 10'000'000;
  if (clients * samples > kRequestsMax) {
    throw ScenarioError(path + ".clients", "times " + path + ".samples, the requests of a block, " +
                                               "must be at most " + std::to_string(kRequestsMax) +
                                               ", got " + std::to_string(clients) + " x " +
                                               std::to_string(samples));
  }
  if (withheld.value_or(1) > 2 * k) {
    throw ScenarioError(path + ".withheld", "must be at most 2 k = " + std::to_string(2 * k) +
                                                ", got " + std::to_string(*withheld));
  }
  if (timeout >= interval) {
    throw ScenarioError(path + ".timeout", "must be shorter than " + path + ".interval, " +
                                               config::to_text(interval) + ", got " +
                                               config::to_text(timeout) +
                                               ": a block is decided before the next one comes");
  }
}

// ---- producer

ShareProducer::ShareProducer(const Site& site, const DataSamplingParams& params)
    : EntityOf(site, params) {
  const ErasureGrid grid = params.grid();
  ShareSet served(grid);
  for (std::uint32_t share = 0; share < grid.shares(); ++share) {
    if (!grid.in_corner(share, params.withheld_side())) served.add(share);
  }
  repairable_ = served.gives_all();
}

void ShareProducer::on(Context& ctx, const Start&) { after(ctx, params().interval, Publish{}); }

void ShareProducer::on(Context& ctx, const Publish&) {
  after(ctx, params().interval, Publish{});
  ++block_;
  block_withheld_ = withheld_.on() ? 1 : 0;
  ctx.send(clients_, BlockAnnounced{block_, block_withheld_});
}

void ShareProducer::on(Context& ctx, const ShareRequest& request) {
  if (request.block != block_) return;
  const bool in_corner = params().grid().in_corner(request.share, params().withheld_side());
  if (block_withheld_ != 0 && in_corner) return;
  ctx.send(clients_, ShareReply{request.block, request.client, request.share});
}

void ShareProducer::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::DataWithheld) withheld_.apply(shock);
}

// ---- clients

LightClients::LightClients(const Site& site, const DataSamplingParams& params,
                           Ref<ShareProducer> producer_ref, const ShareProducer& producer)
    : EntityOf(site, params),
      producer_ref_(producer_ref),
      producer_(&producer),
      answered_(static_cast<std::size_t>(params.clients)),
      received_(params.grid()) {
  MEZZ_ASSERT(params.clients > 0);
  if (site.recording == nullptr) return;
  table_.declare(*site.recording, "data_sampling", "Blocks as sampling light clients saw them");
}

void LightClients::on(Context& ctx, const BlockAnnounced& announced) {
  if (block_ != 0) return;  // the announcement before this one came late: still waiting
  block_ = announced.block;
  block_withheld_ = announced.withheld;
  std::fill(answered_.begin(), answered_.end(), 0);
  received_.clear();
  const std::uint32_t shares = params().grid().shares();
  for (std::uint32_t client = 0; client < answered_.size(); ++client) {
    drawn_.clear();
    draw_distinct(rng(), shares, static_cast<std::uint32_t>(params().samples), drawn_);
    for (const std::uint32_t share : drawn_) {
      ctx.send(producer_ref_, ShareRequest{block_, client, share});
    }
  }
  after(ctx, params().timeout, Decide{});
}

void LightClients::on(Context&, const ShareReply& reply) {
  if (reply.block != block_) return;  // too late
  MEZZ_ASSERT(reply.client < answered_.size());
  ++answered_[reply.client];
  received_.add(reply.share);
}

void LightClients::on(Context& ctx, const Decide&) {
  const auto wanted = static_cast<std::uint32_t>(params().samples);
  const auto accepted =
      static_cast<std::uint64_t>(std::count(answered_.begin(), answered_.end(), wanted));
  const bool withheld = block_withheld_ != 0;
  const bool rebuilt = received_.gives_all();
  MEZZ_ASSERT(!rebuilt || !withheld || producer_->repairable());
  ++counts_.blocks;
  if (withheld) {
    ++counts_.withheld;
    if (!rebuilt && !producer_->repairable()) {
      counts_.deceived += accepted;
      counts_.fooled += accepted > 0 ? 1 : 0;
    }
  } else {
    counts_.refused += answered_.size() - accepted;
    counts_.rebuilt += rebuilt ? 1 : 0;
  }
  table_.append({.time = ctx.now(),
                 .block = block_,
                 .accepted = accepted,
                 .shares = received_.count(),
                 .withheld = withheld ? std::uint8_t{1} : std::uint8_t{0},
                 .rebuilt = rebuilt ? std::uint8_t{1} : std::uint8_t{0}});
  block_ = 0;
}

void LightClients::report(MetricList& out) const {
  const auto share = [](std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  const std::uint64_t open = counts_.blocks - counts_.withheld;
  out.count("data_sampling.blocks", counts_.blocks);
  out.count("data_sampling.blocks.withheld", counts_.withheld);
  out.add("data_sampling.deceived.share",
          share(counts_.deceived, counts_.withheld * answered_.size()), "1");
  out.add("data_sampling.fooled.share", share(counts_.fooled, counts_.withheld), "1");
  out.add("data_sampling.refused.share", share(counts_.refused, open * answered_.size()), "1");
  out.add("data_sampling.rebuilt.share", share(counts_.rebuilt, open), "1");
}

}  // namespace mezz
