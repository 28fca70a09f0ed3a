// What an exchange (exchange.h) is: a plain value, and everything that can be read off it. What
// changes it is Exchange and its parts (Closing, Takeover, BatchClearing, PoolWinners).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "models/clearing/ledger.h"
#include "models/layer2/execution/exchange_params.h"
#include "models/layer2/execution/exchange_totals.h"
#include "models/layer2/execution/market.h"
#include "models/layer2/execution/skew_funding.h"
#include "models/layer2/messages.h"
#include "models/liquidation/drift_cascade.h"
#include "models/liquidation/dydx_v4.h"
#include "models/liquidation/price_index.h"
#include "models/market/batch_auction.h"
#include "models/market/venue/pool.h"

namespace mezz {

class ExchangeState {
 public:
  [[nodiscard]] const ExchangeParams& params() const { return params_; }
  [[nodiscard]] bool genesis_ended() const { return scalars_.root != 0; }
  [[nodiscard]] std::uint64_t root() const { return scalars_.root; }
  [[nodiscard]] BlockId block() const { return scalars_.block; }
  [[nodiscard]] MarketUpdate market() const;
  [[nodiscard]] ExchangeTotals totals() const;
  [[nodiscard]] Price oracle() const { return scalars_.oracle; }
  [[nodiscard]] Time oracle_time() const { return scalars_.oracle_time; }
  [[nodiscard]] std::uint32_t instruments() const {
    return static_cast<std::uint32_t>(markets_.size());
  }
  [[nodiscard]] const OrderBook& book(InstrumentId instrument = kMainInstrument) const {
    return market_of(instrument).book;
  }
  // Margin price; the index for the perpetual, the model's value for a listing.
  [[nodiscard]] Price mark(InstrumentId instrument) const;
  [[nodiscard]] const ListingSpec* listing(InstrumentId instrument) const;  // none: the perpetual
  [[nodiscard]] InstrumentId find_instrument(std::string_view name) const;  // none: not listed
  [[nodiscard]] bool trading(InstrumentId instrument) const {
    return !market_of(instrument).state.settled.happened();
  }
  // None: it trades on its book.
  [[nodiscard]] const venue::Pool* pool(InstrumentId instrument) const {
    const std::int32_t at = market_of(instrument).pool;
    return at < 0 ? nullptr : &pools_[static_cast<std::size_t>(at)].rule;
  }
  [[nodiscard]] std::int64_t pool_shares(AccountId account, InstrumentId instrument) const;
  // Net lots of those who trade against the pool, long positive; none where there is none.
  [[nodiscard]] Quantity traders_skew(InstrumentId instrument) const;
  // None: its funding does not follow a skew.
  [[nodiscard]] const SkewFunding* skew_funding(InstrumentId instrument) const;
  // Of one whose funding does: at the last block, of the side that pays; positive: the longs.
  [[nodiscard]] double skew_rate_per_day(InstrumentId instrument) const;
  [[nodiscard]] Price last_trade(InstrumentId instrument) const {
    return market_of(instrument).state.last_trade;
  }
  [[nodiscard]] Quantity open_interest(InstrumentId instrument) const {
    return market_of(instrument).positions.open_interest();
  }
  [[nodiscard]] Time marked_at() const { return scalars_.marked_at; }
  // As the marks see it now; for those who compute Greeks.
  [[nodiscard]] MarkState mark_state(InstrumentId instrument) const;
  // Price of the running auction of this account, of its value (maker_clip: of the mark; above it
  // is dear for the bidder whatever the side); of several (isolated margin) the lowest; none: no
  // auction runs.
  [[nodiscard]] std::optional<Ratio> auction_discount(AccountId account, Time now) const;
  [[nodiscard]] const margin::LiquidityTier& tier() const { return tier_; }
  [[nodiscard]] std::uint32_t accounts() const { return ledger_.accounts(); }
  [[nodiscard]] Money quote(AccountId account) const { return ledger_.balance(account); }
  [[nodiscard]] Quantity position(AccountId account,
                                  InstrumentId instrument = kMainInstrument) const {
    return market_of(instrument).positions.at(account).size;
  }
  // Collateral and requirements of the account at this index price; where margin is isolated, of
  // the position that lacks most or, if none does, has the least to spare.
  [[nodiscard]] margin::Risk risk(AccountId account, Price index) const;
  // What stands for one position where margin is isolated, at the marks: its purse is the cash.
  [[nodiscard]] margin::Risk position_risk(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] Money purse(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] Money equity(AccountId account, Price index) const;
  [[nodiscard]] Money free_collateral(AccountId account) const;  // may be negative
  // Sum of |position| at the marks over all instruments, in millionths of a dollar.
  [[nodiscard]] Int128 gross_notional(AccountId account) const;
  [[nodiscard]] bool is_nobodys(AccountId account) const;  // of the exchange itself: pool, vault
  [[nodiscard]] std::uint32_t live_orders(AccountId account) const;
  [[nodiscard]] Time liquidatable_since(AccountId account) const;
  // Sorted, from the price index; cost is that of the answer. Exact between blocks.
  void collect_liquidatable(Price index, std::vector<AccountId>& out) const;
  [[nodiscard]] bool any_liquidatable(Price index) const;
  // Accounts that the last liquidation could not close because the fund could not pay.
  void collect_deleverageable(std::vector<AccountId>& out) const;
  [[nodiscard]] bool needs_deleveraging(AccountId account) const;
  [[nodiscard]] Insolvency insolvency(Price index) const;

  // Walks everything and asserts every invariant. For tests and checkpoints.
  void full_check() const;

  void visit_state(auto& v) {
    v("scalars", scalars_);
    v("ledger", ledger_);
    for (PoolOf& pool : pools_) v("pool", pool.rule);  // as many as the parameters list
    v("stakes", stakes_);
    v("skew_funding", skew_);
    for (Market& market : markets_) v("market", market);  // as many as the parameters list
    v("index", index_);
    v("rows", rows_);
    v("samples", samples_);
    v("touched", touched_);
    v("breached", breached_);
    v("marked", marked_);
    v("prices", table_.prices);
    table_.index = scalars_.oracle;
    table_.at = scalars_.marked_at;
    v("portfolios", portfolios_);
    v("auctions", auctions_);
    v("liquidated", liquidated_);
    v("clips", clips_);
    v("cooling", cooling_);
    v("ramped", ramped_);
    v("sold", sold_);
    v("purses", purses_);
    v("short_purses", short_purses_);
    v("genesis", genesis_);
    cascade_.clear();
    all_filed_ = false;
    some_left_ = true;
  }

 protected:
  ExchangeState(const ExchangeParams& params, Price initial)
      : params_(params),
        preset_(params.margin_preset()),
        tier_(preset_.position.tier),
        index_(initial) {}

  enum RowFlags : std::uint32_t {
    kTouched = 1,
    kListed = 2,
    kMarked = 4,
    kPortfolio = 8,
    kAuction = 16,
    kPool = 32,
    kVault = 64,
  };
  static constexpr std::uint32_t kNobodys = kPool | kVault;  // accounts of the exchange itself

  struct Scalars {
    BlockId block = BlockId{0};
    Time now;
    Price oracle;
    Time oracle_time;
    Time next_sample;
    Time next_tick;
    Time funded;  // until then funding is paid
    Time next_expiry = Time::max();
    Time marked_at;
    std::uint64_t accounts_hash = 0;  // sums of the hashes of all rows
    std::uint64_t orders_hash = 0;
    std::uint64_t order_sequence = 0;
    std::uint64_t withdrawals = 0;
    BlockId gate_from = BlockId::none();  // last block that saw an insolvent account stay
    std::uint64_t root = 0;               // 0: genesis has not ended
    Money deposited;
    Money withdrawn;
    Money insurance_fund_min;
    Money adl_notional;
    Money funding_paid;
    Money liquidation_notional;
    Money loss_penalty;
    Money loss_fund;
    Money loss_adl;
    Money loss_socialised;
    Money expiries_paid;
    std::int64_t expiries = 0;
    std::int64_t bad_debt_accounts = 0;
    std::int64_t orders = 0;
    std::int64_t trades = 0;
    std::int64_t liquidations = 0;
    std::int64_t adl_counterparties = 0;
    std::int64_t adl_profitable = 0;
  };
  struct Row {
    std::uint64_t hash = 0;  // as summed up in accounts_hash
    Time liquidatable_since = Time::never();
    OrderRef first_order;
    std::uint32_t live_orders = 0;
    std::uint32_t flags = 0;
    std::uint32_t listed = 0;  // instruments held beside the perpetual
  };
  struct Holding {  // of one account in one instrument
    AccountId account;
    InstrumentId instrument;
    Money quote;
    Quantity size;
    Quantity coins = {};  // that a trade in an inverse perpetual would bring
    // Where margin is isolated: the position's part of the quote; `quote` has only that and what
    // is free.
    Money purse = {};
  };
  // Prices of everything at one index: what a margin rule asks for, listing by listing.
  struct PriceTable {
    Price index;
    Time at;
    std::vector<Price> prices;
  };
  struct Auction {
    AccountId account;
    InstrumentId instrument;  // whose purse is sold, where margin is isolated
    std::uint16_t insolvent = 0;
    Time started;
  };
  struct Clip {  // an auction of one position
    AccountId account;
    InstrumentId instrument;
    std::uint16_t reserved = 0;
    Price mark;  // when it started
    Time started;
  };
  struct Cooling {
    AccountId account;
    InstrumentId instrument;  // where margin is isolated
    std::uint16_t reserved = 0;
    Time until;
  };
  struct Ramped {  // is being liquidated by Drift's rule
    AccountId account;
    InstrumentId instrument;  // where margin is isolated
    std::uint16_t reserved = 0;
    Time started;
    Money freed = {};  // of the shortage, so far
  };
  struct Sold {  // by the vault, within the window of Synthetix v3's rule
    std::uint64_t instrument = 0;
    Time at;
    Quantity lots;
  };
  struct SharedLoss {  // of this block, to be borne by those who hold the instrument
    InstrumentId instrument;
    Money amount;
  };
  struct Liquidated {
    AccountId account;
    InstrumentId instrument;  // where margin is isolated
    std::uint16_t reserved = 0;
  };
  struct ShortPurse {  // below its maintenance margin
    AccountId account;
    InstrumentId instrument;
    std::uint16_t marked = 0;  // to be deleveraged
    Time since;
  };
  struct Ranking {
    InstrumentId instrument;
    Side held = Side::Buy;
    std::vector<AccountId> accounts;
  };
  struct PoolOf {
    InstrumentId instrument;
    AccountId account;  // holds its cash and its lots; nobody's
    venue::Pool rule;
  };
  struct Stake {  // of a liquidity provider
    AccountId account;
    std::uint32_t pool = 0;
    std::int64_t shares = 0;
  };
  struct CollectedOrder {  // of a batch auction: waits for the end of its block
    Transaction order;
    Receipt receipt;
  };

  [[nodiscard]] bool known(AccountId account) const { return account.value < rows_.size(); }
  [[nodiscard]] Market& market_of(InstrumentId instrument) {
    MEZZ_ASSERT(instrument.value < markets_.size());
    return markets_[instrument.value];
  }
  [[nodiscard]] const Market& market_of(InstrumentId instrument) const {
    MEZZ_ASSERT(instrument.value < markets_.size());
    return markets_[instrument.value];
  }
  [[nodiscard]] const Market& main() const { return markets_.front(); }
  [[nodiscard]] OrderTag& tag(OrderRef ref) { return market_of(ref.instrument()).tags[ref.slot()]; }
  [[nodiscard]] const OrderTag& tag(OrderRef ref) const {
    return market_of(ref.instrument()).tags[ref.slot()];
  }

  // Both sides of one fill, from the taker's point of view.
  struct FillTerms {
    Quantity quantity;  // signed for the taker
    Price price;
    Money value;  // quote change of the taker, without fees
    Money taker_fee;
    Money maker_fee;
    Quantity taker_coins = {};
    Quantity maker_coins = {};
  };
  struct Taker {
    AccountId account;
    InstrumentId instrument;
    Side side = Side::Buy;
    Price limit;
    Quantity left;  // > 0
    Ratio fee;
    std::optional<Ratio> maker_fee = {};  // none: that of the exchange
  };
  struct Parties {  // holdings before a fill; open interest of earlier fills of a dry run
    Holding taker;
    Holding maker;
    Quantity open_interest_change = {};
  };
  struct Change {
    Quantity size;
    Money quote;
    Quantity coins = {};
  };

  // exchange.cpp
  [[nodiscard]] std::uint64_t row_hash(AccountId account) const;
  [[nodiscard]] std::uint64_t compute_root() const;
  void check_orders() const;

  // exchange_orders.cpp
  [[nodiscard]] bool acceptable(const Transaction& tx) const;
  [[nodiscard]] Quantity tradable(const RestingOrder& maker, Quantity left,
                                  const Parties& parties) const;
  [[nodiscard]] Quantity dry_run(const Taker& taker, Quantity enough) const;
  [[nodiscard]] OrderRef find_order(AccountId account, std::uint64_t reference) const;

  // exchange_batch.cpp: the orders of a block together
  [[nodiscard]] batch_auction::Order rule_of(const Transaction& tx) const;

  // exchange_trade.cpp: the money side of a fill
  [[nodiscard]] Holding holding(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] margin::Risk risk_of(const Holding& h, const PriceTable& prices,
                                     Quantity open_interest) const;
  [[nodiscard]] bool may_change(const Holding& before, const Change& change,
                                Quantity open_interest_change) const;
  [[nodiscard]] Holding changed(const Holding& before, const Change& change,
                                Quantity open_interest) const;
  [[nodiscard]] static Quantity open_interest_change(const Parties& parties, Quantity taker_change);
  [[nodiscard]] FillTerms terms(const Taker& taker, Quantity lots, Price price) const;
  [[nodiscard]] Money fund() const { return ledger_.balance(SystemAccount::InsuranceFund); }

  // exchange_liquidation.cpp
  [[nodiscard]] Money cost_of(InstrumentId instrument, const FillTerms& terms) const;
  [[nodiscard]] liquidation::Subject subject(AccountId account, InstrumentId instrument) const;

  // exchange_waterfall.cpp: what outlives one liquidation
  [[nodiscard]] Quantity vault_offers(InstrumentId instrument) const;
  [[nodiscard]] Price clip_price(const Clip& clip, Quantity position, Time now) const;
  [[nodiscard]] std::uint64_t waterfall_hash() const;

  // exchange_deleverage.cpp
  [[nodiscard]] bool ranks() const {
    return params_.deleveraging == Deleveraging::Rank ||
           params_.deleveraging == Deleveraging::Hyperliquid;
  }
  // What positions cost is kept for those who rank by profit and for pools that close winners.
  [[nodiscard]] bool keeps_costs() const { return ranks() || pools_deleverage_; }
  [[nodiscard]] std::optional<Wad> rank_of(AccountId account, InstrumentId instrument) const;

  // exchange_listings.cpp: marks, expiry
  [[nodiscard]] PriceTable prices_at(Price index, Time at) const;
  [[nodiscard]] std::span<const Price> prices_in(const PriceTable& table,
                                                 InstrumentId instrument) const;
  [[nodiscard]] MarkState state_at(InstrumentId instrument, Price index, Time at) const;
  [[nodiscard]] bool is_portfolio(const Holding& h) const;
  [[nodiscard]] Duration horizon(InstrumentId instrument, Time at) const;
  [[nodiscard]] Leg leg_of(InstrumentId instrument, Quantity size, const PriceTable& prices) const;
  [[nodiscard]] AccountPortfolio portfolio_of(const Holding& h, const PriceTable& prices) const;
  [[nodiscard]] bool holds_nothing(AccountId account) const {
    return position(account) == Quantity::zero() && rows_[account.value].listed == 0;
  }
  [[nodiscard]] InstrumentId largest_position(AccountId account) const;
  [[nodiscard]] Money settlement_index(InstrumentId instrument) const;
  [[nodiscard]] std::uint64_t listings_hash() const;

  // exchange_watch.cpp: which portfolios must be looked at
  [[nodiscard]] std::vector<Int128> moves_between(const PriceTable& from,
                                                  const PriceTable& to) const;
  void collect_portfolios(Price index, std::vector<AccountId>& out) const;

  // exchange_isolated.cpp: every position has a purse of its own
  [[nodiscard]] bool isolated(AccountId account) const {
    return !purses_.empty() && (rows_[account.value].flags & kNobodys) == 0;
  }
  // Of one account: what belongs to one instrument belongs to the other.
  [[nodiscard]] bool together(AccountId account, InstrumentId a, InstrumentId b) const {
    return a == b || !isolated(account);
  }
  // Of rows by account and instrument (auctions, clips, ...): the one of this position; none: null.
  [[nodiscard]] auto* find_of(auto& rows, AccountId account, InstrumentId instrument) const {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
      return row.account == account && together(account, row.instrument, instrument);
    });
    return at == rows.end() ? nullptr : &*at;
  }
  [[nodiscard]] InstrumentId key_of(AccountId account, InstrumentId instrument) const {
    return isolated(account) ? instrument : kMainInstrument;
  }
  [[nodiscard]] Money purse_after(const Holding& before, const Change& change,
                                  Quantity open_interest) const;
  // What stands for the position: the equity of the account, or of the isolated position.
  [[nodiscard]] Money at_risk(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] margin::Risk worst_purse(AccountId account, InstrumentId from,
                                         const PriceTable& prices) const;
  [[nodiscard]] bool is_marked(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] Money payable(AccountId account) const;
  [[nodiscard]] Money purse_debts(AccountId account, Price index) const;
  [[nodiscard]] bool may_move(const Holding& before, const Change& change) const;
  void check_purses(AccountId account) const;

  // exchange_pools.cpp
  void check_pools() const;

  // exchange_skew.cpp
  void bring_up(SkewFunding& skew, FundingIndices& indices) const;
  [[nodiscard]] std::uint64_t skew_hash() const;
  void check_skew_funding() const;

  // exchange_auction.cpp
  [[nodiscard]] bool is_auctioned(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] Money value_of(InstrumentId instrument, Quantity lots) const;  // at the mark

  ExchangeParams params_;
  MarginPreset preset_;
  margin::LiquidityTier tier_;                // of the preset
  std::vector<std::size_t> price_offset_;     // of each instrument in a table, and the end
  InstrumentId spot_ = InstrumentId::none();  // the listing that holds coins
  AccountId vault_ = AccountId::none();       // of the rules that have one
  bool pools_deleverage_ = false;             // one of them does

  Scalars scalars_;
  Ledger ledger_;
  std::vector<Market> markets_;  // the perpetual, then the listings
  liquidation::PriceIndex index_;
  std::vector<Row> rows_;
  std::vector<std::int64_t> samples_;  // premiums since the last tick
  std::vector<AccountId> touched_;     // to be filed and hashed again
  std::vector<AccountId> breached_;    // superset of the accounts with liquidatable_since
  PriceTable table_;                   // at the oracle price
  std::vector<AccountId> portfolios_;  // superset of the accounts that hold listings
  std::vector<PoolOf> pools_;
  std::vector<Stake> stakes_;             // by pool and account
  std::vector<SkewFunding> skew_;         // of pools whose skew sets the funding; as pools_
  std::vector<Auction> auctions_;         // by account
  std::vector<AccountId> marked_;         // superset of the accounts with kMarked
  std::vector<Liquidated> liquidated_;    // in this block
  std::vector<Clip> clips_;               // in the order they started
  std::vector<Cooling> cooling_;          // in the order they began
  std::vector<Ramped> ramped_;            // in the order they began
  std::vector<Sold> sold_;                // oldest first
  std::vector<Money> purses_;             // of an account, in all; only where margin is isolated
  std::vector<ShortPurse> short_purses_;  // by account and instrument
  std::vector<Quantity> genesis_;         // positions until end_genesis()
  std::vector<Ranking> rankings_;         // of this block and index price; not state between blocks

  std::vector<CollectedOrder> collected_;  // wait for the end of this block; none between blocks
  std::vector<SharedLoss> shared_losses_;  // so do these

  // Not state: without them every portfolio is looked at once, and the same is found.
  liquidation::DriftCascade cascade_;  // a clock for each instrument's prices
  bool all_filed_ = true;              // all portfolios but those in breached_
  bool some_left_ = false;             // accounts in portfolios_ that hold no listing any more
};

}  // namespace mezz
