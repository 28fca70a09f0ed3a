#include "sim/engine/message.h"

#include <gtest/gtest.h>

#include <vector>

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

struct Numbered {
  std::uint64_t word;
};
// Counts what it foresees, which only a test may do.
class Careful {
 public:
  void on(Context&, const Numbered& m) { handled.push_back(m.word); }
  void foresee(const Numbered& m) const { foreseen.push_back(m.word); }
  std::vector<std::uint64_t> handled;
  mutable std::vector<std::uint64_t> foreseen;
};
class Plain {
 public:
  void on(Context&, const Numbered& m) { handled.push_back(m.word); }
  std::vector<std::uint64_t> handled;
};

// Twenty messages 1 us apart (one stretch of the queue), the third cancelled.
template <class Receiver>
std::uint64_t fingerprint_of_twenty(Receiver& receiver) {
  Engine engine;
  engine.add_endpoints({&receiver}, 0, Stream(1, 0, "receiver", "link"));
  for (std::uint64_t i = 1; i <= 20; ++i) {
    Timer timer =
        engine.schedule(Time{static_cast<std::int64_t>(i) * 1'000}, Ref<Receiver>(0), Numbered{i});
    if (i == 3) {
      EXPECT_TRUE(engine.cancel(timer));
    }
  }
  engine.run(Time{1'000'000});
  return engine.fingerprint();
}

TEST(Foresee, TellsMessagesBeforeTheyComeAndChangesNoResult) {
  static_assert(Foresees<Careful, Numbered>);
  static_assert(!Foresees<Plain, Numbered>);
  Careful careful;
  Plain plain;
  EXPECT_EQ(fingerprint_of_twenty(careful), fingerprint_of_twenty(plain));
  EXPECT_EQ(careful.handled, plain.handled);
  EXPECT_EQ(careful.handled.size(), 19U);
  // Each at most once, in order; the cancelled one may be among them.
  EXPECT_GE(careful.foreseen.size(), 19U);
  for (std::size_t i = 1; i < careful.foreseen.size(); ++i) {
    EXPECT_LT(careful.foreseen[i - 1], careful.foreseen[i]);
  }
}

}  // namespace
}  // namespace mezz
