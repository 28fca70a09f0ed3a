// The parameters of a state-channel market: contract, hub, parties, watchtower. Defaults from the
// reference sheet "layer-two protocols" section 4; [D] marks a modelling default without a single
// true value.
#pragma once

#include <cstdint>

#include "models/layer2/settlement/l1_outbox.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"

namespace mezz {

enum class StalePenalty : std::uint8_t {
  LatestWins,  // Nitro: a newer state clears the challenge, nothing else happens
  Forfeit,     // Lightning: who closed with a revoked state loses its whole balance
};
template <>
struct EnumNames<StalePenalty> {
  static constexpr std::string_view names[] = {"latest_wins", "forfeit"};
};

struct ChannelContractParams {
  Duration challenge_duration = 1_d;
  StalePenalty stale_penalty = StalePenalty::LatestWins;
  bool fund_on_chain = false;
  Ratio virtual_share = Ratio::zero();
  Ratio hub_capital = Ratio::one();
  Ratio capital_rate = 5_percent;

  void visit(auto& v) {
    v("challenge_duration", challenge_duration,
      {.doc = "Window to answer a challenge, from its inclusion (1 h to 1 d typical) [D]",
       .min = 1_s,
       .max = 365_d});
    v("stale_penalty", stale_penalty, {.doc = "What a newer state does to a stale challenge"});
    v("fund_on_chain", fund_on_chain,
      {.doc = "Channels are opened in batches of 100 after the start; else they are open already"});
    v("virtual_share", virtual_share,
      {.doc = "Share of accounts reached through an intermediary, which locks twice their balance",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("hub_capital", hub_capital,
      {.doc = "What the hub locks on its side of a channel, per dollar of the account [D]",
       .min = Ratio::zero(),
       .max = Ratio::one() * 10});
    v("capital_rate", capital_rate,
      {.doc = "Cost of locked capital per year [D]",
       .min = Ratio::zero(),
       .max = Ratio::one() * 10});
  }
};

struct ChannelHubParams {
  Duration update_interval = 100_ms;
  std::int64_t transactions_per_update = 1'000;
  std::int64_t queue_max = 100'000;
  Duration heartbeat = 30_s;
  Duration resend_after = 2_s;
  Duration sign_timeout = 5_min;
  bool responds = true;
  double margin_z = 3.0;
  double margin_volatility = 0.6;
  Duration margin_inclusion = 1_min;
  std::int64_t calls_per_block = 100;
  L1FeePolicy fees;

  void visit(auto& v) {
    v("update_interval", update_interval,
      {.doc = "Transactions of this long make one block; 0: a block per transaction", .max = 1_h});
    v("transactions_per_update", transactions_per_update,
      {.doc = "Capacity of a block [D]", .min = 1});
    v("queue_max", queue_max, {.doc = "Transactions that may wait", .min = 1});
    v("heartbeat", heartbeat, {.doc = "An idle hub makes an empty block this often", .min = 1_s});
    v("resend_after", resend_after, {.doc = "Asks again for a missing signature", .min = 1_ms});
    v("sign_timeout", sign_timeout,
      {.doc = "Without a signature for so long the hub challenges the channel [D]", .min = 1_s});
    v("responds", responds,
      {.doc = "Answers the challenges of accounts that found it silent, when it is back"});
    v("margin_z", margin_z,
      {.doc = "Standard deviations of price that margin should cover [D]",
       .min = 0.0,
       .max = 20.0});
    v("margin_volatility", margin_volatility,
      {.doc = "Per year, for the margin a silent account should have", .min = 0.0, .max = 100.0});
    v("margin_inclusion", margin_inclusion,
      {.doc = "Inclusion time that adds to the challenge duration [D]", .min = 0_s});
    v("calls_per_block", calls_per_block,
      {.doc = "Layer-one transactions it sends per layer-one block", .min = 1});
    v("fees", fees, {.doc = "What it offers for inclusion on layer one"});
  }
};

struct ChannelPartiesParams {
  DelayDistribution think_time = DelayDistribution::constant(1_ms);
  Ratio refusing_share = Ratio::zero();
  Ratio refused_loss = Ratio::zero();
  Duration hub_patience = 1_h;
  Ratio exit_share = Ratio::one();
  Duration leave_timeout = 1_min;
  Duration stale_spread = Duration::zero();
  Money stale_gain_min = 10_usd;
  std::int64_t calls_per_block = 100;
  L1FeePolicy fees;

  void visit(auto& v) {
    v("think_time", think_time, {.doc = "From an update to the signature, without the wire [D]"});
    v("refusing_share", refusing_share,
      {.doc = "Share of accounts that never sign a loss beyond refused_loss",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("refused_loss", refused_loss,
      {.doc = "Loss since the latest signed state, as a share of its outcome, that is not signed",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("hub_patience", hub_patience,
      {.doc = "Without a block for so long accounts go to layer one [D]", .min = 1_s});
    v("exit_share", exit_share,
      {.doc = "Share of accounts that then do", .min = Ratio::zero(), .max = Ratio::one()});
    v("leave_timeout", leave_timeout,
      {.doc = "A hub that does not sign the final state by then is challenged", .min = 1_s});
    v("stale_spread", stale_spread,
      {.doc = "Stale closes begin at uniform times within this of the shock", .min = 0_s});
    v("stale_gain_min", stale_gain_min,
      {.doc = "Least gain for which an old state is worth a challenge [D]", .min = Money{1}});
    v("calls_per_block", calls_per_block,
      {.doc = "Layer-one transactions that all accounts send per layer-one block", .min = 1});
    v("fees", fees, {.doc = "What accounts offer for inclusion on layer one"});
  }
};

struct WatchtowerParams {
  Duration poll_interval = 10_min;
  Ratio response = Ratio::one();
  Money fee = 1_usd;
  std::int64_t calls_per_poll = 1'000;
  L1FeePolicy fees;

  void visit(auto& v) {
    v("poll_interval", poll_interval,
      {.doc = "Time between two looks at layer one [D]", .min = 1_s, .max = 365_d});
    v("response", response,
      {.doc = "Chance that a look takes place", .min = Ratio::zero(), .max = Ratio::one()});
    v("fee", fee, {.doc = "Earned per answer [D]", .min = Money::zero()});
    v("calls_per_poll", calls_per_poll, {.doc = "Answers it sends per look", .min = 1});
    v("fees", fees, {.doc = "What it offers for inclusion on layer one"});
  }
};

struct ChannelParams {
  ChannelContractParams contract;
  ChannelHubParams hub;
  ChannelPartiesParams parties;
  WatchtowerParams watchtower;

  void visit(auto& v) {
    v("contract", contract, {.doc = "On layer one"});
    v("hub", hub, {.doc = "The operator, party to every channel"});
    v("parties", parties, {.doc = "The accounts' side"});
    v("watchtower", watchtower, {.doc = "Watches the hub's channels on layer one"});
  }
};
// Throws ScenarioError where two of them contradict each other.
void check(const ChannelParams& params, const char* section);

}  // namespace mezz
