#include "models/layer2/channel/channel_rules.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/check/fingerprint.h"
#include "sim/numeric/elementary.h"

namespace mezz::channel {

Mode Machine::mode(Time now) const {
  MEZZ_ASSERT((stored == Mode::Challenge) == (finalises_at.happened() && stored < Mode::Finalised));
  return stored == Mode::Challenge && finalises_at <= now ? Mode::Finalised : stored;
}

Verdict Machine::fund() {
  if (stored != Mode::Proposed) return Verdict::AlreadyFunded;
  stored = Mode::Open;
  return Verdict::Accepted;
}

// ForceMove.challenge: not decreased in Open, increased in Challenge.
Verdict Machine::challenge(std::uint64_t turn, Time now, Duration window) {
  MEZZ_ASSERT(window > Duration::zero());
  switch (mode(now)) {
    case Mode::Proposed:
      return Verdict::NotFunded;
    case Mode::Open:
      if (turn < turn_record) return Verdict::TurnTooLow;
      break;
    case Mode::Challenge:
      if (turn <= turn_record) return Verdict::TurnTooLow;
      break;
    default:
      return Verdict::ChannelFinalised;
  }
  turn_record = turn;
  finalises_at = now + window;
  stored = Mode::Challenge;
  MEZZ_ASSERT(mode(now) == Mode::Challenge);
  return Verdict::Accepted;
}

Verdict Machine::checkpoint(std::uint64_t turn, Time now) {
  const Mode at = mode(now);
  if (at == Mode::Proposed) return Verdict::NotFunded;
  if (at >= Mode::Finalised) return Verdict::ChannelFinalised;
  if (turn <= turn_record) return Verdict::TurnTooLow;
  turn_record = turn;
  finalises_at = Time::never();
  stored = Mode::Open;
  return Verdict::Accepted;
}

Verdict Machine::respond(std::uint64_t turn, Time now) {
  const Mode at = mode(now);
  if (at >= Mode::Finalised) return Verdict::ChannelFinalised;
  if (at != Mode::Challenge) return Verdict::NoChallenge;
  if (turn != turn_record + 1) return Verdict::WrongTurn;
  return checkpoint(turn, now);
}

Verdict Machine::conclude(std::uint64_t turn, Time now) {
  const Mode at = mode(now);
  if (at == Mode::Proposed) return Verdict::NotFunded;
  if (at >= Mode::Finalised) return Verdict::ChannelFinalised;
  turn_record = std::max(turn_record, turn);
  finalises_at = now;
  stored = Mode::Finalised;
  return Verdict::Accepted;
}

Verdict Machine::transfer(Time now) {
  const Mode at = mode(now);
  if (at == Mode::Defunded) return Verdict::Paid;
  if (at != Mode::Finalised) return Verdict::NotFinalised;
  MEZZ_ASSERT(finalises_at <= now);
  stored = Mode::Defunded;
  return Verdict::Accepted;
}

Money equity(const ContractSpec& contract, const Holding& holding, Price price) {
  return holding.quote + notional(contract, holding.position, price);
}

Money outcome(const ContractSpec& contract, const Holding& holding) {
  return std::max(Money::zero(), equity(contract, holding, holding.price));
}

Gas exit_gas(Funding funding) {
  return funding == Funding::Virtual ? gas::kVirtualExit
                                     : Gas{gas::kChallenge.units + gas::kTransfer.units};
}

Gas challenge_gas(Funding funding) { return Gas{exit_gas(funding).units - gas::kTransfer.units}; }

Gas funding_gas(std::uint64_t channels) {
  MEZZ_ASSERT(channels > 0);
  return Gas{
      mul_div(gas::kBatchFund100.units, static_cast<std::int64_t>(channels), 100, Round::Up)};
}

double margin_needed(double z, double sigma, Duration exposure) {
  MEZZ_ASSERT(z >= 0.0 && sigma >= 0.0 && exposure >= Duration::zero());
  return z * sigma * numeric::sqrt(exposure.seconds() / (365_d).seconds());
}

double loss_probability(Duration window, Duration poll, Duration inclusion) {
  MEZZ_ASSERT(poll > Duration::zero());
  const Duration slack = window - inclusion;
  if (slack <= Duration::zero()) return 1.0;
  if (slack >= poll) return 0.0;
  return 1.0 - slack.seconds() / poll.seconds();
}

bool chosen(Ratio share, std::uint64_t account, Purpose purpose) {
  constexpr std::uint64_t kSalt = 0x6368616E6E656C;  // "channel"
  const std::uint64_t draw = mix(account, kSalt + static_cast<std::uint64_t>(purpose)) %
                             static_cast<std::uint64_t>(Ratio::kScale);
  return static_cast<std::int64_t>(draw) < share.ppb;
}

}  // namespace mezz::channel
