// Negative compilation tests: what the headers' result tables do not define must not compile. Each
// concept is first shown true for a permitted pair, so that a misspelt concept cannot pass.
#include <gtest/gtest.h>

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "sim/types/id.h"
#include "sim/types/money.h"
#include "sim/types/price.h"
#include "sim/types/quantity.h"
#include "sim/types/ratio.h"
#include "sim/types/time.h"
#include "sim/types/wei.h"

namespace mezz {
namespace {

template <class A, class B>
concept Adds = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtracts = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Multiplies = requires(A a, B b) {
  a* b;
};
template <class A, class B>
concept Divides = requires(A a, B b) {
  a / b;
};
template <class A, class B>
concept Compares = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept Equates = requires(A a, B b) {
  a == b;
};

template <class A, class B, class R>
concept SumIs = requires(A a, B b) {
  { a + b } -> std::same_as<R>;
};
template <class A, class B, class R>
concept DifferenceIs = requires(A a, B b) {
  { a - b } -> std::same_as<R>;
};
template <class A, class B, class R>
concept QuotientIs = requires(A a, B b) {
  { a / b } -> std::same_as<R>;
};

using Int = std::int64_t;
using AccountId = Id<struct AccountTag, std::uint32_t>;
using BlockId = Id<struct BlockTag, std::uint32_t>;

// Time is a point, Duration a distance.
static_assert(DifferenceIs<Time, Time, Duration> && SumIs<Time, Duration, Time>);
static_assert(DifferenceIs<Time, Duration, Time> && SumIs<Duration, Duration, Duration>);
static_assert(QuotientIs<Duration, Duration, Int> && QuotientIs<Duration, Int, Duration>);
static_assert(Multiplies<Duration, Int> && Multiplies<Int, Duration>);
static_assert(!Adds<Time, Time> && !Adds<Duration, Time> && !Adds<Time, Int> &&
              !Adds<Duration, Int>);
static_assert(!Subtracts<Duration, Time> && !Subtracts<Time, Int>);
static_assert(!Multiplies<Time, Int> && !Multiplies<Duration, Duration> && !Divides<Time, Int>);
static_assert(!Compares<Time, Duration> && !Equates<Time, Int> && !Compares<Duration, Int>);

// Money has no quotient and meets a Ratio only in scale(), with a direction.
static_assert(SumIs<Money, Money, Money> && Multiplies<Money, Int>);
static_assert(!Divides<Money, Money> && !Divides<Money, Int> && !Multiplies<Money, Money>);
static_assert(!Adds<Money, Ratio> && !Multiplies<Money, Ratio> && !Multiplies<Ratio, Money>);
static_assert(!Adds<Money, Int> && !Compares<Money, Int> && !Equates<Money, Ratio>);
static_assert(!Adds<Money, Wei> && !Compares<Money, Wei>);

template <class... A>
concept Scales = requires(A... a) {
  scale(a...);
};
static_assert(Scales<Money, Ratio, Round> && !Scales<Money, Ratio> && !Scales<Ratio, Money, Round>);

static_assert(SumIs<Ratio, Ratio, Ratio> && Multiplies<Ratio, Int>);
static_assert(!Multiplies<Ratio, Ratio> && !Divides<Ratio, Ratio> && !Adds<Ratio, Int>);

// A price is a point on a grid; its product with a quantity needs the instrument.
static_assert(DifferenceIs<Price, Price, PriceMove> && SumIs<Price, PriceMove, Price>);
static_assert(!Adds<Price, Price> && !Multiplies<Price, Int> && !Multiplies<Price, Quantity>);
static_assert(!Multiplies<Quantity, Price> && !Multiplies<PriceMove, Quantity>);
static_assert(!Compares<Price, PriceMove> && !Compares<Price, Int> && !Adds<PriceMove, Price>);

static_assert(SumIs<Quantity, Quantity, Quantity> && Multiplies<Quantity, Int>);
static_assert(!Multiplies<Quantity, Quantity> && !Divides<Quantity, Quantity>);
static_assert(!Adds<Quantity, Int> && !Compares<Quantity, Price> && !Multiplies<Quantity, Money>);

static_assert(SumIs<Wei, Wei, Wei> && SumIs<Gas, Gas, Gas> && SumIs<GasPrice, GasPrice, GasPrice>);
static_assert(!Multiplies<GasPrice, Gas> && !Multiplies<Gas, GasPrice> && !Adds<Gas, GasPrice>);
static_assert(!Adds<Wei, Gas> && !Adds<Wei, GasPrice> && !Divides<Wei, Wei>);

// Ids of different things neither compare nor convert, and have no arithmetic.
static_assert(Equates<AccountId, AccountId> && Compares<AccountId, AccountId>);
static_assert(!Equates<AccountId, BlockId> && !Compares<AccountId, BlockId>);
static_assert(!Adds<AccountId, AccountId> && !Adds<AccountId, int> && !Equates<AccountId, int>);
static_assert(!std::is_convertible_v<AccountId, BlockId>);

// No type comes from a bare number or turns into one by itself.
template <class T>
constexpr bool kStandsAlone = !std::is_convertible_v<Int, T> && !std::is_convertible_v<double, T> &&
                              !std::is_convertible_v<T, Int> && !std::is_convertible_v<T, double> &&
                              !std::is_convertible_v<T, bool> && !std::is_assignable_v<T&, Int>;
template <class... T>
constexpr bool kEachStandsAlone = (kStandsAlone<T> && ...);
static_assert(kEachStandsAlone<Time, Duration, Money, Ratio, Price, PriceMove, Quantity, Wei, Gas,
                               GasPrice, AccountId>);
template <class T>
concept FromDouble = requires(double d) {
  T{d};
};  // narrowing
static_assert(!FromDouble<Time> && !FromDouble<Duration> && !FromDouble<Money> &&
              !FromDouble<Price>);
static_assert(!FromDouble<Ratio> && !FromDouble<Quantity> && !FromDouble<Gas>);

// Messages are bytes: the types must be copyable without padding.
template <class... T>
constexpr bool kBytes = ((std::is_trivially_copyable_v<T> &&
                          std::has_unique_object_representations_v<T>)&&...);
static_assert(kBytes<Time, Duration, Money, Ratio, Price, PriceMove, Quantity, Wei, Gas, GasPrice,
                     AccountId>);
static_assert(sizeof(Time) == 8 && sizeof(Money) == 8 && sizeof(Price) == 8 && sizeof(Wei) == 16);

TEST(ForbiddenOperations, DoNotCompile) {
  SUCCEED() << "every claim of this file is a static_assert";
}

}  // namespace
}  // namespace mezz
