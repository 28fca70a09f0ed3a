// One pair of functions per instruction set; cmake/layers.cmake gives each file its flags. To be
// called only where the processor has that set (black_batch.cpp asks it).
#pragma once

#include "models/pricing/black_batch.h"

namespace mezz::pricing::detail {

void black_sse2(const OptionColumns& options, const GreekColumns& out);
void black_sse2(const ChainColumns& chain, const GreekColumns& out);
void black_avx2(const OptionColumns& options, const GreekColumns& out);
void black_avx2(const ChainColumns& chain, const GreekColumns& out);
void black_avx512(const OptionColumns& options, const GreekColumns& out);
void black_avx512(const ChainColumns& chain, const GreekColumns& out);

}  // namespace mezz::pricing::detail
