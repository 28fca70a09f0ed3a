// A data-availability committee: its members keep the data of batches off layer one and sign that
// they have it; a certificate of enough signatures goes to layer one instead of the data. Sources:
// Nitro AnyTrust (das: N - 1 of N, request-timeout 5 s, fall back to posting the data; Nova has 6
// members), StarkEx Committee.sol (t of n, an update without a quorum is refused by the contract);
// reference sheet "layer-two protocols" sections 3.3, 9.
//
//   asked -> each member that is there signs after its response delay -> certificate at the quorum
//     ^ asked again: earlier signatures count                      (none: the poster decides)
//
// Shocks. CommitteeDown (share of the members): drawn once per shock, silent while it lasts, also
// to what they were asked before. DataWithheld: corrupt members are drawn once per shock; when they
// are a quorum, the operator gives new data to them alone, they sign, and nobody else sees what
// they signed until the shock ends. With fewer of them the operator needs an honest signer, who
// gives the data out: nothing is withheld. What was given out before stays known. Left out: the
// wire between poster and members (part of the response delay), REST mirrors, key sets, expiry of
// data, honest members who never received what others signed.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/layer2/availability/committee_rules.h"
#include "models/layer2/data_access.h"
#include "models/layer2/messages.h"
#include "models/layer2/reporter.h"
#include "models/shock/shock.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"
#include "sim/record/probe.h"
#include "sim/types/enum_names.h"
#include "sim/types/wei.h"

namespace mezz {

enum class CommitteeFallback : std::uint8_t {
  LayerOne,  // AnyTrust: the data itself goes to layer one
  Wait,      // StarkEx: no certificate, no update
};
template <>
struct EnumNames<CommitteeFallback> {
  static constexpr std::string_view names[] = {"layer_one", "wait"};
};

struct CommitteeParams {
  std::int64_t members = 6;
  std::int64_t quorum = 5;
  DelayDistribution response_delay = DelayDistribution::lognormal(500_ms, 1.0);
  Duration request_timeout = 5_s;
  CommitteeFallback fallback = CommitteeFallback::LayerOne;
  Duration retry_delay = 1_min;
  Ratio common_shock = Ratio::zero();
  Ratio corrupt = Ratio::one();
  std::int64_t certificate_bytes = 220;
  Gas certificate_gas{0};
  Ratio layer_one_share = 50_percent;

  void visit(auto& v) {
    v("members", members, {.doc = "Members (Nova: 6)", .min = 1, .max = 64});
    v("quorum", quorum,
      {.doc = "Signatures that make a certificate (AnyTrust: members - 1)", .min = 1, .max = 64});
    v("response_delay", response_delay,
      {.doc = "Of each member: transfer of the data, storing, signing, answer"});
    v("request_timeout", request_timeout,
      {.doc = "How long the poster waits for the quorum (Nitro request-timeout: 5 s)",
       .min = 1_ms});
    v("fallback", fallback, {.doc = "What the poster does when the quorum is missing by then"});
    v("retry_delay", retry_delay,
      {.doc = "fallback wait: time until it asks again, and again", .min = 1_ms});
    v("common_shock", common_shock,
      {.doc = "Probability that what befalls members befalls all alike: an outage silences all, "
              "corruption takes all or none",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("corrupt", corrupt,
      {.doc = "Probability of each member to take part when data is withheld",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("certificate_bytes", certificate_bytes,
      {.doc = "Calldata of a certificate with the header of its batch", .min = 1, .max = 100'000});
    v("certificate_gas", certificate_gas,
      {.doc = "Gas of checking it on layer one, besides calldata (AnyTrust: off layer one, none)",
       .min = Gas{0},
       .max = Gas{16'000'000}});
    v("layer_one_share", layer_one_share,
      {.doc = "Volition: share of the accounts whose data goes to layer one",
       .min = Ratio::zero(),
       .max = Ratio::one()});
  }
  [[nodiscard]] committee::Size size() const {
    return {.members = static_cast<std::uint32_t>(members),
            .quorum = static_cast<std::uint32_t>(quorum)};
  }
};

struct AskSignatures {
  BatchId batch;
  BlockId first;
  BlockId last;
};
struct DropRequest {  // the poster does not wait any longer
  BatchId batch;
};
struct CertificateReady {
  BatchId batch;
  std::uint64_t signers;  // one bit per member
};
static_assert(Message<AskSignatures> && Message<CertificateReady>);

class SignatureCollector {
 public:
  virtual ~SignatureCollector() = default;
  virtual void on(Context& ctx, const CertificateReady& certificate) = 0;
};

struct CommitteeCounts {
  std::uint64_t requests = 0;  // also repeated ones
  std::uint64_t certificates = 0;
  std::uint64_t withheld = 0;  // certificates for data that nobody could get
};

class DataCommittee final
    : public EntityOf<DataCommittee, CommitteeParams, BlockObserver, Shockable>,
      public DataAccess,
      public Reporter {
 public:
  struct MemberSigns {
    BatchId batch;
    std::uint64_t member;
  };

  // `volition`: accounts choose; else the committee keeps everything. The builder subscribes it to
  // the blocks. Throws ScenarioError.
  enum class Choice : std::uint8_t { CommitteeOnly, Volition };
  DataCommittee(const Site& site, const CommitteeParams& params, Choice choice);
  void answer_to(Ref<SignatureCollector> collector) { collector_ = collector; }

  void on(Context& ctx, const AskSignatures& ask);
  void on(Context& ctx, const DropRequest& drop);
  void on(Context& ctx, const MemberSigns& signs);
  void on(Context&, const BlockSealed&) override {}
  void on(Context& ctx, const Layer2Reorg& reorg) override;
  void on(Context& ctx, const Shock& shock) override;

  [[nodiscard]] bool whole(BlockId block) const override;
  [[nodiscard]] bool part_of(AccountId account, BlockId block) const override;
  // The account's data goes to layer one.
  [[nodiscard]] bool on_layer_one(AccountId account) const {
    return choice_ == Choice::Volition &&
           committee::chose_layer_one(params().layer_one_share, account);
  }
  [[nodiscard]] bool volition() const { return choice_ == Choice::Volition; }
  [[nodiscard]] committee::MemberSet silent() const;
  [[nodiscard]] const CommitteeCounts& counts() const { return counts_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("open", open_);
    v("outages", outages_);
    v("withheld", withheld_);
    v("corrupt", corrupt_);
    v("hidden_from", hidden_from_);
    v("counts", counts_);
    v("outage_stream", outage_stream_);
    v("corruption_stream", corruption_stream_);
  }

 private:
  struct Request {
    BlockId first;
    BlockId last;
    Time asked;
    committee::MemberSet signers = 0;
  };
  struct Outage {
    std::uint64_t shock = 0;
    committee::MemberSet members = 0;
  };
  [[nodiscard]] bool hiding() const;
  void certify(Context& ctx, BatchId batch, const Request& request);

  Choice choice_;
  Ref<SignatureCollector> collector_;
  std::map<std::uint64_t, Request> open_;  // by batch
  std::vector<Outage> outages_;
  Switch withheld_;
  committee::MemberSet corrupt_ = 0;       // while data is withheld
  BlockId hidden_from_ = BlockId::none();  // oldest block whose data nobody could get
  CommitteeCounts counts_;
  Stream outage_stream_;
  Stream corruption_stream_;
  Probe<Duration> delay_{{.name = "certificate_delay",
                          .doc = "From the first request to the last signature of the quorum",
                          .recorders = "mean quantiles"}};
};

}  // namespace mezz
