// Digital options on a lognormal price: European ones that pay at expiry, and one-touch
// ("American") ones decided by the first touch of a barrier watched without pause. Units as in
// black.h; spot, strike, time and volatility not negative (asserted), rates of any sign.
//
// Limits are values. Without time or volatility the path is known: a European digital pays if the
// forward is beyond the strike, and half where it is the strike (the limit from a small deviation);
// a one-touch pays at the moment the path reaches the barrier, if it does. A spot of zero stays
// there. Greeks that do not exist there are zero (closed ones) or a large number (differences).
//
// Sources: M. Rubinstein and E. Reiner, Unscrambling the Binary Code, RISK 4 (1991); E. Haug, The
// Complete Guide to Option Pricing Formulas, 2nd ed. (2007), 4.19. Where the underlying is watched
// through an oracle, the touch is decided on the oracle's grid: such an option is worth less to the
// holder of a knock-in than these formulas say. One-touch Greeks are by differences (differences.h)
// that stay on the spot's side of the barrier. Left out: rebates.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

// Pays `cash` if the option ends in the money.
[[nodiscard]] double cash_digital(const SpotOption& option, double cash);
// Pays the asset if the option ends in the money.
[[nodiscard]] double asset_digital(const SpotOption& option);
// Pays asset minus `payoff_strike` (call; the reverse for a put) if it ends beyond `strike`; may be
// worth less than nothing.
[[nodiscard]] double gap_option(const SpotOption& option, double payoff_strike);
// The same with all their Greeks, in closed form.
[[nodiscard]] OptionGreeks cash_digital_greeks(const SpotOption& option, double cash);
[[nodiscard]] OptionGreeks asset_digital_greeks(const SpotOption& option);
[[nodiscard]] OptionGreeks gap_option_greeks(const SpotOption& option, double payoff_strike);

enum class TouchPayment : std::uint8_t { AtHit, AtExpiry };
enum class TouchAsset : std::uint8_t { Cash, Asset };
enum class TouchRule : std::uint8_t { PaysIfTouched, PaysIfNot };
// The barrier is `option.strike`: above the spot for a call, below for a put; a spot beyond it has
// touched it already. Whoever pays if not touched pays at expiry.
struct OneTouch {
  SpotOption option;
  TouchPayment payment = TouchPayment::AtHit;
  TouchAsset asset = TouchAsset::Cash;
  TouchRule rule = TouchRule::PaysIfTouched;
  double cash = 1.0;
};
[[nodiscard]] double one_touch(const OneTouch& contract);
[[nodiscard]] OptionGreeks one_touch_greeks(const OneTouch& contract);

}  // namespace mezz::pricing
