#include "models/pricing/black_isas.h"
#include "models/pricing/black_lanes.h"

namespace mezz::pricing::detail {

void black_avx512(const OptionColumns& options, const GreekColumns& out) {
  in_lanes<8>(options, out);
}
void black_avx512(const ChainColumns& chain, const GreekColumns& out) { in_lanes<8>(chain, out); }

}  // namespace mezz::pricing::detail
