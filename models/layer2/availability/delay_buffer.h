// Arbitrum's delay buffer: how long a sequencer may leave messages of layer one unread before
// anybody may force them in. The window of a message is the delay the chain allows, or what is left
// of the buffer if that is less. Each message that was read later than the threshold takes the rest
// of its delay out of the buffer; time without such delays fills it up again, one block in twenty.
// So the first censorship costs a day, sustained censorship half an hour per message, and recovery
// takes twenty times the outage. Source: SequencerInbox.sol and DelayBuffer.sol (OffchainLabs
// nitro-contracts), docs.arbitrum.io "sequencer"; reference sheet "layer-two protocols" section
// 2.2. All figures are BLOCKS OF LAYER ONE. As in the contract, the delay of a message is charged
// when the next one is dated, and by no more than the blocks between the two: parallel messages do
// not count double. Left out: rounding of the replenishment at every message (the rest is kept).
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/config/visit.h"

namespace mezz {

struct DelayBufferParams {
  std::int64_t delay_blocks = 7'200;
  std::int64_t threshold = 150;
  std::int64_t buffer_max = 14'400;
  std::int64_t replenish_blocks = 20;

  void visit(auto& v) {
    v("delay_blocks", delay_blocks,
      {.doc = "Longest window of a message (Arbitrum One: 24 h)", .min = 1, .max = 10'000'000});
    v("threshold", threshold,
      {.doc = "Delay that costs nothing, and least window (30 min)", .min = 1, .max = 1'000'000});
    v("buffer_max", buffer_max,
      {.doc = "Full buffer, and what it starts with (48 h); 0: no buffer, the window stays",
       .min = 0,
       .max = 10'000'000});
    v("replenish_blocks", replenish_blocks,
      {.doc = "Blocks without over-threshold delay that give one back", .min = 1, .max = 100'000});
  }
  // Throws ScenarioError; path is the prefix of the parameters' names.
  void check(std::string_view path) const;
};

class DelayBuffer {
 public:
  DelayBuffer() = default;  // to be loaded from a snapshot
  explicit DelayBuffer(const DelayBufferParams& params)
      : params_(params), buffer_(params.buffer_max) {}

  // What is left of the buffer for a message sent at this height.
  [[nodiscard]] std::int64_t pending(std::uint64_t sent) const { return settled(sent).buffer; }
  // Blocks after which the message may be forced in.
  [[nodiscard]] std::int64_t window(std::uint64_t sent) const;
  [[nodiscard]] std::uint64_t deadline(std::uint64_t sent) const {
    return sent + static_cast<std::uint64_t>(window(sent));
  }
  [[nodiscard]] std::uint64_t last_sent() const { return last_sent_; }
  // A message that was sent at one height has been read at another; in order of sending.
  void read(std::uint64_t sent, std::uint64_t at);

  void visit_state(auto& v) {
    v("buffer", buffer_);
    v("credit", credit_);
    v("last_sent", last_sent_);
    v("last_read", last_read_);
  }

 private:
  struct Settled {
    std::int64_t buffer = 0;
    std::int64_t credit = 0;
  };
  [[nodiscard]] Settled settled(std::uint64_t sent) const;

  DelayBufferParams params_;
  std::int64_t buffer_ = 0;
  std::int64_t credit_ = 0;  // blocks towards the next block given back
  std::uint64_t last_sent_ = 0;
  std::uint64_t last_read_ = 0;
};

}  // namespace mezz
