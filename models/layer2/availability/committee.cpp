#include "models/layer2/availability/committee.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

static_assert(Flat<CommitteeCounts>);

DataCommittee::DataCommittee(const Site& site, const CommitteeParams& params, Choice choice)
    : EntityOf(site, params),
      choice_(choice),
      outage_stream_(site.stream("outage")),
      corruption_stream_(site.stream("corruption")) {
  if (params.quorum > params.members) {
    throw ScenarioError("committee.quorum", "must not be above members, " +
                                                std::to_string(params.members) + ", got " +
                                                std::to_string(params.quorum));
  }
  mezz::check(params.response_delay, "committee.response_delay");
  if (site.recording != nullptr) delay_.bind(*site.recording, path());
}

committee::MemberSet DataCommittee::silent() const {
  committee::MemberSet set = 0;
  for (const Outage& outage : outages_) set |= outage.members;
  return set;
}

bool DataCommittee::hiding() const {
  return withheld_.on() && committee::count(corrupt_) >= params().size().quorum;
}

void DataCommittee::on(Context& ctx, const AskSignatures& ask) {
  MEZZ_ASSERT(ask.first.value > 0 && ask.first <= ask.last);
  ++counts_.requests;
  const auto [entry, first_time] = open_.try_emplace(
      ask.batch.value, Request{.first = ask.first, .last = ask.last, .asked = ctx.now()});
  MEZZ_ASSERT(first_time || entry->second.last == ask.last);
  // Data that is to be hidden never reaches an honest member.
  const committee::MemberSet reached =
      (hiding() ? corrupt_ : committee::all_members(params().size().members)) & ~silent();
  for (std::uint32_t m = 0; m < params().size().members; ++m) {
    const Duration delay = draw(params().response_delay, rng());
    if ((reached >> m & 1) != 0) after(ctx, delay, MemberSigns{.batch = ask.batch, .member = m});
  }
}

void DataCommittee::on(Context&, const DropRequest& drop) { open_.erase(drop.batch.value); }

void DataCommittee::on(Context& ctx, const MemberSigns& signs) {
  MEZZ_ASSERT(signs.member < params().size().members);
  const auto found = open_.find(signs.batch.value);
  if (found == open_.end()) return;  // there is a certificate, or nobody waits for one
  const committee::MemberSet bit = committee::MemberSet{1} << signs.member;
  if ((silent() & bit) != 0) return;
  Request& request = found->second;
  request.signers |= bit;
  if (committee::count(request.signers) < params().size().quorum) return;
  certify(ctx, signs.batch, request);
  open_.erase(found);
}

void DataCommittee::certify(Context& ctx, BatchId batch, const Request& request) {
  MEZZ_ASSERT(collector_.exists());
  MEZZ_ASSERT(ctx.now() >= request.asked);
  ++counts_.certificates;
  delay_.record(ctx.now(), ctx.now() - request.asked);
  // One honest signer gives the data to whoever asks.
  if (hiding() && (request.signers & ~corrupt_) == 0) {
    ++counts_.withheld;
    hidden_from_ = hidden_from_.exists() ? std::min(hidden_from_, request.first) : request.first;
  }
  ctx.send(collector_, CertificateReady{.batch = batch, .signers = request.signers});
}

void DataCommittee::on(Context&, const Layer2Reorg& reorg) {
  if (hidden_from_.exists() && hidden_from_ > reorg.kept) hidden_from_ = BlockId::none();
}

void DataCommittee::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::CommitteeDown) {
    if (shock.edge == ShockEdge::Begins) {
      const committee::MemberSet hit = committee::draw_outage(
          params().size().members, shock.magnitude, params().common_shock, outage_stream_);
      outages_.push_back({.shock = shock.number, .members = hit});
      return;
    }
    std::erase_if(outages_, [&](const Outage& outage) { return outage.shock == shock.number; });
    return;
  }
  if (shock.kind != ShockKind::DataWithheld) return;
  withheld_.apply(shock);
  MEZZ_ASSERT(withheld_.active >= 0);
  if (shock.edge == ShockEdge::Begins && withheld_.active == 1) {
    corrupt_ = committee::draw_corrupt(params().size().members, params().corrupt,
                                       params().common_shock, corruption_stream_);
  }
  if (!withheld_.on()) {
    corrupt_ = 0;
    hidden_from_ = BlockId::none();
  }
}

bool DataCommittee::whole(BlockId block) const {
  return !hidden_from_.exists() || block < hidden_from_;
}

bool DataCommittee::part_of(AccountId account, BlockId block) const {
  return on_layer_one(account) || whole(block);
}

void DataCommittee::report(MetricList& out) const {
  out.count("committee.requests", counts_.requests);
  out.count("committee.certificates", counts_.certificates);
  out.count("committee.certificates.withheld", counts_.withheld);
}

}  // namespace mezz
