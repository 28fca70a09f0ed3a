// Inspectors of the market: accounts, order book, ledger, prices.
#pragma once

#include "gui/model/laboratory/inspector.h"

namespace mezz::lab {

Inspector inspect_accounts(const Study& study);  // those nearest to liquidation
Inspector inspect_account(const Study& study, std::uint32_t account);
Inspector inspect_book(const Study& study);
Inspector inspect_ledger(const Study& study);
Inspector inspect_prices(const Study& study);

}  // namespace mezz::lab
