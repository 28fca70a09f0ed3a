// A push oracle: reporters watch the outside price, agree on a report when it is due (push_rule.h)
// and bring it to the market, where it arrives late by fetching, the round, and inclusion.
//   on layer two  the report is an OracleUpdate transaction to the sequencer's inbox;
//   on layer one  it is a transaction to the oracle's contract with a tip and a fee cap: above the
//                 cap it is not included until the base fee falls (Maker, March 2020). The contract
//                 forwards it to layer two `relay_delay` after inclusion; a reorg that comes first
//                 takes it back.
// One report is in flight at a time. It is replaced by a newer one when the price has meanwhile
// left it by the deviation, or when it has not landed after `resend_after`; the contract (and the
// market) ignore reports older than the last. What has landed is learnt from the market's updates.
// Shocks: OracleDown (no reports; those not yet sent are lost), OracleWrongPrice (the reported
// price is multiplied by the magnitude). Source: reference sheet "layer-two protocols", section 12.
// Left out: single reporters and their median, payment of reporters, nonces.
#pragma once

#include <cstdint>
#include <deque>

#include "models/base_chain/base_chain.h"
#include "models/base_chain/messages.h"
#include "models/layer2/messages.h"
#include "models/market/oracle/push_rule.h"
#include "models/market/price/price_tick.h"
#include "models/shock/live.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/probe.h"

namespace mezz {

enum class OracleRoute : std::uint8_t { Layer2, Layer1 };
template <>
struct EnumNames<OracleRoute> {
  static constexpr std::string_view names[] = {"layer2", "layer1"};
};

struct PushOracleParams {
  OracleRoute route = OracleRoute::Layer2;
  Ratio deviation = 50_bp;
  Duration heartbeat = 1_h;
  Duration poll = 1_s;
  DelayDistribution report_delay = DelayDistribution::constant(2_s);
  Duration resend_after = 1_min;
  Duration relay_delay = 12_s;
  Gas gas{250'000};
  GasPrice tip = 2_gwei;
  GasPrice fee_cap = 200_gwei;

  static constexpr std::string_view kLive[] = {"deviation", "heartbeat"};
  void visit(auto& v) {
    v("route", route, {.doc = "Where reports are posted"});
    v("deviation", deviation,
      {.doc = "Report when the price has moved by this (Chainlink ETH/USD: 0.5 %)",
       .min = Ratio{1},
       .max = Ratio::one()});
    v("heartbeat", heartbeat, {.doc = "Report at the latest after this", .min = 1_s});
    v("poll", poll, {.doc = "How often the reporters look", .min = 10_ms, .max = 1_h});
    v("report_delay", report_delay, {.doc = "Fetching and agreeing, before the report is sent"});
    v("resend_after", resend_after,
      {.doc = "A report that has not landed by then is replaced", .min = 1_s});
    v("relay_delay", relay_delay, {.doc = "layer1: from inclusion to layer two's inbox"});
    v("gas", gas, {.doc = "layer1: gas of a report [D]", .min = Gas{21'000}});
    v("tip", tip, {.doc = "layer1: priority fee at first"});
    v("fee_cap", fee_cap, {.doc = "layer1: most that base fee and tip may reach"});
  }
};

struct PushOracleWiring {
  Ref<Inbox> inbox;
  Ref<BaseChain> l1 = {};  // needed for OracleRoute::Layer1
};

class PushOracle final : public EntityOf<PushOracle, PushOracleParams, PriceObserver,
                                         MarketObserver, Shockable, L1Contract, L1Sender, Tunable> {
 public:
  struct Poll {};
  struct Send {
    Price price;
    Time time;
  };
  struct Relay {
    Price price;
    Time time;
  };

  // Throws ScenarioError when the route has no chain.
  PushOracle(const Site& site, const PushOracleParams& params, const PushOracleWiring& wiring);
  // What the market starts with, so that it is not reported again at once.
  void start_with(Price price) { landed_ = {price, Time::zero()}; }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Poll&);
  void on(Context& ctx, const Send& send);
  void on(Context& ctx, const Relay& relay);
  void on(Context& ctx, const PriceTick& tick) override;
  void on(Context& ctx, const MarketUpdate& update) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const ParameterChange& change) override;

  [[nodiscard]] const Report& landed() const { return landed_; }
  [[nodiscard]] std::uint64_t reports_sent() const { return sent_; }
  [[nodiscard]] Wei fees_paid() const { return {Int128{fees_gwei_} * 1'000'000'000}; }

  void visit_state(auto& v) {
    v("seen", seen_);
    v("landed", landed_);
    v("flying", flying_);
    v("flying_since", flying_since_);
    v("contract", contract_);
    v("relays", relays_);
    v("market", market_);
    v("sent", sent_);
    v("fees_gwei", fees_gwei_);
    v("down", down_);
    v("wrong", wrong_);
    v("live", live_);
  }

 private:
  // Accepted by the contract on layer one in a block that may still be orphaned.
  struct Accepted {
    Report report;
    std::uint64_t tag = 0;
    Timer relay;
  };
  static constexpr std::size_t kAcceptedMax = 128;

  [[nodiscard]] PushRule rule() const { return {live_->deviation, live_->heartbeat}; }
  [[nodiscard]] bool is_flying() const { return flying_.time.happened(); }
  // What the reporters believe: the price they saw, or a wrong one.
  [[nodiscard]] Report observed() const;
  [[nodiscard]] bool must_replace(const Report& observed, Time now) const;
  [[nodiscard]] Report newest_accepted() const;
  void landed(const Report& report);

  PushOracleWiring wiring_;
  Report seen_{{}, Time::never()};
  Report landed_{{}, Time::never()};  // where the rule looks: the market, or the contract on L1
  Report flying_{{}, Time::never()};
  Time flying_since_ = Time::never();
  Report contract_{{}, Time::never()};  // final part of what the contract holds
  std::deque<Accepted> relays_;
  Report market_{{}, Time::never()};
  std::uint64_t sent_ = 0;
  std::uint64_t fees_gwei_ = 0;
  Switch down_;
  Switch wrong_;
  Live<PushOracleParams> live_{params()};

  Probe<Duration> staleness_{{.name = "staleness",
                              .doc = "Age of the market's index price at each block",
                              .recorders = "mean quantiles"}};
  Probe<Ratio> error_{{.name = "error",
                       .doc = "Index price against the outside price, relative, at each block",
                       .recorders = "mean quantiles"}};
};

}  // namespace mezz
