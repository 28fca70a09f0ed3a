// A small scenario of minutes that runs in less than a second, written to a file of its own because
// the form reads files.
#pragma once

#include <string>

#include "scenarios/scenario.h"
#include "tests/scratch_folder.h"

namespace mezz::lab {

inline constexpr const char* kSmall = R"(
title = "A small crash"
question = "Who is liquidated?"
[run]
seed = 7
duration = "20 min"
[market]
fund_shortfall = "book_bad_debt"
insurance_fund = "1_000 USD"
[market.contract]
tick = "1 USD"
lot_decimals = 3
[price]
kind = "gbm"
initial_price = "50_000 USD"
step = "1 s"
segments = [{ duration = "5 min", change = "0 %" }, { duration = "5 min", change = "-30 %" }]
[push_oracle]
deviation = "10 bp"
[[agent]]
kind = "market_maker"
refresh = "5 s"
levels = 2
[[agent]]
kind = "leveraged_population"
accounts = 200
[[agent]]
kind = "liquidator"
[[shock]]
at = "12 min"
kind = "sequencer_down"
duration = "2 min"
)";

inline std::string small_file() {
  static const ScratchFolder folder;
  return folder.write("small_crash.toml", kSmall);
}

inline Scenario small_scenario() { return load_scenario(small_file(), {}); }

}  // namespace mezz::lab
