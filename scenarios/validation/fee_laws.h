// The fee rules of layer one written a second time, straight from the EIPs' pseudo-code and apart
// from models/base_chain: the law that the chain entity must follow to the wei.
#pragma once

#include <cstdint>

#include "sim/types/rounding.h"

namespace mezz::validation {

// EIP-1559.
std::int64_t base_fee_after(std::int64_t fee, std::int64_t gas_used, std::int64_t gas_limit);

// EIP-4844 fake_exponential with factor 1.
std::int64_t blob_fee_at(std::int64_t excess, std::int64_t update_fraction);

struct BlobLaw {
  std::int64_t target = 3;
  std::int64_t max = 6;
  std::int64_t update_fraction = 3'338'477;
  bool reserve = false;  // EIP-7918
};
// EIP-4844 and, with a reserve price, EIP-7918. `base_fee` is that of the block itself.
std::int64_t excess_after(std::int64_t excess, std::int64_t blobs, std::int64_t base_fee,
                          const BlobLaw& law);

}  // namespace mezz::validation
