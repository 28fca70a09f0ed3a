// Contracts, pools and presets of the market that make no sense are refused from the command line:
// exit code 2 and one message with the place, the key, the value and what would do. The tables of
// every rule are in tests/models; here is what reaches the user.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

struct BadMarket {
  const char* set;  // on options_market
  Words said;
};

const BadMarket kBad[] = {
    {"market.contract.tick=\"-1 USD\"",
     {"market.contract.tick", "at least 0.000001 USD, got -1 USD"}},
    {"market.contract.lot_decimals=40", {"between 0 and 12, got 40"}},
    {"market.taker_fee=\"150 %\"", {"market.taker_fee: must be at most 100 %; got 150 %"}},
    {"market.insurance_fund=\"nan USD\"", {"\"nan USD\" does not start with a number"}},
    {"market.insurance_fund=\"1e30 USD\"", {"too large", "9_223_372_036_854.775807 USD"}},
    {"agent[0].capital=\"9_000_000_000_000 USD\"", {"agent.capital: what all accounts hold"}},
    {"market.margin=derive_srn", {"did you mean 'derive_srm'?"}},
    {"market.margin=gmx_v2", {"market.listing[1].kind", "has no rule for 'put'; use derive_srm"}},
    {"market.liquidation_rule=full", {"market.liquidation_rule", "whole portfolios are auctioned"}},
    {"market.derive_srm.perp_initial=\"1 %\"", {"must not be below perp_maintenance"}},
    {"market.auction.fast_cutoff=\"99 %\"",
     {"market.auction.fast_cutoff: must be between 0 and start"}},
    {"market.listing[3].strike=\"0 USD\"", {"must be given and above 0 for put"}},
    {"market.listing[3].strike=\"45_000.5 USD\"", {"whole number of the index's ticks"}},
    {"market.listing[3].expiry=\"-1 h\"", {"between 0 s and 3650 d, got -1 h"}},
    {"market.listing[3].expiry=5", {"expected a duration", "got the integer 5, which has no unit"}},
    {"market.listing[3].volatility=inf", {"must be finite, got the number inf"}},
    {"market.listing[3].tick=\"60_000 USD\"", {"must be at most the strike, 50_000 USD"}},
    {"market.listing[3].striek=\"1 USD\"", {"unknown key; did you mean 'strike'?"}},
    {"market.listing[3].name=\"P-45000-7d\"", {"is taken: market.listing[2]"}},
    {"market.listing[7].power_scale=\"0.0001 USD\"",
     {"must be of the order of market.initial_price"}},
    {"market.listing[7].power=5", {"must be between 2 and 4, got 5"}},
    {"market.listing=[{name=\"I\",kind=\"inverse_perp\",tick=\"1 USD\"}]",
     {"market.listing[0].notional: must be given and above 0 for inverse_perp"}},
    {"market.pool=[{instrument=\"NONE\",rule={kind=\"cpmm\"}}]", {"no listing is called 'NONE'"}},
    {"market.pool=[{instrument=\"SQ2\",rule={kind=\"vamm\"}}]",
     {"vamm is for listings of kind linear_perp"}},
};

TEST(BadMarket, IsRefusedWithKeyValueAndRemedy) {
  const Program mezz;
  for (const BadMarket& bad : kBad) {
    const Finished check = mezz.run({"check", "options_market", "--set", bad.set});
    EXPECT_EQ(check.code, 2) << bad.set;
    EXPECT_EQ(check.out, "") << bad.set;
    for (const std::string& text : bad.said) EXPECT_THAT(check.err, HasSubstr(text)) << bad.set;
  }
}

}  // namespace
}  // namespace mezz
