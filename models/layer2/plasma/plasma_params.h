// Parameters of the plasma design, one section [plasma]. Names and values after OmiseGO's
// plasma-contracts (config.js, BondSize.sol, 2021-03-19); what no source gives is an assumption of
// ours and says so.
#pragma once

#include <cstdint>

#include "models/layer2/plasma/exit_rules.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/config/visit.h"

namespace mezz {

struct PlasmaBonds {
  Wei standard{23'300'000'000'000'000};
  Wei in_flight{26'900'000'000'000'000};
  Wei piggyback{30'900'000'000'000'000};
  Wei bounty{5'350'000'000'000'000};

  void visit(auto& v) {
    v("standard", standard, {.doc = "Bond of a standard exit (OmiseGO 0.0233 ETH)"});
    v("in_flight", in_flight, {.doc = "Bond of an in-flight exit (OmiseGO 0.0269 ETH)"});
    v("piggyback", piggyback, {.doc = "Bond of an output added to it (OmiseGO 0.0309 ETH)"});
    v("bounty", bounty,
      {.doc = "Of the standard bond, to whoever processes the exit (OmiseGO 0.00535 ETH)"});
  }
};

struct PlasmaGas {
  Gas root{60'000};
  Gas start_exit{200'000};
  Gas start_in_flight{300'000};
  Gas piggyback{100'000};
  Gas challenge{100'000};
  Gas process_base{50'000};
  Gas process_exit{100'000};

  void visit(auto& v) {
    v("root", root, {.doc = "A block root (assumed)", .min = Gas{21'000}});
    v("start_exit", start_exit,
      {.doc = "Starting an exit; with process_exit 300 k per exit (assumed)", .min = Gas{21'000}});
    v("start_in_flight", start_in_flight,
      {.doc = "Starting an in-flight exit (assumed)", .min = Gas{21'000}});
    v("piggyback", piggyback, {.doc = "Adding an output to it (assumed)", .min = Gas{21'000}});
    v("challenge", challenge, {.doc = "A challenge (assumed)", .min = Gas{21'000}});
    v("process_base", process_base, {.doc = "A call that processes exits", .min = Gas{21'000}});
    v("process_exit", process_exit, {.doc = "Per exit it processes (assumed)", .min = Gas{1}});
  }
};

struct PlasmaParams {
  PlasmaVariant variant = PlasmaVariant::MoreVp;
  Duration min_exit_period = 7_d;
  std::int64_t blocks_per_root = 5;
  PlasmaBonds bonds;
  PlasmaGas gas;
  L1FeePolicy fees;                   // of the operator: roots
  std::int64_t exits_per_call = 100;  // processed
  std::int64_t process_calls = 4;
  Money ether_price = 2'000_usd;
  Duration online_every = 1_d;
  Duration data_timeout = 1_h;
  Duration silence_timeout = 1_d;
  GasPrice exit_tip = 2_gwei;
  std::int64_t exits_in_mempool = 500;
  std::int64_t holders = 0;
  Money holder_balance = 1'000_usd;
  double holder_tail = 1.5;

  void visit(auto& v) {
    v("variant", variant, {.doc = "Exit game: MVP, More Viable Plasma or Plasma Cash"});
    v("min_exit_period", min_exit_period,
      {.doc = "MEP: least time for challenges (OmiseGO production 7 d, test 10 min)",
       .min = 1_min,
       .max = 365_d});
    v("blocks_per_root", blocks_per_root,
      {.doc = "Layer-one blocks between two block roots (assumed)", .min = 1, .max = 100'000});
    v("bonds", bonds, {.doc = "Lost to the challenger of an exit"});
    v("gas", gas, {.doc = "What the calls take on layer one"});
    v("fees", fees, {.doc = "What the operator offers for roots and processing"});
    v("exits_per_call", exits_per_call,
      {.doc = "Exits that one call processes at most", .min = 1, .max = 1'000});
    v("process_calls", process_calls,
      {.doc = "Such calls that wait at one time", .min = 1, .max = 100});
    v("ether_price", ether_price,
      {.doc = "Of one ETH: what gas and bounties cost users (assumed)", .min = 1_usd});
    v("online_every", online_every,
      {.doc =
           "Mean time between two looks of a user at the chain (assumed; exponential over users)",
       .min = 1_s});
    v("data_timeout", data_timeout,
      {.doc = "How long a block may be without data before users who look leave (assumed)"});
    v("silence_timeout", silence_timeout,
      {.doc = "How long no root may come before users who look leave (assumed)", .min = 1_min});
    v("exit_tip", exit_tip, {.doc = "Priority fee that a leaving user offers at first"});
    v("exits_in_mempool", exits_in_mempool,
      {.doc = "Exit calls waiting at one time; the best paid go first",
       .min = 1,
       .max = 1'000'000});
    v("holders", holders,
      {.doc = "Accounts that hold money and never trade", .min = 0, .max = 2'000'000});
    v("holder_balance", holder_balance,
      {.doc = "Mean balance of such an account (Pareto over accounts)", .min = 1_usd});
    v("holder_tail", holder_tail,
      {.doc = "Exponent of the Pareto distribution of the balances", .min = 1.05, .max = 100.0});
  }
};

}  // namespace mezz
