#include "models/layer2/sequencing/tendermint.h"

#include "sim/check/assert.h"

namespace mezz {

// ---- votes

RoundVotes& VoteBook::round(std::uint32_t round, const ValidatorSet& set) {
  while (rounds_.size() <= round) {
    rounds_.push_back({});
    rounds_.back().prevotes.assign(set.size(), RoundVotes::kNone);
    rounds_.back().precommits.assign(set.size(), RoundVotes::kNone);
  }
  return rounds_[round];
}

void VoteBook::add(const ConsensusMessage& message, const ValidatorSet& set) {
  MEZZ_ASSERT(message.from < set.size());
  RoundVotes& votes = round(message.round, set);
  switch (message.kind) {
    case ConsensusKind::Proposal:
      MEZZ_ASSERT(votes.proposal == RoundVotes::kNone || votes.proposal == message.value);
      votes.proposal = message.value;
      votes.valid_round = message.valid_round;
      return;
    case ConsensusKind::Prevote:
      votes.prevotes[message.from] = message.value;
      return;
    case ConsensusKind::Precommit:
      votes.precommits[message.from] = message.value;
      return;
  }
}

std::uint64_t VoteBook::power(const std::vector<std::uint64_t>& votes, std::uint64_t value,
                              const ValidatorSet& set) {
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < votes.size(); ++i) {
    if (votes[i] == value) sum += set.stake(i);
  }
  return sum;
}

std::uint64_t VoteBook::power(const std::vector<std::uint64_t>& votes, const ValidatorSet& set) {
  return set.total() - power(votes, RoundVotes::kNone, set);
}

std::uint64_t VoteBook::committed(const ValidatorSet& set) const {
  for (const RoundVotes& votes : rounds_) {
    for (const std::uint64_t value : votes.precommits) {
      if (value == 0 || value == RoundVotes::kNone) continue;
      if (set.quorum(power(votes.precommits, value, set))) return value;
    }
  }
  return RoundVotes::kNone;
}

std::uint64_t VoteBook::heard(std::uint32_t round, const ValidatorSet& set) const {
  MEZZ_ASSERT(round < rounds_.size());
  const RoundVotes& votes = rounds_[round];
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    const bool any =
        votes.prevotes[i] != RoundVotes::kNone || votes.precommits[i] != RoundVotes::kNone;
    if (any) sum += set.stake(i);
  }
  return sum;
}

// ---- the validator

ConsensusMessage Tendermint::message(ConsensusKind kind, std::uint64_t value) const {
  return {.height = height_,
          .value = value,
          .previous = previous_,
          .round = round(),
          .valid_round = -1,
          .from = self_,
          .kind = kind};
}

void Tendermint::say(ConsensusHost& host, const ConsensusMessage& message) {
  book_.add(message, *set_);
  host.broadcast(message);
}

void Tendermint::vote(ConsensusHost& host, ConsensusKind kind, std::uint64_t value) {
  MEZZ_ASSERT(kind != ConsensusKind::Proposal);
  step_ = kind == ConsensusKind::Prevote ? ConsensusStep::Prevote : ConsensusStep::Precommit;
  say(host, message(kind, value));
}

void Tendermint::start_height(ConsensusHost& host) {
  if (step_ != ConsensusStep::Waiting) return;  // a later height has begun by itself
  start_round(host, 0);
  while (progress(host)) {
  }
}

void Tendermint::start_round(ConsensusHost& host, std::uint32_t round) {
  MEZZ_ASSERT(step_ == ConsensusStep::Waiting || round > round_);
  round_ = round;
  step_ = ConsensusStep::Propose;
  if (host.leader(height_, round) != self_) {
    host.start_timeout(ConsensusStep::Propose, height_, round);
    return;
  }
  const std::uint64_t value = valid_value_ != 0 ? valid_value_ : host.new_value(height_, round);
  MEZZ_ASSERT(value != 0 && value != RoundVotes::kNone);
  ConsensusMessage proposal = message(ConsensusKind::Proposal, value);
  proposal.valid_round = static_cast<std::int32_t>(valid_round_);
  say(host, proposal);
}

void Tendermint::on(ConsensusHost& host, const ConsensusMessage& message) {
  if (message.height < height_) return;
  if (message.height > height_) {
    decide(host, message.height == height_ + 1 ? message.previous : 0, message.height);
    previous_ = message.previous;
  }
  book_.add(message, *set_);
  while (progress(host)) {
  }
}

void Tendermint::on_timeout(ConsensusHost& host, ConsensusStep step, std::uint64_t height,
                            std::uint32_t round) {
  if (height != height_ || step_ == ConsensusStep::Waiting) return;
  if (round != round_) return;
  switch (step) {
    case ConsensusStep::Propose:
      if (step_ == ConsensusStep::Propose) vote(host, ConsensusKind::Prevote, 0);
      break;
    case ConsensusStep::Prevote:
      if (step_ == ConsensusStep::Prevote) vote(host, ConsensusKind::Precommit, 0);
      break;
    case ConsensusStep::Precommit:
      start_round(host, round + 1);
      break;
    case ConsensusStep::Waiting:
      MEZZ_ASSERT(step != ConsensusStep::Waiting);
  }
  while (progress(host)) {
  }
}

void Tendermint::decide(ConsensusHost& host, std::uint64_t value, std::uint64_t next_height) {
  MEZZ_ASSERT(next_height > height_);
  const std::uint64_t height = height_;
  height_ = next_height;
  round_ = 0;
  step_ = ConsensusStep::Waiting;
  locked_value_ = 0;
  locked_round_ = -1;
  valid_value_ = 0;
  valid_round_ = -1;
  previous_ = value;
  book_.clear();
  host.decided(height, value);
}

bool Tendermint::progress(ConsensusHost& host) {
  const std::uint64_t value = book_.committed(*set_);
  if (value != RoundVotes::kNone) {
    decide(host, value, height_ + 1);
    return false;
  }
  if (step_ == ConsensusStep::Waiting) return false;
  if (follow_later_rounds(host)) return true;
  if (answer_proposal(host)) return true;
  return follow_prevotes(host);
}

bool Tendermint::follow_later_rounds(ConsensusHost& host) {
  for (std::uint32_t later = book_.rounds(); later-- > round_ + 1;) {
    if (!set_->minority(book_.heard(later, *set_))) continue;
    start_round(host, later);
    return true;
  }
  return false;
}

bool Tendermint::answer_proposal(ConsensusHost& host) {
  const RoundVotes& votes = current();
  if (step_ != ConsensusStep::Propose || votes.proposal == RoundVotes::kNone) return false;
  const std::uint64_t value = votes.proposal;
  const std::int64_t earlier = votes.valid_round;
  bool accept = locked_round_ == -1 || locked_value_ == value;
  if (earlier >= 0) {
    MEZZ_ASSERT(earlier < static_cast<std::int64_t>(round_));
    const RoundVotes& then = book_.round(static_cast<std::uint32_t>(earlier), *set_);
    if (!set_->quorum(VoteBook::power(then.prevotes, value, *set_))) return false;
    accept = locked_round_ <= earlier || locked_value_ == value;
  }
  vote(host, ConsensusKind::Prevote, accept ? value : 0);
  return true;
}

bool Tendermint::follow_prevotes(ConsensusHost& host) {
  RoundVotes& votes = current();
  const std::uint64_t value = votes.proposal;
  const bool polka = value != RoundVotes::kNone && step_ >= ConsensusStep::Prevote &&
                     set_->quorum(VoteBook::power(votes.prevotes, value, *set_));
  if (polka && votes.polka_seen == 0) {
    votes.polka_seen = 1;
    valid_value_ = value;
    valid_round_ = static_cast<std::int64_t>(round_);
    if (step_ == ConsensusStep::Prevote) {
      locked_value_ = value;
      locked_round_ = static_cast<std::int64_t>(round_);
      vote(host, ConsensusKind::Precommit, value);
    }
    return true;
  }
  if (step_ == ConsensusStep::Prevote) {
    if (set_->quorum(VoteBook::power(votes.prevotes, 0, *set_))) {
      vote(host, ConsensusKind::Precommit, 0);
      return true;
    }
    if (votes.prevote_timeout == 0 && set_->quorum(VoteBook::power(votes.prevotes, *set_))) {
      votes.prevote_timeout = 1;
      host.start_timeout(ConsensusStep::Prevote, height_, round());
    }
  }
  if (votes.precommit_timeout == 0 && set_->quorum(VoteBook::power(votes.precommits, *set_))) {
    votes.precommit_timeout = 1;
    host.start_timeout(ConsensusStep::Precommit, height_, round());
  }
  return false;
}

void Tendermint::repeat(ConsensusHost& host) {
  if (step_ == ConsensusStep::Waiting) return;
  for (std::uint32_t r = 0; r < book_.rounds(); ++r) {
    const RoundVotes votes = book_.round(r, *set_);
    ConsensusMessage again = message(ConsensusKind::Proposal, votes.proposal);
    again.round = r;
    again.valid_round = static_cast<std::int32_t>(votes.valid_round);
    if (votes.proposal != RoundVotes::kNone && host.leader(height_, r) == self_) {
      host.broadcast(again);
    }
    again.valid_round = -1;
    again.kind = ConsensusKind::Prevote;
    again.value = votes.prevotes[self_];
    if (again.value != RoundVotes::kNone) host.broadcast(again);
    again.kind = ConsensusKind::Precommit;
    again.value = votes.precommits[self_];
    if (again.value != RoundVotes::kNone) host.broadcast(again);
  }
}

}  // namespace mezz
