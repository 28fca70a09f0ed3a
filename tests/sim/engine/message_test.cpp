#include "sim/engine/message.h"

#include <gtest/gtest.h>

#include "sim/engine/entity.h"

namespace mezz {
namespace nested {
struct Inner {};
}  // namespace nested
namespace {
struct Hidden {
  std::uint64_t word;
};
struct Padded {
  std::uint32_t small;
  std::uint64_t large;
};
struct WithDouble {
  double value;
};
struct WithPointer {
  const int* pointer;
};
struct TooLarge {
  std::uint64_t words[7];
};

// Fingerprints and snapshots hold these names: they may not depend on the compiler.
TEST(Message, NameIsTheSameUnderEveryCompiler) {
  EXPECT_EQ(type_name<Start>(), "Start");
  EXPECT_EQ(type_name<Hidden>(), "Hidden");
  EXPECT_EQ(type_name<nested::Inner>(), "nested::Inner");
}

TEST(Message, OnlyBytesThatAreTheValueMayTravel) {
  static_assert(Message<Hidden>);
  static_assert(Message<Start>);  // empty
  static_assert(!Message<Padded>);
  static_assert(!Message<WithDouble>);
  static_assert(!Message<TooLarge>);
  // A pointer has unique bytes but no meaning elsewhere; review and the snapshot tests catch it.
  static_assert(sizeof(WithPointer) == 8);
}

class Taker {
 public:
  void on(Context&, const Hidden&) {}
};

TEST(Message, RefTakesOnlyWhatTheRoleHandles) {
  static_assert(Handles<Taker, Hidden>);
  static_assert(!Handles<Taker, Start>);
}

}  // namespace
}  // namespace mezz
