// What the parties of a channel say to each other, and the calls they make on layer one. A call's
// data (a state with its signatures) is written into the contract's store and named by its number,
// as calldata is. Source: go-nitro's objectives (update, defund), reference sheet "layer-two
// protocols" section 4.
#pragma once

#include <cstdint>

#include "models/layer2/channel/channel_rules.h"
#include "models/layer2/messages.h"
#include "sim/engine/message.h"

namespace mezz {

// Hub to account, signed by the hub: the state after a block.
struct ChannelUpdate {
  AccountId account;
  std::uint32_t reserved = 0;
  std::uint64_t turn;
  BlockId block;
  channel::Holding holding;
};
// Hub to account: the last state, signed, to be concluded on layer one.
struct ChannelFinal {
  AccountId account;
  std::uint32_t reserved = 0;
  std::uint64_t turn;
  BlockId block;
  channel::Holding holding;
};
struct ChannelSignature {
  AccountId account;
  std::uint32_t reserved = 0;
  std::uint64_t turn;
};
struct ChannelLeave {  // account to hub: let us close together
  AccountId account;
};
// Contract to those who watch it: look at this channel again.
struct ChannelChanged {
  AccountId account;
};
static_assert(Message<ChannelUpdate> && Message<ChannelFinal> && Message<ChannelSignature>);

class ChannelParty {
 public:
  virtual ~ChannelParty() = default;
  virtual void on(Context& ctx, const ChannelUpdate& update) = 0;
  virtual void on(Context& ctx, const ChannelFinal& final_state) = 0;
};
class ChannelPartner {
 public:
  virtual ~ChannelPartner() = default;
  virtual void on(Context& ctx, const ChannelSignature& signature) = 0;
  virtual void on(Context& ctx, const ChannelLeave& leave) = 0;
};
class ChannelWatcher {
 public:
  virtual ~ChannelWatcher() = default;
  virtual void on(Context& ctx, const ChannelChanged& changed) = 0;
};

enum class ChannelSide : std::uint8_t { Account, Hub };
enum class ChannelMove : std::uint8_t { Challenge, Checkpoint, Respond, Withdraw, Conclude };
// Why a party goes to layer one; part of what it tells the other, not of the contract's rules.
enum class ChannelReason : std::uint8_t { None, Silence, Leave, Stale, Unsigned };

// Arguments of ChallengeChannel, AnswerChannel, CloseChannel, ForcedTransaction.
struct ChannelCall {
  AccountId account;
  ChannelSide side = ChannelSide::Account;
  ChannelMove move = ChannelMove::Challenge;
  ChannelReason reason = ChannelReason::None;
  std::uint8_t reserved = 0;
  std::uint64_t turn = 0;
  channel::Holding holding = {};
  BlockId block = BlockId{0};    // newest block that the state holds
  std::uint64_t withdrawal = 0;  // of Withdraw
};

template <>
struct EnumNames<ChannelSide> {
  static constexpr std::string_view names[] = {"account", "hub"};
};
template <>
struct EnumNames<ChannelMove> {
  static constexpr std::string_view names[] = {"challenge", "checkpoint", "respond", "withdraw",
                                               "conclude"};
};
template <>
struct EnumNames<ChannelReason> {
  static constexpr std::string_view names[] = {"none", "silence", "leave", "stale", "unsigned"};
};

}  // namespace mezz
