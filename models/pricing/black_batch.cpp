#include "models/pricing/black_batch.h"

#include "models/pricing/black_isas.h"
#include "sim/check/assert.h"

namespace mezz::pricing {
namespace {

template <class Columns>
void run(const Columns& columns, const GreekColumns& out, Isa isa) {
  switch (isa) {
    case Isa::Sse2:
      return detail::black_sse2(columns, out);
    case Isa::Avx2:
      return detail::black_avx2(columns, out);
    case Isa::Avx512:
      return detail::black_avx512(columns, out);
  }
}

}  // namespace

void black_batch(const OptionColumns& options, const GreekColumns& out, Isa isa) {
  MEZZ_ASSERT(isa <= widest_isa());
  run(options, out, isa);
}

void black_chain(const ChainColumns& chain, const GreekColumns& out, Isa isa) {
  MEZZ_ASSERT(isa <= widest_isa());
  MEZZ_ASSERT(chain.forward > 0.0);
  MEZZ_ASSERT(chain.time > 0.0);
  run(chain, out, isa);
}

}  // namespace mezz::pricing
