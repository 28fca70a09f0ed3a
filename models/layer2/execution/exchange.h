// The perpetual exchange as a state machine: the state of the layer two. A plain value without
// clock, engine or randomness: the same transactions in the same blocks give the same state and the
// same root, which is what lets a challenger find a false claim by running it again. Copy it to
// keep a state, assign it to return to one.
//
// Modelled: a linear perpetual with the rules of dYdX v4 (cross margin in quote; index price from
// an oracle; price-time order book; hourly funding from impact-price premiums; liquidation by
// transaction at the fillable price; insurance fund; deleveraging at the bankruptcy price; bad debt
// when all fails); and any number of listings on the same underlying (models/instruments): futures,
// options, digitals, everlasting options, power perpetuals, each with a book of its own. An account
// is {quote balance, positions}: equity = quote + sum of position x mark. A trade moves quote
// between two accounts, so money is conserved by construction, and checked by the ledger. Accounts
// with nothing but the perpetual are margined by its tier and found by their liquidation price;
// those that hold listings by the rule of `margin` over all they hold, and, where that is a rule of
// portfolios, liquidated by Dutch auction (exchange_auction.cpp). Expiries settle at the head of
// the first block that is due, at the average of the index before them. Left out: sub-account
// transfers, order expiry, several underlyings.
// Ours, where dYdX differs: funding is paid to every account at the tick, not when it is next
// touched; one premium per sample (a sequencer has no validators to vote); resting reduce-only
// orders exist and are cut when they come to trade; orders of a liquidated account are cancelled.
// With Matching::BatchAuction the orders of a block trade together at its end (exchange_batch.cpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "models/clearing/ledger.h"
#include "models/layer2/execution/batch_order.h"
#include "models/layer2/execution/exchange_params.h"
#include "models/layer2/execution/exchange_totals.h"
#include "models/layer2/execution/market.h"
#include "models/layer2/messages.h"
#include "models/liquidation/drift_cascade.h"
#include "models/liquidation/dydx_v4.h"
#include "models/liquidation/price_index.h"
#include "models/market/venue/pool.h"

namespace mezz {

// What a block did, besides receipts; buffers are reused from block to block.
struct TradeEvent {
  AccountId taker;
  AccountId maker;
  InstrumentId instrument;
  Quantity quantity;  // signed for the taker
  Price price;
  Money taker_fee;
  Money maker_fee;
};
enum class LiquidationStep : std::uint8_t {
  Book,
  Keeper,
  InsuranceFund,
  Deleverage,
  BadDebt,
  AuctionStart,  // of a solvent account or, again, of an insolvent one
  Auction,       // a bidder took part of every position
  Backstop,      // the vault took everything over
  Socialised,    // all accounts bear the loss
};
template <>
struct EnumNames<LiquidationStep> {
  static constexpr std::string_view names[] = {"book",       "keeper",   "insurance_fund",
                                               "deleverage", "bad_debt", "auction_start",
                                               "auction",    "backstop", "socialised"};
};
// The equity of the account changes by fund_paid + bad_debt + socialised - cost, exactly.
struct LiquidationEvent {
  AccountId account;
  AccountId counterparty = {};  // keeper or deleveraged account, or none
  InstrumentId instrument = kMainInstrument;
  LiquidationStep step = LiquidationStep::Book;
  Quantity quantity = {};                   // closed by this step, signed for the account
  Price price = {};                         // average, rounded to the tick
  Money notional = {};                      // at the index price, positive
  Money fee = {};                           // liquidation fee to the fund (> 0)
  Money fund_paid = {};                     // by the insurance fund (> 0)
  Money bad_debt = {};                      // booked (> 0)
  Money socialised = {};                    // to be borne by all (> 0)
  Money cost = {};                          // lost against the mark, fees included
  Time liquidatable_since = Time::never();  // when the index first made it liquidatable
};
struct WithdrawalEvent {
  std::uint64_t number;  // position in the list of withdrawals of the chain, from 0
  AccountId account;
  Money amount;
};
struct FundingEvent {
  InstrumentId instrument = kMainInstrument;
  std::int64_t rate_ppm = 0;  // per 8 h, after the clamp
  Money paid = {};            // sum over payers
  Money rounding = {};        // dust to the rounding account
};

struct ExpiryEvent {
  InstrumentId instrument;
  Money index;             // it settled at, per unit of the underlying
  Money value;             // of one lot
  Quantity open_interest;  // settled, long side
  Money paid;              // sum over the winners
};

struct BlockOutput {
  std::vector<Receipt> receipts;
  std::vector<MakerFill> maker_fills;
  std::vector<TradeEvent> trades;
  std::vector<LiquidationEvent> liquidations;
  std::vector<WithdrawalEvent> withdrawals;
  std::vector<FundingEvent> funding;
  std::vector<ExpiryEvent> expiries;
  void clear();
};

// An OracleUpdate (and, with pull oracles, a Liquidate) may carry the half width of its confidence
// interval, in ticks, as `amount`. An order whose number is that of a live one replaces it. A
// MakerFill with nothing filled and nothing left says that a resting order was removed: self-cross,
// failed margin check, nothing left to reduce, account liquidated. Market orders take any price
// unless they carry one, and never rest.
class Exchange {
 public:
  explicit Exchange(const ExchangeParams& params);

  // ---- before the first block
  AccountId open_account();
  void genesis_deposit(AccountId account, Money amount);
  void genesis_position(AccountId account, Quantity quantity, Price entry);
  std::uint64_t end_genesis();  // positions must sum to zero; returns the state root

  // ---- blocks
  void begin_block(BlockId block, Time now);
  TxStatus execute(const Transaction& tx, TxId id, BlockOutput& out);
  std::uint64_t end_block(BlockOutput& out);  // returns the state root
  // The protocol has a transaction of its own to run: funding, or the settlement of an expiry.
  [[nodiscard]] bool funding_due(Time now) const {
    return now >= scalars_.next_tick || now >= scalars_.next_expiry;
  }

  // ---- looking
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
    v("purses", purses_);
    v("short_purses", short_purses_);
    v("genesis", genesis_);
    cascade_.clear();
    all_filed_ = false;
    some_left_ = true;
  }

 private:
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
  struct BatchTrade {  // by place in the list of orders
    std::size_t taker = 0;
    std::size_t maker = 0;
    FillTerms terms;
  };
  struct Batch {
    InstrumentId instrument;
    Price price = {};
    std::vector<BatchOrder> orders = {};  // those that rested come first
    std::vector<BatchTrade> trades = {};
    std::map<std::pair<AccountId, Side>, Quantity> closable = {};  // left for reduce-only orders
  };
  struct Closing {  // one liquidation under way
    AccountId target;
    AccountId keeper;
    InstrumentId instrument;
    Price limit;
    Quantity left;  // > 0 buys back a short
    Time since;
    Money fund_paid = {};
    bool refused = false;  // the fund could not pay
    bool partial = false;  // less than the position, and it cools down afterwards
    std::int64_t steps = 0;
  };

  // exchange.cpp
  TxStatus dispatch(const Transaction& tx, Receipt& receipt, BlockOutput& out);
  TxStatus deposit(const Transaction& tx);
  TxStatus withdraw(const Transaction& tx, BlockOutput& out);
  TxStatus update_oracle(Price price, Time observed, std::int64_t confidence_ticks);
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
  void touch(AccountId account);
  void settle_touched();
  void file(AccountId account);
  void note_breach(AccountId account, bool breached);
  void find_breached();
  [[nodiscard]] std::uint64_t row_hash(AccountId account) const;
  [[nodiscard]] std::uint64_t compute_root() const;
  void check_orders() const;

  // exchange_orders.cpp
  TxStatus place(const Transaction& tx, Receipt& receipt, BlockOutput& out);
  [[nodiscard]] bool acceptable(const Transaction& tx) const;
  bool rest(const Transaction& tx, const Taker& taker);
  bool match(Taker& taker, FillSum& sum, BlockOutput& out);
  void fill(const Taker& taker, const RestingOrder& maker, const FillTerms& terms,
            BlockOutput& out);
  [[nodiscard]] RestingOrder next_maker(const Taker& taker, BlockOutput& out);
  [[nodiscard]] Quantity tradable(const RestingOrder& maker, Quantity left,
                                  const Parties& parties) const;
  [[nodiscard]] Quantity dry_run(const Taker& taker, Quantity enough) const;
  [[nodiscard]] OrderRef find_order(AccountId account, std::uint64_t reference) const;
  void link_order(OrderRef ref, const RestingOrder& order, const Transaction& tx);
  void unlink_order(OrderRef ref, AccountId account);
  void cancel_order(OrderRef ref, AccountId account);
  void expel_order(OrderRef ref, const RestingOrder& order, BlockOutput& out);
  void cancel_all(AccountId account, BlockOutput& out, bool tell_owner);
  void hash_order(OrderRef ref, const RestingOrder& order);

  // exchange_batch.cpp: the orders of a block together
  TxStatus collect(const Transaction& tx, const Receipt& receipt, BlockOutput& out);
  void give_back(std::size_t collected, TxStatus status, BlockOutput& out);
  bool take_back(AccountId account, std::uint64_t reference, BlockOutput& out);
  void take_back_all(AccountId account, TxStatus status, BlockOutput& out);
  void remove_own_crossing(const Transaction& tx, BlockOutput& out);
  [[nodiscard]] batch_auction::Order rule_of(const Transaction& tx) const;
  void clear_batches(BlockOutput& out);
  void add_rested(Batch& batch, Side side, BlockOutput& out);
  void add_collected(Batch& batch) const;
  [[nodiscard]] Quantity cut_to_closable(Batch& batch, AccountId account, Side side,
                                         Quantity lots) const;
  void match_batch(Batch& batch) const;
  void pair_up(Batch& batch) const;
  [[nodiscard]] std::vector<std::size_t> misfits(const Batch& batch) const;
  void trade_batch(const Batch& batch, BlockOutput& out);
  void finish_rested(const Batch& batch, const BatchOrder& order, BlockOutput& out);
  void finish_collected(const Batch& batch, const BatchOrder& order, BlockOutput& out);

  // exchange_trade.cpp: the money side of a fill
  [[nodiscard]] Holding holding(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] margin::Risk risk_of(const Holding& h, const PriceTable& prices,
                                     Quantity open_interest) const;
  struct Change {
    Quantity size;
    Money quote;
    Quantity coins = {};
  };
  [[nodiscard]] bool may_change(const Holding& before, const Change& change,
                                Quantity open_interest_change) const;
  [[nodiscard]] Holding changed(const Holding& before, const Change& change,
                                Quantity open_interest) const;
  enum class Trader : std::uint8_t { Free, Liquidated };
  [[nodiscard]] FillTerms terms(const Taker& taker, Quantity lots, Price price) const;
  [[nodiscard]] static Quantity open_interest_change(const Parties& parties, Quantity taker_change);
  void trade(InstrumentId instrument, AccountId taker, AccountId maker, const FillTerms& terms,
             Trader taker_is = Trader::Free);
  void move_lots(InstrumentId instrument, AccountId buyer, AccountId seller, Quantity lots);
  void bring_coins(AccountId account, Quantity coins);
  void change_listed(InstrumentId instrument, AccountId account, Quantity before);
  [[nodiscard]] Money fund() const { return ledger_.balance(SystemAccount::InsuranceFund); }
  void pay_from_fund(AccountId account, Money amount);

  // exchange_liquidation.cpp
  TxStatus liquidate(const Transaction& tx, BlockOutput& out);
  TxStatus close_position(const Liquidated& what, AccountId keeper, Time since, BlockOutput& out);
  TxStatus deleverage(const Transaction& tx, BlockOutput& out);
  TxStatus deleverage_position(const Liquidated& what, Time since, BlockOutput& out);
  void emit(const LiquidationEvent& event, BlockOutput& out);
  [[nodiscard]] Money cost_of(InstrumentId instrument, const FillTerms& terms) const;
  [[nodiscard]] bool refresh_pull_price(const Transaction& tx);
  [[nodiscard]] liquidation::Subject subject(AccountId account, InstrumentId instrument) const;
  void close_on_book(Closing& closing, BlockOutput& out);
  void close_to_keeper(Closing& closing, BlockOutput& out);
  [[nodiscard]] Quantity keeper_capacity(const Closing& closing) const;
  bool close_part(Closing& closing, AccountId counterparty, const FillTerms& terms,
                  LiquidationEvent& event);
  void report(Closing& closing, LiquidationEvent& event, const FillSum& sum, BlockOutput& out);
  void deleverage_walk(Closing& closing, BlockOutput& out);
  void sweep(AccountId account, Time since, BlockOutput& out);
  void cover(const Liquidated& what, Money loss, Time since, BlockOutput& out);
  void finish_closing(Closing& closing, BlockOutput& out);

  // exchange_waterfall.cpp: what the other rules do differently
  void open_vault();
  bool plan_closing(Closing& closing, const liquidation::Subject& before);
  void run_closing(Closing& closing, BlockOutput& out);
  struct FundTerms {
    Money delta;  // > 0: fee to the fund; < 0: what the fund must add
    Money most;   // it may add
  };
  [[nodiscard]] FundTerms fund_terms(const Closing& closing, const FillTerms& terms) const;
  [[nodiscard]] FillTerms keeper_terms(const Closing& closing, Quantity lots) const;
  struct Bonus {  // of a keeper that takes over at a fixed discount
    Money keeper;
    Money fund;
  };
  [[nodiscard]] Bonus bonus_of(const Closing& closing, Quantity lots) const;
  [[nodiscard]] bool is_cooling(AccountId account, InstrumentId instrument) const;
  void close_to_backstop(Closing& closing, BlockOutput& out);
  void tend_backstop(BlockOutput& out);
  void close_by_clip(Closing& closing, BlockOutput& out);
  [[nodiscard]] const Clip* find_clip(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] Price clip_price(const Clip& clip, Quantity position, Time now) const;
  void start_clip(Closing& closing, BlockOutput& out);
  void book_loss(LiquidationEvent event, Money loss, BlockOutput& out);
  void share_losses();
  [[nodiscard]] std::uint64_t waterfall_hash() const;

  // exchange_deleverage.cpp
  [[nodiscard]] bool ranks() const {
    return params_.deleveraging == Deleveraging::Rank ||
           params_.deleveraging == Deleveraging::Hyperliquid;
  }
  // What positions cost is kept for those who rank by profit and for pools that close winners.
  [[nodiscard]] bool keeps_costs() const { return ranks() || pools_deleverage_; }
  void note_cost(InstrumentId instrument, AccountId account, Quantity before, const Change& change);
  [[nodiscard]] std::optional<Wad> rank_of(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] const std::vector<AccountId>& counterparties(InstrumentId instrument, Side held);
  void deleverage_against(Closing& closing, AccountId other, BlockOutput& out);

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
  void refresh_marks();
  void accrue_fixings();
  [[nodiscard]] Money settlement_index(InstrumentId instrument) const;
  void settle_expired(BlockOutput& out);
  void settle_expiry(InstrumentId instrument, BlockOutput& out);
  [[nodiscard]] std::uint64_t listings_hash() const;

  // exchange_watch.cpp: which portfolios must be looked at
  [[nodiscard]] std::vector<Int128> moves_between(const PriceTable& from,
                                                  const PriceTable& to) const;
  void watch(AccountId account, const margin::Risk& now);
  void find_breached_portfolios();
  void collect_portfolios(Price index, std::vector<AccountId>& out) const;

  // exchange_isolated.cpp: every position has a purse of its own
  [[nodiscard]] bool isolated(AccountId account) const {
    return !purses_.empty() && (rows_[account.value].flags & kNobodys) == 0;
  }
  // Of one account: what belongs to one instrument belongs to the other.
  [[nodiscard]] bool together(AccountId account, InstrumentId a, InstrumentId b) const {
    return a == b || !isolated(account);
  }
  [[nodiscard]] InstrumentId key_of(AccountId account, InstrumentId instrument) const {
    return isolated(account) ? instrument : kMainInstrument;
  }
  [[nodiscard]] Money purse_after(const Holding& before, const Change& change,
                                  Quantity open_interest) const;
  void put_in_purse(AccountId account, InstrumentId instrument, Money amount);
  void release_purse(AccountId account, InstrumentId instrument, Time since, BlockOutput& out);
  // What stands for the position: the equity of the account, or of the isolated position.
  [[nodiscard]] Money at_risk(AccountId account, InstrumentId instrument) const;
  [[nodiscard]] margin::Risk worst_purse(AccountId account, InstrumentId from,
                                         const PriceTable& prices) const;
  bool note_purses(AccountId account);
  [[nodiscard]] ShortPurse* find_short(AccountId account, InstrumentId instrument);
  [[nodiscard]] bool is_marked(AccountId account, InstrumentId instrument) const;
  void mark_for_deleveraging(AccountId account, InstrumentId instrument, bool marked);
  TxStatus liquidate_purses(const Transaction& tx, AccountId target, BlockOutput& out);
  TxStatus deleverage_purses(AccountId target, BlockOutput& out);
  void expel_orders(AccountId account, InstrumentId instrument, BlockOutput& out);
  [[nodiscard]] Money payable(AccountId account) const;
  void charge(AccountId account, Money share);
  [[nodiscard]] Money purse_debts(AccountId account, Price index) const;
  [[nodiscard]] bool may_move(const Holding& before, const Change& change) const;
  void follow_lots(AccountId account, InstrumentId instrument);
  void check_purses(AccountId account) const;

  // exchange_pools.cpp
  void open_pools();
  TxStatus swap(const Transaction& tx, Receipt& receipt, BlockOutput& out);
  TxStatus add_liquidity(const Transaction& tx);
  TxStatus remove_liquidity(const Transaction& tx);
  void move_liquidity(const PoolOf& pool, AccountId provider, Money quote, Quantity lots);
  [[nodiscard]] Stake* find_stake(AccountId account, std::uint32_t pool);
  void check_pools() const;
  struct Winners {  // of one side of an instrument, at the mark
    Money pending;  // of all who hold it, losers included
    std::vector<std::pair<Money, AccountId>> gains;
  };
  [[nodiscard]] Winners winners_of(InstrumentId instrument, Side held) const;
  void tend_pools(BlockOutput& out);
  void deleverage_winners(PoolOf& pool, const venue::PoolParams& rule, Side held, BlockOutput& out);
  Quantity close_winner(PoolOf& pool, AccountId winner, Quantity change, BlockOutput& out);

  // exchange_auction.cpp
  TxStatus auction(const Transaction& tx, const Liquidated& what, Time since, BlockOutput& out);
  [[nodiscard]] Auction* find_auction(AccountId account, InstrumentId instrument);
  [[nodiscard]] bool is_auctioned(AccountId account, InstrumentId instrument) const;
  void start_auction(const Liquidated& what, Time since, BlockOutput& out);
  void end_auction(AccountId account, InstrumentId instrument);
  void end_auctions(AccountId account);
  struct Bid {
    AccountId target;
    InstrumentId instrument;  // whose purse it is for, where margin is isolated
    AccountId bidder;
    Time since;
    Wad part;
    Money price;   // for `part`, solvent
    Money payout;  // to the bidder, insolvent
    LiquidationStep step = LiquidationStep::Auction;
  };
  [[nodiscard]] Money value_of(InstrumentId instrument, Quantity lots) const;  // at the mark
  [[nodiscard]] Quantity lots_taken(const Bid& bid, InstrumentId instrument) const;
  [[nodiscard]] bool can_take(const Bid& bid) const;
  [[nodiscard]] Money cash_taken(const Bid& bid) const;
  void take(const Bid& bid, BlockOutput& out);

  // exchange_funding.cpp
  void fund_listings(BlockOutput& out);
  void pay_funding(InstrumentId instrument, FundingEvent& event);
  void sample_premium();
  TxStatus settle_funding(BlockOutput& out);

  ExchangeParams params_;
  MarginPreset preset_;
  margin::LiquidityTier tier_;                // of the preset
  std::vector<std::size_t> price_offset_;     // of each instrument in a table, and the end
  InstrumentId spot_ = InstrumentId::none();  // the listing that holds coins
  AccountId vault_ = AccountId::none();       // of the rule hyperliquid
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
  std::vector<Auction> auctions_;         // by account
  std::vector<AccountId> marked_;         // superset of the accounts with kMarked
  std::vector<Liquidated> liquidated_;    // in this block
  std::vector<Clip> clips_;               // in the order they started
  std::vector<Cooling> cooling_;          // in the order they began
  std::vector<Money> purses_;             // of an account, in all; only where margin is isolated
  std::vector<ShortPurse> short_purses_;  // by account and instrument
  std::vector<Quantity> genesis_;         // positions until end_genesis()
  std::vector<Ranking> rankings_;         // of this block and index price; not state between blocks

  std::vector<CollectedOrder> collected_;  // wait for the end of this block; none between blocks

  // Not state: without them every portfolio is looked at once, and the same is found.
  liquidation::DriftCascade cascade_;  // a clock for each instrument's prices
  bool all_filed_ = true;              // all portfolios but those in breached_
  bool some_left_ = false;             // accounts in portfolios_ that hold no listing any more
};

}  // namespace mezz
