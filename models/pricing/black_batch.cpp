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

std::vector<Isa> available_isas() {
  std::vector<Isa> isas{Isa::Sse2};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) isas.push_back(Isa::Avx2);
  if (__builtin_cpu_supports("avx512f")) isas.push_back(Isa::Avx512);
#endif
  return isas;
}

Isa widest_isa() {
  static const Isa widest = available_isas().back();
  return widest;
}

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
