// Data-availability sampling: a producer publishes erasure-coded blocks, and light clients who see
// only their headers ask for a few shares of each, drawn at random without repetition. A client
// accepts a block when every share it asked for came in time. Sources: Al-Bassam, Sonnino, Buterin
// (arXiv 1809.09044); Celestia (light nodes take 16 samples); EIP-7594 (8 columns a slot);
// reference sheet "layer-two protocols" section 9.
//
//   producer --BlockAnnounced--> clients --ShareRequest--> producer --ShareReply--> clients
//                                   | timeout after the announcement: accept or refuse
//
// Shock DataWithheld: while it lasts, the producer withholds the shares where the first `withheld`
// rows meet the first `withheld` columns, and serves all others. Clients pass on what they got, so
// a block is rebuilt when all shares that came give it (ErasureGrid). Producer and clients stand at
// the places "producer" and "light_clients"; wires between them may lose or delay samples.
// Left out: a producer who waits with its answers to see who asks (selective disclosure), bridges
// and full nodes that serve shares too, correlated or linkable requests, the layer two's reaction:
// no design depends on sampling yet. So blocks here are numbered by themselves: a reorganisation of
// layer one or two neither takes one back nor announces one again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/layer2/reporter.h"
#include "models/layer2/sampling/erasure_grid.h"
#include "models/shock/shock.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

struct DataSamplingParams {
  std::int64_t clients = 0;
  std::int64_t samples = 16;
  ErasureCode code = ErasureCode::Square;
  std::int64_t k = 128;
  std::optional<std::int64_t> withheld = {};
  Duration interval = 6_s;
  Duration timeout = 2_s;

  void visit(auto& v) {
    v("clients", clients,
      {.doc = "Sampling light clients; 0: no sampling", .min = 0, .max = 100'000});
    v("samples", samples,
      {.doc = "Shares each asks for, per block (Celestia 16, PeerDAS 8)", .min = 1, .max = 65'536});
    v("code", code, {.doc = "Two dimensions (Celestia) or columns only (PeerDAS)"});
    v("k", k,
      {.doc =
           "Rows and columns before coding, which doubles them (Celestia 128 and more, PeerDAS 64)",
       .min = 1,
       .max = 256});
    v("withheld", withheld,
      {.doc = "Rows and columns whose crossing is withheld during the shock data_withheld; "
              "default: k + 1, the least that cannot be repaired",
       .min = 1,
       .max = 512});
    v("interval", interval, {.doc = "Between two blocks (Celestia: 6 s)", .min = 1_ms});
    v("timeout", timeout, {.doc = "How long a client waits for its shares", .min = 1_ms});
  }

  [[nodiscard]] ErasureGrid grid() const { return {code, static_cast<std::uint32_t>(k)}; }
  [[nodiscard]] std::uint32_t withheld_side() const {
    return static_cast<std::uint32_t>(withheld.value_or(k + 1));
  }
  // Throws ScenarioError; called once, while building.
  void check(const std::string& path) const;
};

struct BlockAnnounced {
  std::uint64_t block;
  std::uint64_t withheld;  // 1: part of it is; for who counts, no client looks at it
};
struct ShareRequest {
  std::uint64_t block;
  std::uint32_t client;
  std::uint32_t share;
};
struct ShareReply {
  std::uint64_t block;
  std::uint32_t client;
  std::uint32_t share;
};

class LightClients;

class ShareProducer final : public EntityOf<ShareProducer, DataSamplingParams, Shockable> {
 public:
  struct Publish {};

  ShareProducer(const Site& site, const DataSamplingParams& params);
  void serve(Ref<LightClients> clients) { clients_ = clients; }  // while building

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Publish&);
  void on(Context& ctx, const ShareRequest& request);
  void on(Context& ctx, const Shock& shock) override;

  // Whether what it serves of a withheld block would give the whole; for who counts, not for
  // clients.
  [[nodiscard]] bool repairable() const { return repairable_; }

  void visit_state(auto& v) {
    v("block", block_);
    v("block_withheld", block_withheld_);
    v("switch", withheld_);
  }

 private:
  Ref<LightClients> clients_;
  bool repairable_ = false;
  std::uint64_t block_ = 0;
  std::uint64_t block_withheld_ = 0;
  Switch withheld_;
};

struct SamplingRow {
  Time time;
  std::uint64_t block = 0;
  std::uint64_t accepted = 0;
  std::uint64_t shares = 0;
  std::uint8_t withheld = 0;
  std::uint8_t rebuilt = 0;

  void visit(auto& v) {
    v("time", time, {.doc = "When the clients decided"});
    v("block", block, {.doc = "Number of the block"});
    v("accepted", accepted, {.doc = "Clients that accepted it"});
    v("shares", shares, {.doc = "Different shares that came to any of them"});
    v("withheld", withheld, {.doc = "1: part of it was withheld"});
    v("rebuilt", rebuilt, {.doc = "1: these shares give the whole block"});
  }
};

struct SamplingCounts {
  std::uint64_t blocks = 0;
  std::uint64_t withheld = 0;  // blocks
  std::uint64_t fooled = 0;    // blocks withheld and not rebuilt that some client accepted
  std::uint64_t deceived = 0;  // clients, summed over these blocks
  std::uint64_t refused = 0;   // clients, summed over blocks of which nothing was withheld
  std::uint64_t rebuilt = 0;   // of the blocks of which nothing was withheld
};

class LightClients final : public EntityOf<LightClients, DataSamplingParams>, public Reporter {
 public:
  struct Decide {};

  LightClients(const Site& site, const DataSamplingParams& params, Ref<ShareProducer> producer_ref,
               const ShareProducer& producer);

  void on(Context& ctx, const BlockAnnounced& announced);
  void on(Context& ctx, const ShareReply& reply);
  void on(Context& ctx, const Decide&);
  void report(MetricList& out) const override;

  [[nodiscard]] const SamplingCounts& counts() const { return counts_; }

  void visit_state(auto& v) {
    v("block", block_);
    v("block_withheld", block_withheld_);
    v("answered", answered_);
    v("received", received_);
    v("counts", counts_);
  }

 private:
  Ref<ShareProducer> producer_ref_;
  const ShareProducer* producer_;
  std::uint64_t block_ = 0;  // that is being sampled; 0: none
  std::uint64_t block_withheld_ = 0;
  std::vector<std::uint32_t> answered_;  // shares that came, by client
  ShareSet received_;                    // by anybody
  SamplingCounts counts_;
  std::vector<std::uint32_t> drawn_;  // working space
  EventTable<SamplingRow> table_;
};

}  // namespace mezz
