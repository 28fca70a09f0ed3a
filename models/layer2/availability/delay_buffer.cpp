#include "models/layer2/availability/delay_buffer.h"

#include <algorithm>
#include <string>

#include "sim/check/assert.h"
#include "sim/check/error.h"

namespace mezz {

void DelayBufferParams::check(std::string_view path) const {
  const std::string prefix(path);
  if (buffer_max != 0 && buffer_max < threshold) {
    throw ScenarioError(prefix + ".buffer_max",
                        "must be 0 (no buffer) or at least the threshold, " +
                            std::to_string(threshold) + ", got " + std::to_string(buffer_max));
  }
  if (delay_blocks < threshold) {
    throw ScenarioError(prefix + ".delay_blocks", "must be at least the threshold, " +
                                                      std::to_string(threshold) + ", got " +
                                                      std::to_string(delay_blocks));
  }
}

DelayBuffer::Settled DelayBuffer::settled(std::uint64_t sent) const {
  MEZZ_ASSERT(sent >= last_sent_);
  MEZZ_ASSERT(last_read_ >= last_sent_);
  const auto elapsed = static_cast<std::int64_t>(sent - last_sent_);
  const auto delay = static_cast<std::int64_t>(last_read_ - last_sent_);
  const std::int64_t late = std::min(delay - params_.threshold, elapsed);
  if (late > 0) return {std::max(params_.threshold, buffer_ - late), 0};
  const std::int64_t total = credit_ + elapsed;
  const std::int64_t buffer =
      std::min(params_.buffer_max, buffer_ + total / params_.replenish_blocks);
  return {buffer, buffer == params_.buffer_max ? 0 : total % params_.replenish_blocks};
}

std::int64_t DelayBuffer::window(std::uint64_t sent) const {
  if (params_.buffer_max == 0) return params_.delay_blocks;
  const std::int64_t window = std::min(params_.delay_blocks, pending(sent));
  MEZZ_ASSERT(window >= params_.threshold);
  return window;
}

void DelayBuffer::read(std::uint64_t sent, std::uint64_t at) {
  MEZZ_ASSERT(at >= sent);
  if (params_.buffer_max == 0) return;
  const Settled now = settled(sent);
  buffer_ = now.buffer;
  credit_ = now.credit;
  last_sent_ = sent;
  last_read_ = at;
}

}  // namespace mezz
