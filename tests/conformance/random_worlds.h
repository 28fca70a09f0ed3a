// Worlds nobody thought of: any design with parameters drawn at random, and up to six shocks of any
// kind, at any time, overlapping as they like. A world that breaks a promise is made smaller by
// RapidCheck and printed as a scenario that `mezz run` takes.
#pragma once

#include <gtest/gtest.h>
// Not sorted: this one needs GoogleTest before it.
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

#include "tests/conformance/inspector.h"

namespace mezz::conformance {

inline void showValue(const SmallWorld& world, std::ostream& out) { out << to_toml(world); }

// Independent of RapidCheck's growing size.
inline rc::Gen<std::int64_t> between(std::int64_t low, std::int64_t high) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(low, high + 1));
}
template <class Enum>
rc::Gen<Enum> any_of_names() {
  constexpr auto kNames = static_cast<std::int64_t>(std::size(EnumNames<Enum>::names));
  return rc::gen::map(between(0, kNames - 1), [](std::int64_t i) { return static_cast<Enum>(i); });
}

// All of them are over in the third hour.
inline constexpr Duration kShocksEnd = 150_min;

inline rc::Gen<SmallShock> any_shock() {
  return rc::gen::exec([] {
    SmallShock shock;
    shock.kind = *any_of_names<ShockKind>();
    shock.at = 1_s * *between(0, 100 * 60);
    shock.duration = is_moment(shock.kind) ? Duration::zero() : 1_s * *between(1, 50 * 60);
    shock.magnitude = magnitude_of(shock.kind, 1_percent * *between(0, 100));
    return shock;
  });
}

inline rc::Gen<SmallWorld> any_world() {
  return rc::gen::exec([] {
    SmallWorld w;
    w.design = *any_of_names<Design>();
    w.seed = *between(1, 1'000'000);
    w.length = 6_h;
    w.block_time = 1_s * *rc::gen::element(std::int64_t{12}, std::int64_t{5}, std::int64_t{30});
    w.sequencing = *rc::gen::element<std::string>("single", "leader_rotation", "pair");
    if (w.design == Design::Sidechain) w.sequencing.clear();
    w.sequencing_window = *between(30, 300);
    w.challenge_window = 1_min * *between(30, 60);
    w.execution_delay = 1_min * *between(0, 30);
    w.min_exit_period = 1_min * *between(5, 30);
    w.challenge_duration = 1_min * *between(5, 30);
    w.freeze_grace = 1_min * *between(10, 120);
    w.release = *rc::gen::element<std::string>("signatures", "checkpoint");
    w.stale_penalty = *rc::gen::element<std::string>("latest_wins", "forfeit");
    w.accounts = *between(1, 60);
    constexpr int kShocksMax = 6;
    w.shocks =
        *rc::gen::resize(kShocksMax, rc::gen::container<std::vector<SmallShock>>(any_shock()));
    return w;
  });
}

inline void expect_promises_in_random_worlds(const std::string& parameters) {
  // Known worlds, unless somebody asks for others: RC_PARAMS="seed=7 max_success=500".
  ::setenv("RC_PARAMS", parameters.c_str(), 0);
  rc::detail::checkGTest([] {
    const SmallWorld world = *any_world();
    const Inspection found = inspect(world, [&](Inspector& inspector) {
      inspector.expect_paid(Time::zero() + kShocksEnd);
      inspector.expect_alive(Time::zero() + world.length - 10_min);
    });
    for (const std::string& problem : found.problems) RC_LOG() << problem << '\n';
    RC_TAG(std::string(enum_name(world.design)));
    RC_ASSERT(found.problems.empty());
    const Duration cut = 1_min * *between(1, 300);
    RC_LOG() << "cut at " << cut.seconds() << " s\n";
    RC_ASSERT(fingerprint_by_snapshot(world, cut) == found.fingerprint);
  });
}

}  // namespace mezz::conformance
