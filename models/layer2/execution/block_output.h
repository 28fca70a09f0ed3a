// What a block of the exchange did, besides changing its state. Buffers are reused from block to
// block.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/layer2/messages.h"
#include "models/market/ids.h"
#include "sim/types/enum_names.h"
#include "sim/types/time.h"

namespace mezz {

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
  Quantity skew = {};         // of those who trade against a pool
  Money paid = {};            // sum over payers, since the last tick
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

}  // namespace mezz
