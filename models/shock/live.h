// Parameters that change while a world runs, as data: [[change]] of a scenario, or a hand in the
// laboratory. Only what its owner may decide from one moment to the next is live: how often agents
// act, when an oracle reports, when a batch goes out. The rules of the exchange (margins, fees, the
// insurance fund) are not: they are state of layer two that transactions would have to change, or
// running its blocks again would not give the recorded roots.
//
//   struct OracleParams { static constexpr std::string_view kLive[] = {"deviation"}; ... };
//   class Oracle : public EntityOf<Oracle, OracleParams, ..., Tunable> {   // the last role
//     void on(Context&, const ParameterChange& change) override { live_.apply(change); }
//     void visit_state(auto& v) { v("live", live_); }
//     Live<OracleParams> live_{params()};         // live_->deviation is what holds now
//   };
//
// params() stays what the scenario said. A role added last leaves the numbers of the others, and so
// the fingerprints of runs without changes, as they were.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sim/check/assert.h"
#include "sim/config/scalar.h"
#include "sim/config/visit.h"
#include "sim/engine/message.h"

namespace mezz {

class Context;

// Names a parameter within its section, in the same way in every build (FNV-1a).
constexpr std::uint64_t parameter_key(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return hash;
}

struct ParameterChange {
  std::uint64_t key;
  std::int64_t value;  // as its type stores it: ns, ppb, lots, ...; of a real number its bits
};
static_assert(Message<ParameterChange>);

class Tunable {
 public:
  virtual ~Tunable() = default;
  virtual void on(Context& ctx, const ParameterChange& change) = 0;
};

// The parameters of an entity of which those in P::kLive may change; part of its state.
template <class P>
class Live {
 public:
  explicit Live(const P& params) : values_(params) {}

  const P* operator->() const { return &values_; }

  void apply(const ParameterChange& change) {
    Setter setter{change};
    values_.visit(setter);
    MEZZ_ASSERT(setter.found);  // the scenario was checked
  }
  void visit_state(auto& v) {
    Archiver<std::remove_reference_t<decltype(v)>> archiver{v};
    values_.visit(archiver);
  }

 private:
  static constexpr bool is_live(std::string_view name) {
    for (const std::string_view live : P::kLive) {
      if (live == name) return true;
    }
    return false;
  }

  // The live fields, all of them numbers.
  template <class Archive>
  struct Archiver {
    Archive& archive;
    template <class T>
    void operator()(std::string_view name, T& field, const SpecOf<T>& = {}) {
      if constexpr (config::StrongType<T> || std::is_arithmetic_v<T>) {
        if (is_live(name)) archive(name, field);
      }
    }
  };

  struct Setter {
    ParameterChange change;
    bool found = false;
    template <class T>
    void operator()(std::string_view name, T& field, const SpecOf<T>& = {}) {
      if constexpr (config::StrongType<T> || std::is_arithmetic_v<T>) {
        if (!is_live(name) || parameter_key(name) != change.key) return;
        if constexpr (std::is_same_v<T, double>) {
          field = std::bit_cast<double>(change.value);
        } else {
          field = config::from_scalar<T>({.integer = change.value});
        }
        found = true;
      }
    }
  };

  P values_;
};

}  // namespace mezz
