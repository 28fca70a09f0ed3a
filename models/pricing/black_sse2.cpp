#include "models/pricing/black_isas.h"
#include "models/pricing/black_lanes.h"

namespace mezz::pricing::detail {

void black_sse2(const OptionColumns& options, const GreekColumns& out) {
  in_lanes<2>(options, out);
}
void black_sse2(const ChainColumns& chain, const GreekColumns& out) { in_lanes<2>(chain, out); }

}  // namespace mezz::pricing::detail
