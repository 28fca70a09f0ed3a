// Which instruction sets the batched kernels may use here, asked when the program runs. A kernel
// gives the same bits on each of them, so the choice is one of speed.
#pragma once

#include <cstdint>
#include <vector>

namespace mezz {

enum class Isa : std::uint8_t { Sse2, Avx2, Avx512 };  // Avx2 includes FMA

// What this processor can run, the narrowest first; never empty.
std::vector<Isa> available_isas();
Isa widest_isa();

}  // namespace mezz
