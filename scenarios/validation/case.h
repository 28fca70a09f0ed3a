// A validation case: a law (closed form, exact recurrence or published arithmetic) and a simulation
// of the same thing with the project's own entities, from one set of parameters. A case says what
// the law gives (law()) and what one independent replication of the simulation gives (replicate());
// whether they agree is decided in one place (experiment.h). Adding a case: a Params struct, a
// subclass of CaseOf, a line in registry.cpp, a .toml file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/config/field.h"
#include "sim/config/read.h"

namespace mezz::validation {

// How law and simulation are compared.
enum class Comparison : std::uint8_t {
  Exact,      // |simulated - law| <= tolerance, no sampling
  Mean,       // the 99 % t interval of the mean holds the law and is narrow enough
  Rare,       // the same with an exact Poisson interval: mean of 0/1 outcomes, few or none are 1
  Asymptote,  // the law is a limit or approximation: the mean is within the tolerance of it
  AtLeast,    // a p-value of the first replication, >= law
};

struct LawRow {
  std::string name;
  double law = 0;
  Comparison comparison = Comparison::Mean;
  double tolerance = 0;   // half-width of the 99 % interval, or distance (Exact, Asymptote)
  bool relative = false;  // tolerance is a share of the law

  [[nodiscard]] double reach() const {
    return relative ? tolerance * (law < 0 ? -law : law) : tolerance;
  }
};

// How much is simulated. `size` is the work of one replication, in units the case names.
struct Effort {
  std::int64_t seed = 1;
  std::int64_t replications = 40;
  std::int64_t size = 10'000;
  std::int64_t size_max = 1'000'000;

  void visit(auto& v) {
    v("seed", seed, {.doc = "Of the first round; later rounds use other streams"});
    v("replications", replications,
      {.doc = "Independent replications; at least 30", .min = 30, .max = 10'000});
    v("size", size, {.doc = "Work of one replication: items, paths, ...", .min = 1});
    v("size_max", size_max, {.doc = "Most work of one replication in a longer round", .min = 1});
  }
};

struct Replication {
  std::uint64_t seed = 1;
  std::uint64_t number = 0;
  std::int64_t size = 1;
};

class ValidationCase {
 public:
  virtual ~ValidationCase() = default;

  // Throws ScenarioError when the parameters contradict each other (for example a queue that is
  // not stable has no law).
  virtual void configure(const config::Node& table, const config::ReadOptions& options) = 0;
  [[nodiscard]] virtual config::Field describe() const = 0;
  [[nodiscard]] virtual std::vector<LawRow> law() const = 0;
  // One value per quantity of law(), in its order.
  [[nodiscard]] virtual std::vector<double> replicate(const Replication& replication) const = 0;
  [[nodiscard]] virtual Effort effort() const { return {}; }
  // Non-empty: the case cannot run here (a file that is not shipped), and why.
  [[nodiscard]] virtual std::string unavailable() const { return {}; }
};

template <class Params>
class CaseOf : public ValidationCase {
 public:
  void configure(const config::Node& table, const config::ReadOptions& options) final {
    config::read(table, params_, {}, options);
    check();
  }
  [[nodiscard]] config::Field describe() const final { return config::describe(params_); }
  [[nodiscard]] Effort effort() const final {
    if constexpr (requires(const Params& p) { p.effort; }) return params_.effort;
    return {};
  }

 protected:
  [[nodiscard]] const Params& params() const { return params_; }
  virtual void check() const {}

 private:
  Params params_;
};

using CaseFactory = std::unique_ptr<ValidationCase> (*)();
template <class Case>
std::unique_ptr<ValidationCase> make_case() {
  return std::make_unique<Case>();
}

}  // namespace mezz::validation
