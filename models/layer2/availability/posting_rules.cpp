#include "models/layer2/availability/posting_rules.h"

#include "sim/check/assert.h"

namespace mezz::posting {

Gas blob_transaction_gas() { return base_chain::kTransactionGas; }

Gas calldata_gas(std::uint64_t bytes) {
  const auto total = static_cast<std::int64_t>(bytes);
  MEZZ_ASSERT(total >= 0);
  const std::int64_t zeros = total / 256;
  return base_chain::calldata_transaction_gas({.zero_bytes = zeros, .other_bytes = total - zeros},
                                              Gas{0});
}

CertificateGas certificate_gas(std::uint64_t certificate_bytes, Gas check,
                               std::uint64_t calldata_bytes) {
  MEZZ_ASSERT(check >= Gas{0});
  const Gas alone = calldata_gas(certificate_bytes) + check;
  return {.total = calldata_gas(certificate_bytes + calldata_bytes) + check, .certificate = alone};
}

Wei blob_cost(std::uint64_t bytes, const FeeQuote& quote) {
  const std::int64_t blobs = base_chain::blobs_for_bytes(static_cast<std::int64_t>(bytes));
  return fee(quote.base_fee, blob_transaction_gas()) +
         fee(quote.blob_fee, base_chain::kGasPerBlob * blobs);
}

Wei calldata_cost(std::uint64_t bytes, const FeeQuote& quote) {
  return fee(quote.base_fee, calldata_gas(bytes));
}

BatchMedium choose_medium(std::uint64_t bytes, const FeeQuote& quote, MediumPolicy policy) {
  if (policy == MediumPolicy::Blobs) return BatchMedium::Blobs;
  if (policy == MediumPolicy::Calldata) return BatchMedium::Calldata;
  return calldata_cost(bytes, quote) < blob_cost(bytes, quote) ? BatchMedium::Calldata
                                                               : BatchMedium::Blobs;
}

Wei cost(std::uint64_t bytes, const FeeQuote& quote, BatchMedium medium) {
  return medium == BatchMedium::Blobs ? blob_cost(bytes, quote) : calldata_cost(bytes, quote);
}

std::uint64_t next_average(std::uint64_t average, std::uint64_t current, std::uint64_t blocks) {
  MEZZ_ASSERT(blocks > 0);
  // In two branches, because the difference of unsigned numbers has no sign.
  return current >= average ? average + (current - average) / blocks
                            : average - (average - current) / blocks;
}

}  // namespace mezz::posting
