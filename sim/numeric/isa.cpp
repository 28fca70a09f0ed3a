#include "sim/numeric/isa.h"

namespace mezz {

std::vector<Isa> available_isas() {
  std::vector<Isa> isas{Isa::Sse2};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) isas.push_back(Isa::Avx2);
  if (__builtin_cpu_supports("avx512f")) isas.push_back(Isa::Avx512);
#endif
  return isas;
}

Isa widest_isa() {
  static const Isa widest = available_isas().back();
  return widest;
}

}  // namespace mezz
