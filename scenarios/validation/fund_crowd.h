// Independent insurance funds, each an account of one ledger (models/clearing) whose counterparty
// is the world outside. A round changes the balance of every fund that still runs:
//   coin_flips  a stake is won or lost
//   claims      premiums at a constant rate until the next claim (Poisson), then the claim, whose
//               size is exponential: a fund is ruined by a claim that it cannot pay, and what it
//               cannot pay is bad debt
//   diffusion   a normal step; between two rounds the balance is a Brownian bridge, which touches
//               zero with probability e^(-2 x0 x1 / (deviation^2 step))
// A fund stops at ruin, or at the balance that is a success. Amounts are whole micro-dollars.
// Left out: interest, contributions of members.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/clearing/ledger.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"

namespace mezz::validation {

enum class FundRisk : std::uint8_t { CoinFlips, Claims, Diffusion };

}  // namespace mezz::validation

namespace mezz {
template <>
struct EnumNames<validation::FundRisk> {
  static constexpr std::string_view names[] = {"coin_flips", "claims", "diffusion"};
};
}  // namespace mezz

namespace mezz::validation {

struct FundCrowdParams {
  FundRisk risk = FundRisk::CoinFlips;
  Money balance = 10_usd;
  Money success = 50_usd;
  Money stake = 1_usd;     // coin flips
  Ratio win = 50_percent;  // coin flips
  Money claim = 1_usd;     // claims: mean
  double premium = 1.2;    // claims: income between two claims, in mean claims
  double drift = 1;        // diffusion: USD in a unit of time
  double deviation = 5;    // diffusion: USD per square root of it
  double step = 1;         // diffusion: units of time in a round
  std::int64_t funds = 1'000;

  void visit(auto& v) {
    v("risk", risk, {.doc = "coin_flips, claims or diffusion"});
    v("balance", balance, {.doc = "At the start", .min = Money{1}});
    v("success", success, {.doc = "Where a fund stops", .min = Money{1}});
    v("stake", stake, {.doc = "Of a coin flip", .min = Money{1}});
    v("win", win, {.doc = "Probability of a coin flip"});
    v("claim", claim, {.doc = "Mean claim", .min = Money{1}});
    v("premium", premium, {.doc = "Mean income between two claims, in mean claims", .min = 0.0});
    v("drift", drift, {.doc = "USD in a unit of time"});
    v("deviation", deviation, {.doc = "USD per square root of a unit of time", .min = 0.0});
    v("step", step, {.doc = "Units of time in a round", .min = 0.0});
    v("funds", funds, {.doc = "Independent ones", .min = 1});
  }
};

class FundCrowd final : public EntityOf<FundCrowd, FundCrowdParams> {
 public:
  struct Round {};

  FundCrowd(const Site& site, const FundCrowdParams& params);
  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Round&);

  [[nodiscard]] std::int64_t ruined() const { return ruined_; }
  [[nodiscard]] Money bad_debt() const { return -ledger_.balance(SystemAccount::BadDebt); }
  void full_check() const { ledger_.full_check(); }

  void visit_state(auto& v) {
    v("ledger", ledger_);
    v("running", running_);
    v("ruined", ruined_);
  }

 private:
  // True when the fund is ruined.
  bool flip(AccountId fund);
  bool claim(AccountId fund);
  bool diffuse(AccountId fund);
  [[nodiscard]] Money change(AccountId fund, Money amount);
  // What a fund cannot pay.
  void write_off(AccountId fund);

  Ledger ledger_;
  std::vector<AccountId> running_;
  std::int64_t ruined_ = 0;
};

}  // namespace mezz::validation
