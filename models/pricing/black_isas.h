// One set of functions per instruction set; cmake/layers.cmake gives each file its flags. To be
// called only where the processor has that set (black_batch.cpp and implied_vol_batch.cpp ask it).
#pragma once

#include "models/pricing/black_batch.h"
#include "models/pricing/implied_vol_batch.h"

namespace mezz::pricing::detail {

void black_sse2(const OptionColumns& options, const GreekColumns& out);
void black_sse2(const ChainColumns& chain, const GreekColumns& out);
void implied_sse2(const QuoteColumns& quotes, double* volatility);  // NaN: ask the scalar method
void black_avx2(const OptionColumns& options, const GreekColumns& out);
void black_avx2(const ChainColumns& chain, const GreekColumns& out);
void implied_avx2(const QuoteColumns& quotes, double* volatility);  // NaN: ask the scalar method
void black_avx512(const OptionColumns& options, const GreekColumns& out);
void black_avx512(const ChainColumns& chain, const GreekColumns& out);
void implied_avx512(const QuoteColumns& quotes, double* volatility);  // NaN: ask the scalar method

}  // namespace mezz::pricing::detail
