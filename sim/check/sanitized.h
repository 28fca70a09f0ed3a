// Whether this build runs under AddressSanitizer or ThreadSanitizer, which map terabytes of shadow
// memory and end a broken process by an exit code of their own. g++ says so by macros, clang by
// features.
#pragma once

namespace mezz {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace mezz
