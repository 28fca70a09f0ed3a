// One validator's consensus as a value: propose, prevote, precommit, with locks and timeouts.
// Source: Buchman, Kwon, Milosevic, "The latest gossip on BFT consensus" (2018), algorithm 1; names
// as there. Power instead of counts: a quorum is more than two thirds of the stake. The owner
// (an entity, or a test) carries messages and timers through ConsensusHost. Values are numbers of
// proposals that the owner keeps; 0 is nil. All proposals are valid here.
//
// Beyond the paper: who hears of a later height knows that the earlier ones are decided (honest
// validators only go on then) and joins; a message carries the value decided before, so that a
// peer that missed the precommits learns it. repeat() sends one's own votes again: on a wire that
// loses messages, or after an outage. Left out: equivocating validators, evidence, changes of the
// set.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/validator_set.h"
#include "sim/engine/message.h"

namespace mezz {

enum class ConsensusKind : std::uint8_t { Proposal, Prevote, Precommit };
enum class ConsensusStep : std::uint8_t { Waiting, Propose, Prevote, Precommit };

struct ConsensusMessage {
  std::uint64_t height;
  std::uint64_t value;     // 0: nil
  std::uint64_t previous;  // decided at the height before
  std::uint32_t round;
  std::int32_t valid_round;  // of a proposal, -1: new
  std::uint32_t from;
  ConsensusKind kind;
  std::uint8_t reserved[3] = {};
};
static_assert(Message<ConsensusMessage>);

class ConsensusHost {
 public:
  virtual ~ConsensusHost() = default;
  // The content of a new proposal; not 0.
  virtual std::uint64_t new_value(std::uint64_t height, std::uint32_t round) = 0;
  // To all others.
  virtual void broadcast(const ConsensusMessage& message) = 0;
  virtual void start_timeout(ConsensusStep step, std::uint64_t height, std::uint32_t round) = 0;
  // The height is over; the owner calls start_height() when it is time for the next.
  virtual void decided(std::uint64_t height, std::uint64_t value) = 0;
  [[nodiscard]] virtual std::uint32_t leader(std::uint64_t height, std::uint32_t round) const = 0;
};

// Votes of one round, as one participant has heard them.
struct RoundVotes {
  static constexpr std::uint64_t kNone = UINT64_MAX;
  std::uint64_t proposal = kNone;
  std::int64_t valid_round = -1;
  std::vector<std::uint64_t> prevotes;  // by validator; kNone: not heard
  std::vector<std::uint64_t> precommits;
  std::uint64_t prevote_timeout = 0;  // started
  std::uint64_t precommit_timeout = 0;
  std::uint64_t polka_seen = 0;

  void visit_state(auto& v) {
    v("proposal", proposal);
    v("valid_round", valid_round);
    v("prevotes", prevotes);
    v("precommits", precommits);
    v("prevote_timeout", prevote_timeout);
    v("precommit_timeout", precommit_timeout);
    v("polka_seen", polka_seen);
  }
};

// The votes of one height.
class VoteBook {
 public:
  void clear() { rounds_.clear(); }
  void add(const ConsensusMessage& message, const ValidatorSet& set);
  [[nodiscard]] RoundVotes& round(std::uint32_t round, const ValidatorSet& set);
  [[nodiscard]] std::uint32_t rounds() const { return static_cast<std::uint32_t>(rounds_.size()); }
  // The value, not nil, with a quorum of precommits in some round; kNone if there is none.
  [[nodiscard]] std::uint64_t committed(const ValidatorSet& set) const;
  // Power of those heard of in this round, with any message.
  [[nodiscard]] std::uint64_t heard(std::uint32_t round, const ValidatorSet& set) const;
  // Power behind one value, or all of them.
  static std::uint64_t power(const std::vector<std::uint64_t>& votes, std::uint64_t value,
                             const ValidatorSet& set);
  static std::uint64_t power(const std::vector<std::uint64_t>& votes, const ValidatorSet& set);

  void visit_state(auto& v) { v("rounds", rounds_); }

 private:
  std::vector<RoundVotes> rounds_;
};

class Tendermint {
 public:
  Tendermint(const ValidatorSet& set, std::uint32_t self) : set_(&set), self_(self) {}

  void start_height(ConsensusHost& host);
  void on(ConsensusHost& host, const ConsensusMessage& message);
  void on_timeout(ConsensusHost& host, ConsensusStep step, std::uint64_t height,
                  std::uint32_t round);
  void repeat(ConsensusHost& host);

  [[nodiscard]] std::uint64_t height() const { return height_; }
  [[nodiscard]] std::uint32_t round() const { return static_cast<std::uint32_t>(round_); }
  [[nodiscard]] ConsensusStep step() const { return step_; }
  [[nodiscard]] std::uint64_t locked_value() const { return locked_value_; }

  void visit_state(auto& v) {
    v("book", book_);
    v("height", height_);
    v("round", round_);
    v("step", step_);
    v("locked_value", locked_value_);
    v("locked_round", locked_round_);
    v("valid_value", valid_value_);
    v("valid_round", valid_round_);
    v("previous", previous_);
  }

 private:
  void start_round(ConsensusHost& host, std::uint32_t round);
  void vote(ConsensusHost& host, ConsensusKind kind, std::uint64_t value);
  void say(ConsensusHost& host, const ConsensusMessage& message);
  void decide(ConsensusHost& host, std::uint64_t value, std::uint64_t next_height);
  bool progress(ConsensusHost& host);  // true when something changed
  bool answer_proposal(ConsensusHost& host);
  bool follow_prevotes(ConsensusHost& host);
  bool follow_later_rounds(ConsensusHost& host);
  [[nodiscard]] ConsensusMessage message(ConsensusKind kind, std::uint64_t value) const;
  RoundVotes& current() { return book_.round(round(), *set_); }

  const ValidatorSet* set_;
  std::uint32_t self_;
  VoteBook book_;
  std::uint64_t height_ = 1;
  std::uint64_t round_ = 0;
  ConsensusStep step_ = ConsensusStep::Waiting;
  std::uint64_t locked_value_ = 0;
  std::int64_t locked_round_ = -1;
  std::uint64_t valid_value_ = 0;
  std::int64_t valid_round_ = -1;
  std::uint64_t previous_ = 0;
};

}  // namespace mezz
