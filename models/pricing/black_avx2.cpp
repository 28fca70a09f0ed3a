#include "models/pricing/black_isas.h"
#include "models/pricing/black_lanes.h"

namespace mezz::pricing::detail {

void black_avx2(const OptionColumns& options, const GreekColumns& out) {
  in_lanes<4>(options, out);
}
void black_avx2(const ChainColumns& chain, const GreekColumns& out) { in_lanes<4>(chain, out); }

}  // namespace mezz::pricing::detail
