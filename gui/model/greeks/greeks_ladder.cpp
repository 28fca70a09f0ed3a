#include "gui/model/greeks/greeks_ladder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "gui/model/kept_rows.h"
#include "models/market/listing.h"
#include "sim/check/error.h"
#include "sim/config/units.h"
#include "sim/config/visit.h"
#include "sim/types/enum_names.h"

namespace mezz::gui {

namespace {

// Reads a struct from the texts of the parameters, by the names of its visit(). What is missing or
// cannot be read keeps its default: a file of another version is looked at, not refused.
struct ReadTexts {
  const RunSummary& run;
  std::string path;

  template <class T>
  void operator()(std::string_view name, T& field, const SpecOf<T>& = {}) {
    const std::string where = path + "." + std::string(name);
    read(where, field);
  }

 private:
  template <class T>
  void read(const std::string& where, std::optional<T>& field) {
    if constexpr (requires(T t, ReadTexts v) { t.visit(v); }) {
      if (run.parameter(where) == "none" || run.parameter(where + ".a").empty()) return;
      T value{};
      ReadTexts inner{run, where};
      value.visit(inner);
      field = value;
    } else if (const std::string text = run.parameter(where); !text.empty() && text != "none") {
      T value{};
      read(where, value);
      field = value;
    }
  }
  template <class T>
  void read(const std::string& where, T& field) {
    const std::string text = run.parameter(where);
    if (text.empty()) return;
    if constexpr (config::StrongType<T>) {
      const config::Amount amount = config::parse_amount(config::Strong<T>::dimension, text);
      if (amount.problem.empty()) field = config::Strong<T>::make(amount.value);
    } else if constexpr (std::is_enum_v<T>) {
      for (std::size_t i = 0; i < std::size(EnumNames<T>::names); ++i) {
        if (EnumNames<T>::names[i] == text) field = static_cast<T>(i);
      }
    } else if constexpr (std::is_same_v<T, std::string>) {
      field = text;
    } else if constexpr (std::is_integral_v<T>) {
      field = std::strtoll(text.c_str(), nullptr, 10);
    } else {
      field = std::strtod(text.c_str(), nullptr);
    }
  }
};

constexpr double kDaysOfYear = 365.0;

Money money(double usd) { return Money{std::llround(usd * 1e6)}; }

double units_of_lots(const ListingSpec& spec, double lots) {
  return lots * std::pow(10.0, -static_cast<double>(spec.lot_decimals));
}

}  // namespace

struct GreeksLadder::Listing {
  ListingSpec spec;
  bool sound = false;  // the exchange would accept these terms
  std::vector<MarkRow> marks;
};

GreeksLadder::~GreeksLadder() = default;
GreeksLadder::GreeksLadder(GreeksLadder&&) noexcept = default;
GreeksLadder& GreeksLadder::operator=(GreeksLadder&&) noexcept = default;

GreeksLadder::GreeksLadder(std::shared_ptr<const RunData> run) {
  read_listings(*run);
  if (listings_.empty()) {
    reason_ = "This scenario has no listings (market.listing) beside the perpetual";
    return;
  }
  read_marks(*run);
  const bool any = std::any_of(listings_.begin(), listings_.end(),
                               [](const Listing& one) { return !one.marks.empty(); });
  if (!any)
    reason_ = "This result has no rows of tables/listing_marks; [[record]] may have left them out";
  else if (index_.empty())
    reason_ = "This result has no rows of tables/blocks, which hold the index";
}

void GreeksLadder::read_listings(const RunData& run) {
  ContractSpec contract;
  ReadTexts terms{run.summary, "market.contract"};
  contract.visit(terms);
  for (std::size_t i = 0; i < kListingsMax; ++i) {
    const std::string path = "market.listing[" + std::to_string(i) + "]";
    if (run.summary.parameter(path + ".kind").empty()) return;
    Listing listing;
    ReadTexts read{run.summary, path};
    listing.spec.visit(read);
    try {
      contract.check("market.contract");
      listing.spec.check(path, contract);
      listing.sound = true;
    } catch (const ScenarioError&) {  // somebody else's file: its Greeks are not known
    }
    listings_.push_back(std::move(listing));
  }
}

void GreeksLadder::read_marks(const RunData& run) {
  const TableData* marks = run.table("tables/listing_marks");
  if (marks != nullptr) {
    const ColumnData* time = whole_column(*marks, "time");
    const ColumnData* instrument = whole_column(*marks, "instrument");
    const ColumnData* mark = whole_column(*marks, "mark");
    const ColumnData* open = whole_column(*marks, "open_interest");
    const bool all = time != nullptr && instrument != nullptr && mark != nullptr && open != nullptr;
    const std::vector<bool> kept = kept_rows(run, *marks);
    for (std::size_t row = 0; all && row < marks->rows; ++row) {
      const std::int64_t number = instrument->stored[row];
      if (!kept[row] || number < 1 || number > static_cast<std::int64_t>(listings_.size()))
        continue;
      listings_[static_cast<std::size_t>(number) - 1].marks.push_back(
          {time->stored[row], mark->number(row), open->number(row)});
    }
  }
  const TableData* blocks = run.table("tables/blocks");
  const ColumnData* time = blocks == nullptr ? nullptr : whole_column(*blocks, "time");
  const ColumnData* oracle = blocks == nullptr ? nullptr : whole_column(*blocks, "oracle");
  if (time == nullptr || oracle == nullptr) return;
  Money tick;
  const config::Amount amount =
      config::parse_amount(config::Dimension::Money, run.summary.parameter("market.contract.tick"));
  if (amount.problem.empty()) tick = config::Strong<Money>::make(amount.value);
  const std::vector<bool> kept = kept_rows(run, *blocks);
  for (std::size_t row = 0; row < blocks->rows; ++row) {
    if (kept[row]) index_.push_back({time->stored[row], oracle->number(row) * tick.usd()});
  }
}

double GreeksLadder::index_at(Time t) const {
  const auto after =
      std::upper_bound(index_.begin(), index_.end(), t.ns,
                       [](std::int64_t ns, const IndexPoint& p) { return ns < p.time; });
  return after == index_.begin() ? 0.0 : (after - 1)->usd;
}

double GreeksLadder::mean_index(Time from, Time to) const {
  double total = 0.0;
  double n = 0.0;
  for (const IndexPoint& point : index_) {
    if (point.time < from.ns || point.time > to.ns) continue;
    total += point.usd;
    n += 1.0;
  }
  return n > 0.0 ? total / n : index_at(to);
}

std::optional<UnitGreeks> GreeksLadder::greeks_of(const Listing& listing, Time t,
                                                  double index) const {
  const ListingSpec& spec = listing.spec;
  constexpr double kIndexMax = 1e9;  // above it the file is damaged
  const bool known = listing.sound && index > 0.0 && index < kIndexMax && t.ns >= 0;
  if (!known || spec.funding == ListingFunding::InKind) return std::nullopt;
  if (spec.kind == ListingKind::PowerPerp && index > 100.0 * spec.power_scale.usd())
    return std::nullopt;  // its payoff may have no number
  MarkState state{.now = t, .index = money(index)};
  if (expires(spec.kind)) {
    state.averaged = window_passed(spec, t);
    const Time window{spec.expiry.ns - spec.settlement_window.ns};
    if (state.averaged.ppb > 0) state.average = money(mean_index(window, t));
  }
  const ListingGreeks lot = mezz::greeks(spec, state);
  const double unit = 1.0 / units_of_lots(spec, 1.0);
  return UnitGreeks{.delta = lot.delta * unit,
                    .gamma = lot.gamma * unit,
                    .vega = lot.vega * unit / 100.0,
                    .theta = lot.theta * unit / kDaysOfYear};
}

Greeks GreeksLadder::at(Time t) const {
  Greeks out{.at = t, .index = index_at(t)};
  for (const Listing& listing : listings_) {
    const ListingSpec& spec = listing.spec;
    const bool ends = expires(spec.kind);
    if (ends && t.ns >= spec.expiry.ns) continue;
    const auto after =
        std::upper_bound(listing.marks.begin(), listing.marks.end(), t.ns,
                         [](std::int64_t ns, const MarkRow& row) { return ns < row.time; });
    if (after == listing.marks.begin()) continue;
    const MarkRow& mark = *(after - 1);
    GreeksRow row{.name = spec.name,
                  .kind = std::string(enum_name(spec.kind)),
                  .strike = spec.strike.usd(),
                  .mark = mark.ticks * spec.tick.usd(),
                  .open_interest = units_of_lots(spec, mark.lots),
                  .greeks = greeks_of(listing, t, out.index)};
    if (ends) row.left = Duration{spec.expiry.ns - t.ns};
    out.rows.push_back(std::move(row));
  }
  std::stable_sort(out.rows.begin(), out.rows.end(), [](const GreeksRow& a, const GreeksRow& b) {
    constexpr Duration kNever{std::numeric_limits<std::int64_t>::max()};
    return std::pair(a.left.value_or(kNever).ns, a.strike) <
           std::pair(b.left.value_or(kNever).ns, b.strike);
  });
  return out;
}

}  // namespace mezz::gui
