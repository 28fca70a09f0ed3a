// The rules of a force-move state channel as values and pure functions: the status a channel has on
// layer one and what each call does to it, the gas of each call, how much margin a silent party
// needs, when a watchtower comes too late. Source: Nitro protocol (ForceMove.sol, MultiAssetHolder;
// go-nitro gasResults.json), go-perun, BOLT 2; reference sheet "layer-two protocols" section 4.
//
//   Proposed --fund--> Open --challenge(turn >= record)--> Challenge until now + window
//   Challenge --challenge(turn > record)--> window begins again
//             --checkpoint(turn > record) | respond(turn = record + 1)--> Open
//             --window over--> Finalised --transfer--> Defunded
//   Proposed is the only status without money; conclude (signed by all) finalises at once.
//
// Time is that of layer one, at inclusion; a window that ends at the very time of a block is over.
// Left out: several assets, guarantees and the ordering of payouts, app rules on chain (the one
// move that matters here, an oracle-signed price, is always valid).
#pragma once

#include <cstdint>

#include "models/market/instrument.h"
#include "sim/types/enum_names.h"
#include "sim/types/id.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz::channel {

enum class Mode : std::uint8_t { Proposed, Open, Challenge, Finalised, Defunded };
enum class Verdict : std::uint8_t {
  Accepted,
  NotFunded,
  AlreadyFunded,
  TurnTooLow,   // equal counts as too low where the rule says "increased"
  WrongTurn,    // a response must be the next move
  NoChallenge,  // nothing to respond to
  ChannelFinalised,
  NotFinalised,
  Paid,
};

struct Machine {
  std::uint64_t turn_record = 0;
  Time finalises_at = Time::never();
  Mode stored = Mode::Proposed;
  std::uint8_t reserved[7] = {};

  [[nodiscard]] Mode mode(Time now) const;
  Verdict fund();
  Verdict challenge(std::uint64_t turn, Time now, Duration window);
  Verdict checkpoint(std::uint64_t turn, Time now);
  Verdict respond(std::uint64_t turn, Time now);
  Verdict conclude(std::uint64_t turn, Time now);
  Verdict transfer(Time now);
};

// What a channel state says: the account's side of it. The hub's side is the rest of the escrow.
struct Holding {
  Money quote;
  Quantity position;
  Price price;  // signed by the oracle, inside the state
};
// What layer one pays for it: no party can lose more than it put in.
[[nodiscard]] Money outcome(const ContractSpec& contract, const Holding& holding);
[[nodiscard]] Money equity(const ContractSpec& contract, const Holding& holding, Price price);

namespace gas {
inline constexpr Gas kDepositFirst{46'496};
inline constexpr Gas kDepositSecond{29'408};
inline constexpr Gas kCooperativeExit{111'514};
inline constexpr Gas kChallenge{113'146};
inline constexpr Gas kTransfer{82'026};
inline constexpr Gas kLedgerFundedExit{363'568};
inline constexpr Gas kVirtualExit{470'520};  // challenge both, reclaim, transfer
inline constexpr Gas kCheckpoint{73'936};
inline constexpr Gas kRespond{96'482};
inline constexpr Gas kBatchFund100{3'321'861};
}  // namespace gas
enum class Funding : std::uint8_t { Direct, Virtual };
[[nodiscard]] Gas challenge_gas(Funding funding);
[[nodiscard]] Gas exit_gas(Funding funding);  // unilateral, both calls
[[nodiscard]] Gas funding_gas(std::uint64_t channels);

// BOLT 2, in blocks: reorg depth, grace, inclusion.
struct HopMargins {
  std::int64_t reorg = 2;
  std::int64_t grace = 2;
  std::int64_t inclusion = 12;
};
[[nodiscard]] constexpr std::int64_t expiry_delta(const HopMargins& m) {
  return 3 * m.reorg + 2 * m.grace + 2 * m.inclusion;
}
[[nodiscard]] constexpr std::int64_t fulfil_deadline(const HopMargins& m) {
  return 2 * m.reorg + m.grace + m.inclusion;
}

// z x sigma x sqrt(T), as a share of notional; sigma per year of 365 days.
[[nodiscard]] double margin_needed(double z, double sigma, Duration exposure);

// The stale state wins when the answer is included at or after the end of the window.
[[nodiscard]] constexpr bool answer_too_late(Duration window, Duration until_poll,
                                             Duration inclusion) {
  return until_poll + inclusion >= window;
}
// Polls every `poll` with a phase that is uniform to the attacker, inclusion constant.
[[nodiscard]] double loss_probability(Duration window, Duration poll, Duration inclusion);

// An intermediary locks the virtual channel's balance on both sides for its life.
[[nodiscard]] constexpr Money intermediary_lock(Money capacity) { return capacity * 2; }

// True for this share of the accounts; the same ones for every seed, more as the share grows,
// other ones for another purpose.
enum class Purpose : std::uint64_t { Virtual = 1, Refuses, Stale, Leaves, Silence };
[[nodiscard]] bool chosen(Ratio share, std::uint64_t account, Purpose purpose);

}  // namespace mezz::channel

namespace mezz {
template <>
struct EnumNames<channel::Mode> {
  static constexpr std::string_view names[] = {"proposed", "open", "challenge", "finalised",
                                               "defunded"};
};
template <>
struct EnumNames<channel::Verdict> {
  static constexpr std::string_view names[] = {
      "accepted",     "not_funded",        "already_funded", "turn_too_low", "wrong_turn",
      "no_challenge", "channel_finalised", "not_finalised",  "paid"};
};
}  // namespace mezz
