// Assertions for our own bugs. They are on in every build: a simulator that keeps running on a
// broken invariant prints wrong science. A failed assertion throws AssertionFailure; the runner
// catches it at the top, names the event that was being handled, marks the result file "failed".
// User mistakes are ScenarioError (check/error.h); misfortunes of the modelled world are data.
#pragma once

namespace mezz {

// Throws AssertionFailure (check/error.h) with the condition's text and place.
[[noreturn]] void assert_failed(const char* condition, const char* file, int line);

}  // namespace mezz

#define MEZZ_ASSERT(condition)                               \
  do {                                                       \
    if (!(condition)) [[unlikely]] {                         \
      ::mezz::assert_failed(#condition, __FILE__, __LINE__); \
    }                                                        \
  } while (false)
