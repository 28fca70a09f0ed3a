// Perpetual futures: what funding makes of the basis, and that funding only moves money.
//   linear   F / S = kappa / (kappa - g), g = rate - yield: the mean of the spot at an exponential
//            time of rate kappa (Ackerer, Hugonnier, Jermann 2024; He, Manela, Ross, von Wachter)
//   inverse  F / S = 1 + g / kappa, by the same argument for 1 / S in coins: no variance in it
//   a cost c of arbitrage leaves a band of +- c about that, in which the basis of small uninformed
//   orders is spread evenly: deviation c / sqrt(3)
#include <algorithm>
#include <cmath>
#include <string>

#include "models/clearing/ledger.h"
#include "models/market/funding.h"
#include "models/market/funding_rules/squeeth.h"
#include "models/market/price/price_path.h"
#include "models/pricing/perpetual.h"
#include "scenarios/validation/basis_market.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/recorded_table.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"
#include "sim/world/world.h"

namespace mezz {
template <>
struct EnumNames<pricing::PerpetualPayoff> {
  static constexpr std::string_view names[] = {"linear", "inverse"};
};
}  // namespace mezz

namespace mezz::validation {

namespace {

constexpr double kBasisPoints = 1e4;

struct FundingTerms {
  pricing::PerpetualPayoff payoff = pricing::PerpetualPayoff::Linear;
  double kappa = 1095;
  double rate = 0.05;
  double yield = 0;

  void visit(auto& v) {
    v("payoff", payoff, {.doc = "linear (in USD) or inverse (in the coin)"});
    v("kappa", kappa,
      {.doc = "Funding per year and unit of basis; 1095: all of it in 8 h",
       .min = 1.0,
       .max = 1e6});
    v("rate", rate, {.doc = "Per year", .min = -0.5, .max = 0.5});
    v("yield", yield, {.doc = "Of the coin, per year", .min = -0.5, .max = 0.5});
  }
  [[nodiscard]] double growth() const { return rate - yield; }
  [[nodiscard]] double basis_bp() const {
    const bool linear = payoff == pricing::PerpetualPayoff::Linear;
    return kBasisPoints * growth() / (linear ? kappa - growth() : kappa);
  }
  [[nodiscard]] double model_basis_bp() const {
    const double price = pricing::perpetual_future(
        {.payoff = payoff, .spot = 1, .rate = rate, .yield = yield, .k = kappa});
    return kBasisPoints * (price - 1);
  }
  void check() const {
    if (growth() >= kappa / 2) {
      throw ScenarioError("kappa",
                          "must be more than twice rate - yield: funding would not hold "
                          "the price");
    }
  }
};

// ---- the frictionless basis -----------------------------------------------------------------

struct BasisParams {
  FundingTerms funding = {};
  double volatility = 0.01;
  double tolerance = 0.02;
  Effort effort{.size = 50'000, .size_max = 4'000'000};

  void visit(auto& v) {
    funding.visit(v);
    v("volatility", volatility,
      {.doc = "Of the spot in the simulation, per square root of a year", .min = 0.0, .max = 0.1});
    v("tolerance", tolerance,
      {.doc = "Of the simulated basis, relative above half a bp", .min = 1e-3, .max = 0.5});
    v("effort", effort, {.doc = "size: paths of one replication"});
  }
};

class PerpetualBasis final : public CaseOf<BasisParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double basis = params().funding.basis_bp();
    const double reach = params().tolerance * std::max(0.5, std::fabs(basis));
    return {{"basis, bp", basis, Comparison::Exact, 1e-6},
            {"basis of the price at an exponential time", basis, Comparison::Mean, reach}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const FundingTerms& f = params().funding;
    const bool linear = f.payoff == pricing::PerpetualPayoff::Linear;
    // In the currency of settlement the price of the other grows at the difference of the rates.
    const GbmLaw law{linear ? f.growth() : -f.growth(), params().volatility};
    const Duration mean_time{static_cast<std::int64_t>(kSecondsPerYear * 1e9 / f.kappa)};
    Stream stream(r.seed, r.number, "perpetual", "path");
    double sum = 0;
    for (std::int64_t i = 0; i < r.size; ++i) {
      GbmPath path(law);
      path.advance(exponential(stream, mean_time), stream);
      sum += numeric::exp(path.log_return()) - 1;
    }
    const double mean = sum / static_cast<double>(r.size);
    const double basis = linear ? mean : 1 / (1 + mean) - 1;
    return {f.model_basis_bp(), kBasisPoints * basis};
  }

 private:
  void check() const override { params().funding.check(); }
};

// ---- costs ----------------------------------------------------------------------------------

struct BandParams {
  FundingTerms funding = {};
  Ratio cost = 5_bp;
  Ratio noise = Ratio::zero();
  double tolerance = 0.05;
  Effort effort{.size = 100'000, .size_max = 4'000'000};

  void visit(auto& v) {
    funding.visit(v);
    v("cost", cost,
      {.doc = "Of both legs of the arbitrage", .min = Ratio{100'000}, .max = 5_percent});
    v("noise", noise,
      {.doc = "Deviation of the move that other orders make in a second; 0: a 50th of the cost"});
    v("tolerance", tolerance,
      {.doc = "Of the deviation, relative; twice that of the mean, in costs",
       .min = 1e-3,
       .max = 0.5});
    v("effort", effort, {.doc = "size: seconds of one replication"});
  }
};

class ArbitrageBand final : public CaseOf<BandParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const BandParams& p = params();
    const double basis = p.funding.basis_bp();
    const double cost = kBasisPoints * p.cost.value();
    return {{"mean basis without cost, bp", basis, Comparison::Mean, 0.001},
            {"mean basis with cost, bp", basis, Comparison::Mean, 2 * p.tolerance * cost},
            {"share of time inside the band", 1, Comparison::Exact},
            {"deviation of the basis with cost, bp", cost / std::sqrt(3.0), Comparison::Asymptote,
             p.tolerance, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const BandParams& p = params();
    const double ticks = 1e-4 * p.funding.model_basis_bp() * static_cast<double>(kBasisSpot.ticks);
    BasisMarketParams market{.fair = kBasisSpot + PriceMove{std::llround(ticks)},
                             .cost = p.cost,
                             .noise = noise(),
                             .looks = r.size};
    World world({.seed = r.seed, .replication = r.number});
    const Ref<BasisMarket> dear = world.add<BasisMarket>("dear", market);
    market.cost = Ratio::zero();
    const Ref<BasisMarket> free = world.add<BasisMarket>("free", market);
    world.start();
    world.run(Time::max());
    return {kBasisPoints * world.get(free).mean(), kBasisPoints * world.get(dear).mean(),
            world.get(dear).share_inside(), kBasisPoints * world.get(dear).deviation()};
  }

 private:
  [[nodiscard]] Ratio noise() const {
    return params().noise == Ratio::zero() ? Ratio{params().cost.ppb / 50} : params().noise;
  }
  void check() const override {
    const BandParams& p = params();
    p.funding.check();
    if (std::fabs(p.funding.basis_bp()) > 500) {
      throw ScenarioError("kappa", "must be larger: the basis would be more than 5 %");
    }
    if (noise() * 25 > p.cost || noise() * 200 < p.cost) {
      throw ScenarioError("noise",
                          "must be between a 200th and a 25th of the cost: the even spread "
                          "is the limit of small orders");
    }
  }
};

// ---- conservation ---------------------------------------------------------------------------

struct ConservationParams {
  std::int64_t accounts = 200;
  std::int64_t intervals = 500;
  std::int64_t rate_ppm_max = 20'000;
  Money price = 2_usd;
  Money collateral = 50_usd;
  std::int64_t seed = 1;
  double tolerance = 1e-9;

  void visit(auto& v) {
    v("accounts", accounts, {.doc = "With a position each", .min = 2, .max = 100'000});
    v("intervals", intervals, {.doc = "Hours", .min = 1, .max = 100'000});
    v("rate_ppm_max", rate_ppm_max,
      {.doc = "Rates per 8 h are drawn between plus and minus this", .min = 1, .max = 1'000'000});
    v("price", price, {.doc = "Of a lot", .min = Money{1}, .max = 1'000'000_usd});
    v("collateral", collateral,
      {.doc = "Of an account; some run out of it and stay", .min = Money{1}, .max = 1'000'000_usd});
    v("seed", seed, {.doc = "Of positions and rates"});
    v("tolerance", tolerance, {.doc = "Of a sum, as a share of open interest", .min = 1e-15});
  }
};

class FundingConservation final : public CaseOf<ConservationParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    return {
        {"largest sum of an interval and its dust, USD", 0, Comparison::Exact},
        {"largest sum of an interval / open interest", 0, Comparison::Exact, params().tolerance},
        {"sum of all accounts and dust, USD", 0, Comparison::Exact},
        {"accounts below zero, which pay like others", 0, Comparison::AtLeast}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    const ConservationParams& p = params();
    Stream stream(static_cast<std::uint64_t>(p.seed), 0, "funding", "draws");
    Ledger ledger;
    const std::vector<Quantity> positions = open_all(ledger, stream);
    double interest = 0;
    for (const Quantity q : positions) interest += static_cast<double>(q.abs().lots) / 2;
    interest *= p.price.usd();
    FundingIndex index = {};
    Int128 dust_ppm = 0;
    double worst = 0;
    double worst_money = 0;
    for (std::int64_t i = 0; i < p.intervals; ++i) {
      const auto range = static_cast<std::uint64_t>(2 * p.rate_ppm_max + 1);
      const std::int64_t rate = static_cast<std::int64_t>(stream.below(range)) - p.rate_ppm_max;
      const FundingIndex then = index;
      index = funding::advance(index, funding::index_delta({p.price.micros, 0}, rate, 3'600));
      Int128 money = 0;
      Int128 dust = 0;
      for (std::uint32_t a = 0; a < ledger.accounts(); ++a) {
        const FundingPayment paid = funding::settle(index, then, positions[a]);
        ledger.settle(AccountId{a}, SystemAccount::Rounding, paid.money);
        money += paid.money.micros;
        dust += paid.dust_ppm;
      }
      dust_ppm += dust;
      worst = std::max(worst, std::fabs(static_cast<double>(money * 1'000'000 + dust)) * 1e-12);
      worst_money = std::max(worst_money, std::fabs(static_cast<double>(money)) * 1e-6);
    }
    ledger.full_check();
    const Money opened = p.collateral * p.accounts;
    const Money drift = ledger.users_total() - opened;
    const Int128 all = Int128{drift.micros} * 1'000'000 + dust_ppm;
    double below = 0;
    for (std::uint32_t a = 0; a < ledger.accounts(); ++a) {
      below += ledger.balance(AccountId{a}) < Money::zero() ? 1 : 0;
    }
    return {worst, worst_money / interest, static_cast<double>(all) * 1e-12, below};
  }

 private:
  // Random sizes; the last account takes the other side of what the others hold.
  std::vector<Quantity> open_all(Ledger& ledger, Stream& stream) const {
    std::vector<Quantity> positions;
    Quantity net = {};
    for (std::int64_t a = 0; a < params().accounts; ++a) {
      ledger.post({SystemAccount::External, ledger.open_account(), params().collateral});
      const Quantity drawn{static_cast<std::int64_t>(stream.below(20'001)) - 10'000};
      const bool last = a + 1 == params().accounts;
      positions.push_back(last ? -net : drawn);
      net += positions.back();
    }
    return positions;
  }
  void check() const override {
    if (params().accounts * params().intervals > 50'000'000) {
      throw ScenarioError("intervals", "must be fewer: accounts x intervals at most 50 million");
    }
  }
};

// ---- a recorded power perpetual -------------------------------------------------------------

struct PowerParams {
  std::string file = {};
  Duration funding_period = 420_h;
  Duration row_time = 1_min;
  double published_ratio = 1.00859;
  double tolerance = 0.05;

  void visit(auto& v) {
    v("file", file, {.doc = "CSV, relative to the working or the source folder"});
    v("funding_period", funding_period, {.doc = "Of the rule: 17.5 d", .min = 1_h});
    v("row_time", row_time, {.doc = "Between two rows of the file", .min = 1_s});
    v("published_ratio", published_ratio, {.doc = "Mean mark / index", .min = 0.1, .max = 10.0});
    v("tolerance", tolerance, {.doc = "Of the funding, relative", .min = 1e-6, .max = 1.0});
  }
};

class PowerFunding final : public CaseOf<PowerParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const RecordedTable table(find_recorded(params().file));
    const double recorded =
        std::log(table.number(0, "norm_factor") / table.number(table.rows() - 1, "norm_factor"));
    const double t = params().tolerance;
    return {{"ln(factor at start / end), recorded", recorded, Comparison::Exact, t, true},
            {"the same per day", recorded / days(table), Comparison::Exact, t, true},
            {"mean mark / index", params().published_ratio, Comparison::Exact, 1e-4, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    constexpr double kScale = 1e4;  // of the token, in the contract
    const RecordedTable table(find_recorded(params().file));
    funding::squeeth::Params rule;
    rule.funding_period = params().funding_period;
    const Wad begin = wad(table.number(0, "norm_factor"));
    Wad factor = begin;
    double ratios = 0;
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const double spot = table.number(i, "eth_usd");
      const double token = table.number(i, "osqth_per_eth") * spot * kScale;
      ratios += token / table.number(i, "norm_factor") / (spot * spot);
      if (i + 1 == table.rows()) break;  // what follows is not recorded
      const funding::squeeth::Averages prices{.index = wad(spot * spot),
                                              .mark = wad(token / factor.value())};
      factor = funding::squeeth::normalization_factor(factor, prices, params().row_time, rule);
    }
    const double moved = std::log(begin.value() / factor.value());
    return {moved, moved / days(table), ratios / static_cast<double>(table.rows())};
  }
  [[nodiscard]] std::string unavailable() const override { return missing_recorded(params().file); }

 private:
  static Wad wad(double x) { return {static_cast<Int128>(x * 1e18)}; }
  [[nodiscard]] double days(const RecordedTable& table) const {
    return static_cast<double>(table.rows() - 1) * params().row_time.seconds() / 86'400;
  }
};

}  // namespace

std::unique_ptr<ValidationCase> perpetual_basis() { return make_case<PerpetualBasis>(); }
std::unique_ptr<ValidationCase> arbitrage_band() { return make_case<ArbitrageBand>(); }
std::unique_ptr<ValidationCase> funding_conservation() { return make_case<FundingConservation>(); }
std::unique_ptr<ValidationCase> power_funding() { return make_case<PowerFunding>(); }

}  // namespace mezz::validation
