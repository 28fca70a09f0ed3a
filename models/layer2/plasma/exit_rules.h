// The rules of a plasma exit game as pure values. Sources: Minimal Viable Plasma and More Viable
// Plasma (ethresear.ch 426, 2383), OmiseGO plasma-contracts (ExitableTimestamp.sol,
// PaymentExitGame, ExitPriority.sol), Plasma Cash (ethresear.ch 1298); reference sheet "layer-two
// protocols" section 5.
//
// MEP is the minimum exit period (7 d in production). An exit of an output can be processed at
//
//   max(time of the output's block + 2 MEP, start of the exit + MEP)      a deposit: start + MEP
//
// and exits are processed in order of (that time, position of the output). Theorem: if a bad block
// comes at t, every exit of an older output that starts before t + MEP precedes every exit of an
// output of the bad block, because the latter cannot be exitable before t + 2 MEP. In Cash each
// coin is its own queue and a coin's exit waits one MEP for challenges.
// Units: nanoseconds, wei, gas, millionths of a dollar. Left out: MVP's confirmation signatures.
#pragma once

#include <compare>
#include <cstdint>

#include "sim/types/enum_names.h"
#include "sim/types/money.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz {

enum class PlasmaVariant : std::uint8_t {
  Mvp,     // priority by age; what was under way when the operator cheats is lost
  MoreVp,  // and exits of transactions under way (in-flight exits)
  Cash,    // coins with a history each: no queue, no race
};
template <>
struct EnumNames<PlasmaVariant> {
  static constexpr std::string_view names[] = {"mvp", "more_vp", "cash"};
};

namespace plasma {

enum class OutputOrigin : std::uint8_t { Transaction, Deposit };

struct ExitTimes {
  Time output;   // the root of the output's block came to layer one
  Time started;  // the exit did
};
Time exitable_time(PlasmaVariant variant, OutputOrigin origin, ExitTimes times,
                   Duration min_exit_period);
// From the root to the time at which an exit of one of the block's outputs, started when the root
// came, is beyond challenge and beyond being overtaken.
Duration settling_time(PlasmaVariant variant, Duration min_exit_period);

// Smaller is processed earlier. The number of the exit breaks ties.
struct ExitPriority {
  Time exitable;
  std::uint64_t block = 0;  // position of the output: plasma block, index in it
  std::uint64_t index = 0;
  std::uint64_t exit = 0;
  auto operator<=>(const ExitPriority&) const = default;
};

// The exit of a transaction that may or may not be in a block. First half of the period: whoever
// owns an output (or an input) adds it, "piggybacks". Second half: a competitor, which spends the
// same input, makes it non-canonical; proof of earlier inclusion answers. Afterwards the
// piggybacked outputs are paid if it is canonical, the piggybacked inputs if it is not.
enum class InFlightPhase : std::uint8_t { Piggyback, Dispute, Over };
enum class InFlightSide : std::uint8_t { Inputs = 1, Outputs = 2 };

class InFlightExit {
 public:
  InFlightExit() = default;
  InFlightExit(Time started, Duration min_exit_period)
      : started_(started), period_(min_exit_period) {}

  [[nodiscard]] InFlightPhase phase(Time now) const;
  bool piggyback(InFlightSide side, Time now);
  bool challenge(Time now);  // a competitor was shown
  bool respond(Time now);    // it was included before the competitor
  [[nodiscard]] bool canonical() const { return canonical_ != 0; }
  [[nodiscard]] bool piggybacked(InFlightSide side) const {
    return (sides_ & static_cast<std::uint32_t>(side)) != 0;
  }
  [[nodiscard]] bool pays(InFlightSide side) const;

 private:
  Time started_ = Time::never();
  Duration period_;
  std::uint32_t sides_ = 0;
  std::uint32_t canonical_ = 1;
};

// ---- mass exit: how many get out in time
struct MassExit {
  std::int64_t users = 0;
  Gas gas_per_exit;
  Gas gas_limit;
  Ratio share = Ratio::one();  // of layer one's block space
  Duration slot = 12'000'000'000_ns;
};
// Exits that fit into the window.
std::int64_t exits_in(const MassExit& exit, Duration window);
// Time until all have started, rounded up to the nanosecond.
Duration clearing_time(const MassExit& exit);
// users x gas / (limit x share) x slot > window, without rounding.
bool unsafe(const MassExit& exit, Duration window);

// ---- who is priced out
struct ExitCost {
  Gas gas;
  Wei bounty;         // out of the bond, to whoever processes the exit
  Money ether_price;  // of one ETH
};
// The balance below which leaving costs more than it brings, rounded up.
Money exit_threshold(const ExitCost& cost, GasPrice price);
// The price of gas at which leaving with this value brings nothing; 0 if it never brings anything.
GasPrice exit_gas_price(const ExitCost& cost, Money value);

// Bytes that the owner of a coin has to keep (Cash): a Merkle proof of 32-byte hashes per block,
// whether the coin moved or not.
std::uint64_t history_bytes(std::uint64_t blocks, std::uint64_t coins);

// True for this share of the accounts: the same ones for every seed, more of them as the share
// grows.
bool chosen(Ratio share, std::uint64_t account);

}  // namespace plasma
}  // namespace mezz
