// The filter language of the event log, parsed:
//   kind=liquidation account=42 fund_paid>0 t>30min        all must hold
//   step=bad_debt or step=deleverage                       either; "and" binds tighter than "or"
//   not (kind=trade t<=1h)                                 "not" and brackets
// A term is NAME OP VALUE with = != < <= > >= and ~ (text contains). `kind` is the table, with or
// without its last s; `t` the time; `account` any of account, maker, taker, counterparty. A value
// is a number with k, M or a unit of time (ns, us, ms, s, min, h, d), a word, or "quoted". A table
// without the column of a term does not match it.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

class FilterError : public std::runtime_error {
 public:
  FilterError(std::size_t place, const std::string& text)
      : std::runtime_error(text), place_(place) {}
  // Where in the text, counted from 0.
  [[nodiscard]] std::size_t place() const { return place_; }

 private:
  std::size_t place_;
};

class EventFilter {
 public:
  enum class Kind : std::uint8_t { All, And, Or, Not, Term };
  enum class Compare : std::uint8_t { Equal, Differs, Less, AtMost, More, AtLeast, Contains };
  struct Node {
    Kind kind = Kind::All;
    std::vector<Node> parts = {};  // of And, Or, Not
    std::string name = {};
    Compare compare = Compare::Equal;
    std::string word = {};  // as written
    double number = 0.0;    // NaN: not a number
    bool is_time = false;   // written with a unit of time
    std::size_t place = 0;
  };

  EventFilter() = default;
  // Throws FilterError; names are checked against the tables of `run`.
  EventFilter(std::string_view text, const RunData& run);

  // 1 for every row of the table that matches, else 0; of `count` rows from `first` on.
  [[nodiscard]] std::vector<std::uint8_t> mask(const TableData& table, std::size_t first,
                                               std::size_t count) const;
  [[nodiscard]] std::vector<std::uint8_t> mask(const TableData& table) const {
    return mask(table, 0, table.rows);
  }
  [[nodiscard]] bool matches_all() const { return root_.kind == Kind::All; }

 private:
  Node root_;
};

}  // namespace mezz::gui
