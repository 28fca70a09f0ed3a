#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "models/market/listing.h"
#include "sim/config/document.h"
#include "sim/config/field.h"
#include "sim/config/read.h"
#include "sim/config/write.h"
#include "tests/models/market/listing_samples.h"

namespace mezz {
namespace {

using Kind = ListingKind;

constexpr std::size_t kKinds = std::size(EnumNames<ListingKind>::names);

TEST(ListingCheck, OneOfEachKindIsAccepted) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_NO_THROW(good_listing(kind).check("listing[0]", kIndexContract)) << enum_name(kind);
  }
}

struct Bad {
  Kind kind;
  void (*spoil)(ListingSpec&);
  const char* key;
};
void give_smile(ListingSpec& s) {
  s.volatility = {};
  s.smile = ListingSmile{.a = 0.3, .b = 0.1, .rho = -0.3, .m = 0.0, .sigma = 0.2};
}
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

const Bad kBad[] = {
    {Kind::LinearPerp, [](ListingSpec& s) { s.name = ""; }, "name"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.name = "BTC perp"; }, "name"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.name = "a/b"; }, "name"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.name = ".."; }, "name"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.name = std::string(41, 'x'); }, "name"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.tick = {}; }, "tick"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.tick = {-1'000}; }, "tick"},
    {Kind::Call, [](ListingSpec& s) { s.tick = {1'500}; }, "tick"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.lot_decimals = -1; }, "lot_decimals"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.lot_decimals = 13; }, "lot_decimals"},
    // Keys that mean nothing.
    {Kind::LinearPerp, [](ListingSpec& s) { s.strike = 1_usd; }, "strike"},
    {Kind::InversePerp, [](ListingSpec& s) { s.strike = 1_usd; }, "strike"},
    {Kind::Future, [](ListingSpec& s) { s.strike = 1_usd; }, "strike"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.strike = 1_usd; }, "strike"},
    {Kind::Spot, [](ListingSpec& s) { s.strike = 1_usd; }, "strike"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.expiry = 1_d; }, "expiry"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.expiry = 1_d; }, "expiry"},
    {Kind::EverlastingPut, [](ListingSpec& s) { s.expiry = 1_d; }, "expiry"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.expiry = 1_d; }, "expiry"},
    {Kind::Spot, [](ListingSpec& s) { s.expiry = 1_d; }, "expiry"},
    {Kind::Spot, [](ListingSpec& s) { s.settlement_window = 1_min; }, "settlement_window"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.carry = 1_percent; }, "carry"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.carry = 1_percent; }, "carry"},
    {Kind::Call, [](ListingSpec& s) { s.payout = 1_usd; }, "payout"},
    {Kind::EverlastingPut, [](ListingSpec& s) { s.payout = 1_usd; }, "payout"},
    {Kind::Future, [](ListingSpec& s) { s.volatility = 1_percent; }, "volatility"},
    {Kind::InversePerp, [](ListingSpec& s) { s.volatility = 1_percent; }, "volatility"},
    {Kind::Future, give_smile, "smile"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.smile = ListingSmile{.a = 0.3}; }, "smile"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.notional = 1_usd; }, "notional"},
    {Kind::Spot, [](ListingSpec& s) { s.notional = 1_usd; }, "notional"},
    {Kind::Call, [](ListingSpec& s) { s.power = 3; }, "power"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.power_scale = 1_usd; }, "power_scale"},
    {Kind::Call, [](ListingSpec& s) { s.funding = ListingFunding::Cash; }, "funding"},
    {Kind::Future, [](ListingSpec& s) { s.funding = ListingFunding::Cash; }, "funding"},
    {Kind::Spot, [](ListingSpec& s) { s.funding = ListingFunding::Cash; }, "funding"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.funding = ListingFunding::InKind; }, "funding"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.funding = ListingFunding::InKind; }, "funding"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.funding_period = 8_h; }, "funding_period"},
    {Kind::Put, [](ListingSpec& s) { s.funding_period = 8_h; }, "funding_period"},
    {Kind::LinearPerp, [](ListingSpec& s) { s.funding_cap = 1_percent; }, "funding_cap"},
    {Kind::PowerPerp,
     [](ListingSpec& s) {
       s.funding = ListingFunding::InKind;
       s.funding_cap = 1_percent;
     },
     "funding_cap"},
    // Keys that are missing.
    {Kind::Call, [](ListingSpec& s) { s.strike = {}; }, "strike"},
    {Kind::DigitalPut, [](ListingSpec& s) { s.strike = {}; }, "strike"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.strike = {}; }, "strike"},
    {Kind::Future, [](ListingSpec& s) { s.expiry = {}; }, "expiry"},
    {Kind::Put, [](ListingSpec& s) { s.expiry = {}; }, "expiry"},
    {Kind::DigitalCall, [](ListingSpec& s) { s.payout = {}; }, "payout"},
    {Kind::Put, [](ListingSpec& s) { s.volatility = {}; }, "volatility"},
    {Kind::EverlastingPut, [](ListingSpec& s) { s.volatility = {}; }, "volatility"},
    {Kind::InversePerp, [](ListingSpec& s) { s.notional = {}; }, "notional"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.power_scale = {}; }, "power_scale"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.funding = ListingFunding::None; }, "funding"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.funding = ListingFunding::None; }, "funding"},
    // Values out of range.
    {Kind::Call, [](ListingSpec& s) { s.strike = -1_usd; }, "strike"},
    {Kind::Call, [](ListingSpec& s) { s.strike = {50'000'500'000}; }, "strike"},
    {Kind::DigitalCall, [](ListingSpec& s) { s.payout = {1'000'001'000}; }, "payout"},
    {Kind::DigitalCall, [](ListingSpec& s) { s.payout = -1'000_usd; }, "payout"},
    {Kind::InversePerp, [](ListingSpec& s) { s.notional = {1'500}; }, "notional"},
    {Kind::InversePerp, [](ListingSpec& s) { s.notional = -100_usd; }, "notional"},
    {Kind::Call, [](ListingSpec& s) { s.expiry = -1_d; }, "expiry"},
    {Kind::Call, [](ListingSpec& s) { s.expiry = 3'651_d; }, "expiry"},
    {Kind::Call, [](ListingSpec& s) { s.settlement_window = -1_min; }, "settlement_window"},
    {Kind::Future, [](ListingSpec& s) { s.settlement_window = 31_d; }, "settlement_window"},
    {Kind::Call, [](ListingSpec& s) { s.volatility = -1_percent; }, "volatility"},
    {Kind::Call, [](ListingSpec& s) { s.volatility = 1'001_percent; }, "volatility"},
    {Kind::Future, [](ListingSpec& s) { s.carry = 201_percent; }, "carry"},
    {Kind::Future, [](ListingSpec& s) { s.carry = -201_percent; }, "carry"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.power = 1; }, "power"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.power = 5; }, "power"},
    {Kind::PowerPerp, [](ListingSpec& s) { s.power_scale = -1_usd; }, "power_scale"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.funding_period = 1_s; }, "funding_period"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.funding_period = 366_d; }, "funding_period"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.funding_cap = {}; }, "funding_cap"},
    {Kind::EverlastingCall, [](ListingSpec& s) { s.funding_cap = 101_percent; }, "funding_cap"},
    // The fair price is out of funding's reach: p (p - 1) / 2 vol^2 period = 16 x 17.5 / 365 = 0.77
    // of the payoff a period is more than log(1.4) = 0.34 in kind, and than 1 / 2 in cash.
    {Kind::PowerPerp, [](ListingSpec& s) { s.volatility = 400_percent; }, "funding_period"},
    {Kind::PowerPerp,
     [](ListingSpec& s) {
       s.volatility = 400_percent;
       s.funding = ListingFunding::InKind;
     },
     "funding_period"},
    {Kind::PowerPerp,
     [](ListingSpec& s) {
       s.volatility = 100_percent;  // 0.048 a period, but the cap lets 0.02 through
       s.funding_cap = 2_percent;
     },
     "funding_period"},
    // Smiles.
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.volatility = 60_percent;
     },
     "volatility"},
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->b = -0.1;
     },
     "smile.b"},
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->rho = 1.0;
     },
     "smile.rho"},
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->sigma = 0.0;
     },
     "smile.sigma"},
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->a = -0.1;
     },
     "smile.a"},
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->a = kNaN;
     },
     "smile.a"},
    {Kind::Call,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->m = kNaN;
     },
     "smile.m"},
    // Over 30 days the slope of the wings is 40 x 30 / 365 = 3.3: more than any price has.
    {Kind::DigitalCall,
     [](ListingSpec& s) {
       give_smile(s);
       s.smile->b = 40.0;
     },
     "smile"},
};

std::string refused_path(const ListingSpec& spec) {
  try {
    spec.check("exchange.listing[2]", kIndexContract);
  } catch (const ScenarioError& error) {
    EXPECT_GT(error.problem().size(), 10U);
    return error.path();
  }
  return "accepted";
}

TEST(ListingCheck, EachBadSpecificationIsRefusedAtItsKey) {
  EXPECT_GE(std::size(kBad), 45U);
  for (std::size_t i = 0; i < std::size(kBad); ++i) {
    ListingSpec spec = good_listing(kBad[i].kind);
    kBad[i].spoil(spec);
    EXPECT_EQ(refused_path(spec), "exchange.listing[2]." + std::string(kBad[i].key))
        << "row " << i << ", " << enum_name(kBad[i].kind);
  }
}

TEST(ListingCheck, ASmileTakesThePlaceOfTheVolatility) {
  ListingSpec spec = good_listing(Kind::Call);
  give_smile(spec);
  EXPECT_EQ(refused_path(spec), "accepted");
}

std::string refused_list(const std::vector<ListingSpec>& listings) {
  try {
    check_listings(listings, "listing", kIndexContract);
  } catch (const ScenarioError& error) {
    return error.path();
  }
  return "accepted";
}

TEST(ListingCheck, NamesAreUnique) {
  std::vector<ListingSpec> listings = {good_listing(Kind::Call), good_listing(Kind::Put)};
  EXPECT_EQ(refused_list(listings), "listing[1].name");
  listings[1].name = "X-2";
  EXPECT_EQ(refused_list(listings), "accepted");
  listings[1].strike = {};
  EXPECT_EQ(refused_list(listings), "listing[1].strike");
}

TEST(ListingCheck, InversePerpetualsNeedTheOneSpotListing) {
  std::vector<ListingSpec> listings = {good_listing(Kind::InversePerp)};
  EXPECT_EQ(refused_list(listings), "listing[0].kind");
  listings.push_back(good_listing(Kind::Spot));
  listings[1].name = "coin";
  EXPECT_EQ(refused_list(listings), "accepted");
  listings.push_back(listings[1]);
  listings[2].name = "coin2";
  EXPECT_EQ(refused_list(listings), "listing[2].kind");
}

TEST(ListingCheck, AtMost255Listings) {
  std::vector<ListingSpec> listings;
  for (int i = 0; i < 255; ++i) {
    listings.push_back(good_listing(Kind::Call));
    listings.back().name = "C" + std::to_string(i);
  }
  EXPECT_EQ(refused_list(listings), "accepted");
  listings.push_back(good_listing(Kind::Call));
  EXPECT_EQ(refused_list(listings), "listing");
}

// --- as text ---------------------------------------------------------------------------------

struct Listings {
  std::vector<ListingSpec> listing;
  void visit(auto& v) { v("listing", listing, {.doc = "Instruments"}); }
};

TEST(ListingText, ReadsKindsUnitsAndASmile) {
  const config::Document document = config::load_text(R"(
[[listing]]
name = "BTC-2D-52000-C"
kind = "call"
tick = "0.01 USD"
lot_decimals = 2
strike = "52_000 USD"
expiry = "2 d"
settlement_window = "10 min"
carry = "5 %"
smile = { a = 0.3, b = 0.1, rho = -0.3, m = 0.0, sigma = 0.2 }
[[listing]]
name = "ETH2"
kind = "power_perp"
power_scale = "100 USD"
volatility = "90 %"
funding = "in_kind"
)",
                                                      "test.toml");
  Listings read;
  config::read(document.root, read);
  ASSERT_EQ(read.listing.size(), 2U);
  const ListingSpec& call = read.listing[0];
  EXPECT_EQ(call.name, "BTC-2D-52000-C");
  EXPECT_EQ(call.kind, Kind::Call);
  EXPECT_EQ(call.tick, Money{10'000});
  EXPECT_EQ(call.contract().money_per_lot_tick(), 100);
  EXPECT_EQ(call.strike, 52'000_usd);
  EXPECT_EQ(call.expiry, 2_d);
  EXPECT_EQ(call.settlement_window, 10_min);
  EXPECT_EQ(call.carry, 5_percent);
  ASSERT_TRUE(call.smile.has_value());
  EXPECT_EQ(call.smile->rho, -0.3);
  EXPECT_EQ(read.listing[1].funding, ListingFunding::InKind);
  EXPECT_EQ(read.listing[1].period(), 420_h);
  EXPECT_NO_THROW(check_listings(read.listing, "listing", kIndexContract));
}

std::string refused_text(const std::string& line) {
  const config::Document document =
      config::load_text("[[listing]]\nname = \"A\"\n" + line + "\n", "test.toml");
  Listings read;
  try {
    config::read(document.root, read);
  } catch (const ScenarioError& error) {
    return error.path();
  }
  return "accepted";
}

TEST(ListingText, TheReaderKnowsTheRangesToo) {
  EXPECT_EQ(refused_text("kind = \"swap\""), "listing[0].kind");
  EXPECT_EQ(refused_text("tick = \"0 USD\""), "listing[0].tick");
  EXPECT_EQ(refused_text("strike = \"-1 USD\""), "listing[0].strike");
  EXPECT_EQ(refused_text("expiry = \"3651 d\""), "listing[0].expiry");
  EXPECT_EQ(refused_text("volatility = \"1001 %\""), "listing[0].volatility");
  EXPECT_EQ(refused_text("power = 5"), "listing[0].power");
  EXPECT_EQ(refused_text("funding_period = \"1 s\""), "listing[0].funding_period");
  EXPECT_EQ(refused_text("smile = { rho = 2.0 }"), "listing[0].smile.rho");
  EXPECT_EQ(refused_text("strik = \"1 USD\""), "listing[0].strik");
  EXPECT_EQ(refused_text("kind = \"spot\""), "accepted");
}

TEST(ListingText, ResolvedTextReadsBack) {
  Listings written;
  for (std::size_t i = 0; i < kKinds; ++i) {
    written.listing.push_back(good_listing(static_cast<Kind>(i)));
  }
  give_smile(written.listing[3]);
  const std::string text = config::resolved_text(config::describe(written), {});
  Listings read;
  config::read(config::load_text(text, "resolved.toml").root, read);
  EXPECT_EQ(config::resolved_text(config::describe(read), {}), text);
  ASSERT_EQ(read.listing.size(), kKinds);
  EXPECT_EQ(read.listing[3].smile->sigma, 0.2);
}

TEST(ListingSpecPeriod, EachKindHasItsOwn) {
  EXPECT_EQ(good_listing(Kind::LinearPerp).period(), 8_h);
  EXPECT_EQ(good_listing(Kind::InversePerp).period(), 8_h);
  EXPECT_EQ(good_listing(Kind::EverlastingPut).period(), 1_d);
  EXPECT_EQ(good_listing(Kind::PowerPerp).period(), 420_h);
  ListingSpec spec = good_listing(Kind::PowerPerp);
  spec.funding_period = 1_h;
  EXPECT_EQ(spec.period(), 1_h);
}

}  // namespace
}  // namespace mezz
