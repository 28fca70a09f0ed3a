// Whole sweeps by the real program: threads, kills, signals, job arrays, MPI, the master file. A
// sweep has the same content however it was made.
#include <gmock/gmock.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/check/sanitized.h"
#include "tests/cli/program.h"
#include "tests/scenarios/sweep/sweep_content.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using Words = Program::Words;

// Tiny runs: no agents, some blocks.
std::string scenario(int seeds) {
  return "title = \"Tiny\"\n[run]\nduration = \"20 s\"\n[sweep]\n"
         "\"layer2.design\" = [\"optimistic_rollup\", \"sidechain\"]\n\"run.seed\" = { from = 1, "
         "to = " +
         std::to_string(seeds) + " }\n";
}

void nap(double seconds) {
  const timespec time{
      static_cast<time_t>(seconds),
      static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9)};
  ::nanosleep(&time, nullptr);
}

std::size_t finished(const Program& mezz, const std::string& folder) {
  std::size_t count = 0;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(mezz.path(folder + "/runs"), error)) {
    count += entry.path().extension() == ".h5" ? 1 : 0;
  }
  return count;
}

TEST(Sweep, ContentDoesNotDependOnTheNumberOfThreads) {
  const Program mezz;
  mezz.write("s.toml", scenario(4));
  const Finished one = mezz.run({"sweep", "s.toml", "--out", "one", "--jobs", "1", "--json"});
  const Finished three = mezz.run({"sweep", "s.toml", "--out", "three", "--jobs", "3", "--json"});
  ASSERT_EQ(one.code, 0) << one.err;
  ASSERT_EQ(three.code, 0) << three.err;
  const Json a = Json::parse(one.out);
  const Json b = Json::parse(three.out);
  EXPECT_EQ(a["finished"], 8);
  EXPECT_EQ(a["status"], "complete");
  EXPECT_EQ(a["fingerprint"], b["fingerprint"]);
  const auto content = content_of_sweep(mezz.path("one"));
  EXPECT_EQ(content.size(), 8U);
  EXPECT_EQ(content, content_of_sweep(mezz.path("three")));
  // Seeds and designs make a difference, else equality would say nothing.
  std::set<std::string> different;
  for (const auto& [name, text] : content) different.insert(text);
  EXPECT_EQ(different.size(), 8U);
}

TEST(Sweep, RunsAreThoseOfMezzRun) {
  const Program mezz;
  mezz.write("s.toml", scenario(2));
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "d"}).code, 0);
  ASSERT_EQ(mezz.run({"run", "s.toml", "--set", "layer2.design=sidechain", "--seed", "2", "--out",
                      "r.h5", "--quiet"})
                .code,
            0);
  EXPECT_EQ(content_of_run(mezz.path("d/runs/000003.h5")), content_of_run(mezz.path("r.h5")));
}

TEST(Sweep, DryRunPrintsThePlanAndWritesNothing) {
  const Program mezz;
  mezz.write("s.toml", scenario(50));
  const Finished text = mezz.run({"sweep", "s.toml", "--dry-run", "--jobs", "2"});
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* said : {"runs       100", "layer2.design", "2 values", "pilot",
                           "time       about", "disk       about", "memory     at most"}) {
    EXPECT_THAT(text.out, HasSubstr(said));
  }
  const Finished json = mezz.run({"sweep", "s.toml", "--dry-run", "--json"});
  EXPECT_EQ(Json::parse(json.out)["runs"]["most"], 100);
  EXPECT_FALSE(mezz.exists("runs"));
}

TEST(Sweep, MoreMemoryThanThereIsIsRefused) {
  const Program mezz;
  // 1024 runs of 0.7 GB at least: more than a machine of 900 GB allows.
  mezz.write("s.toml",
             scenario(4) + "[[agent]]\nkind = \"leveraged_population\"\naccounts = 200_000\n");
  const Finished run = mezz.run({"sweep", "s.toml", "--out", "d", "--jobs", "1024"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("GB of memory"));
  EXPECT_FALSE(mezz.exists("d"));
}

TEST(Sweep, AFinishedSweepIsNeitherRepeatedNorOverwritten) {
  const Program mezz;
  mezz.write("s.toml", scenario(2));
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "d"}).code, 0);
  const auto before = std::filesystem::last_write_time(mezz.path("d/runs/000000.h5"));
  EXPECT_EQ(mezz.run({"sweep", "s.toml", "--out", "d"}).code, 2);
  mezz.write("s.toml", "this is no scenario any more");
  EXPECT_EQ(mezz.run({"resume", "d"}).code, 0);
  EXPECT_EQ(std::filesystem::last_write_time(mezz.path("d/runs/000000.h5")), before);
}

// When to kill. xorshift: the same moments every time, as far as time allows.
class Moments {
 public:
  explicit Moments(double longest) : longest_(longest) {}
  double next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return longest_ * static_cast<double>(state_ % 1'000) / 1'000;
  }

 private:
  std::uint64_t state_ = 12345;
  double longest_;
};

// Kills and continues until done; how often it was killed.
int kill_again_and_again(const Program& mezz, int kills, Moments& moments) {
  int killed = 0;
  std::map<std::string, std::filesystem::file_time_type> seen;
  for (int round = 0; round < 200; ++round) {
    const bool begun = mezz.exists("killed/sweep.json");
    const pid_t child =
        mezz.start(begun ? Words{"resume", "killed", "--jobs", "2"}
                         : Words{"sweep", "s.toml", "--out", "killed", "--jobs", "2"});
    if (killed < kills) {
      nap(moments.next());
      ::kill(child, SIGKILL);
    }
    const Finished end = mezz.wait(child);
    killed += end.code == 1000 + SIGKILL ? 1 : 0;
    // No finished run is touched again.
    for (const auto& [name, time] : seen) {
      EXPECT_EQ(std::filesystem::last_write_time(mezz.path("killed/runs/" + name)), time) << name;
    }
    std::error_code error;
    for (const auto& e : std::filesystem::directory_iterator(mezz.path("killed/runs"), error)) {
      seen[e.path().filename()] = e.last_write_time();
    }
    if (end.code == 0) return killed;
    EXPECT_EQ(end.code, 1000 + SIGKILL) << end.err;
  }
  ADD_FAILURE() << "the sweep never ended";
  return killed;
}

TEST(Sweep, SurvivesKillsAtAnyMoment) {
  const char* wanted_runs = std::getenv("MEZZ_KILL_RUNS");
  const char* wanted_kills = std::getenv("MEZZ_KILL_KILLS");
  const int seeds = wanted_runs != nullptr ? std::atoi(wanted_runs) / 2 : 15;
  const int kills = wanted_kills != nullptr ? std::atoi(wanted_kills) : 6;
  const Program mezz;
  mezz.write("s.toml", scenario(seeds));
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "whole", "--jobs", "2"}).code, 0);
  const double whole =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto content = content_of_sweep(mezz.path("whole"));
  EXPECT_EQ(content.size(), static_cast<std::size_t>(2 * seeds));
  // On average a kill after half the longest time: all kills fall into about the whole sweep. On a
  // machine that has become faster since, the sweep ends before them; then there is another one.
  Moments moments(2 * whole / (kills + 1));
  for (int killed = 0; killed < kills / 2;) {
    killed += kill_again_and_again(mezz, kills - killed, moments);
    EXPECT_EQ(content, content_of_sweep(mezz.path("killed")));
    EXPECT_TRUE(mezz.exists("killed/sweep.h5"));
    EXPECT_TRUE(std::filesystem::is_empty(mezz.path("killed/work")));
    std::filesystem::remove_all(mezz.path("killed"));
  }
}

TEST(Sweep, AfterASignalTheExitCodeIs130AndResumeDoesTheRest) {
  const Program mezz;
  mezz.write("s.toml", scenario(40));
  const pid_t child = mezz.start({"sweep", "s.toml", "--out", "d", "--jobs", "2"});
  ASSERT_TRUE(eventually(child, [&] { return finished(mezz, "d") >= 3; }));
  ::kill(child, SIGINT);
  const Finished end = mezz.wait(child);
  EXPECT_EQ(end.code, 130) << end.err;
  EXPECT_THAT(end.out, HasSubstr("mezz resume d"));
  EXPECT_TRUE(std::filesystem::is_empty(mezz.path("d/work")));
  const std::size_t before = finished(mezz, "d");
  EXPECT_GE(before, 3U);
  EXPECT_LT(before, 80U);
  for (const auto& [name, text] : content_of_sweep(mezz.path("d"))) {
    EXPECT_TRUE(text.starts_with("complete")) << name;
  }
  EXPECT_EQ(mezz.run({"resume", "d", "--quiet"}).code, 0);
  EXPECT_EQ(finished(mezz, "d"), 80U);
}

TEST(Sweep, AJobArrayMakesTheSameRunsOneByOne) {
  const Program mezz;
  mezz.write("s.toml", scenario(2));
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "whole"}).code, 0);
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "array", "--prepare"}).code, 0);
  EXPECT_EQ(finished(mezz, "array"), 0U);
  for (const char* index : {"2", "0", "3", "1", "2"}) {  // the second 2 is finished already
    const Finished run = mezz.run({"sweep", "array", "--index", index});
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr(std::string("run ") + index));
  }
  EXPECT_EQ(mezz.run({"sweep", "array", "--index", "4"}).code, 2);
  EXPECT_EQ(mezz.run({"resume", "array"}).code, 0);
  EXPECT_EQ(content_of_sweep(mezz.path("array")), content_of_sweep(mezz.path("whole")));
}

TEST(Sweep, BrokenLimitsAreNamedAndTheExitCodeIsOne) {
  const Program mezz;
  mezz.write("s.toml", scenario(2) + "[[limit]]\nmetric = \"blocks\"\nmax = 0.0\n");
  const Finished run = mezz.run({"sweep", "s.toml", "--out", "d", "--json"});
  EXPECT_EQ(run.code, 1);
  const Json json = Json::parse(run.out);
  EXPECT_EQ(json["finished"], 4);
  EXPECT_EQ(json["limits_broken"].size(), 4U);
  EXPECT_THAT(json["limits_broken"][3].get<std::string>(),
              HasSubstr("run 3 (layer2.design = sidechain"));
}

TEST(Sweep, SeedsEndWhenTheMeanIsKnownWhateverTheNumberOfThreads) {
  const Program mezz;
  const std::string text =
      "[run]\nduration = \"20 s\"\n[sweep]\n\"layer2.design\" = [\"optimistic_rollup\", "
      "\"sidechain\"]\n"
      "[sweep.until]\nmetric = \"l1.base_fee.end\"\nrelative = 0.1\nmin = 3\nmax = 12\nbatch = "
      "3\n";
  mezz.write("s.toml", text);
  const Finished one = mezz.run({"sweep", "s.toml", "--out", "one", "--jobs", "1", "--json"});
  const Finished two = mezz.run({"sweep", "s.toml", "--out", "two", "--jobs", "3", "--json"});
  ASSERT_EQ(one.code, 0) << one.err;
  const Json a = Json::parse(one.out);
  EXPECT_EQ(a["precision"], Json::parse(two.out)["precision"]);
  EXPECT_EQ(content_of_sweep(mezz.path("one")), content_of_sweep(mezz.path("two")));
  std::size_t runs = 0;
  for (const Json& block : a["precision"]) {
    const auto count = block["runs"].get<std::size_t>();
    runs += count;
    EXPECT_TRUE(count % 3 == 0 && count >= 3 && count <= 12) << count;
    EXPECT_TRUE(block["narrow"].get<bool>() || count == 12);
    if (!block["narrow"].get<bool>()) continue;
    EXPECT_LE(block["half_width"].get<double>(), 0.1 * block["mean"].get<double>());
  }
  EXPECT_EQ(finished(mezz, "one"), runs);
}

TEST(Sweep, TheMasterFileIsOneDatasetWithTheKeysAsCoordinates) {
  const Program mezz;
  mezz.write("s.toml", scenario(3));
  ASSERT_EQ(mezz.run({"sweep", "s.toml", "--out", "d"}).code, 0);
  const Finished python = mezz.wait(
      mezz.start_program({"/usr/bin/python3", "-c", "import h5py, xarray, h5netcdf"}, "o"));
  if (python.code != 0) GTEST_SKIP() << "python3 with h5py, h5netcdf and xarray is not installed";
  mezz.write("read.py", R"(
import h5py, xarray
for engine in ["h5netcdf", "netcdf4"]:
    d = xarray.open_dataset("d/sweep.h5", engine=engine)
    assert d.sizes["run"] == 6, d.sizes
    assert {"run", "layer2.design", "run.seed"} <= set(d.coords), d.coords
    assert list(d["run.seed"].values) == [1, 2, 3, 1, 2, 3], d["run.seed"]
    designs = ["optimistic_rollup"] * 3 + ["sidechain"] * 3
    assert list(d["layer2.design"].values.astype(str)) == designs
    keys = ["layer2.design", "run.seed"]
    grid = d[["blocks", "events"]].set_index(run=keys).unstack("run")
    assert grid["blocks"].shape == (2, 3), grid
    one = grid["events"].sel({"layer2.design": "sidechain", "run.seed": 2})
    assert int(one) == int(d["events"][4])
    d.close()
with h5py.File("d/sweep.h5", "r") as f:
    link = f.get("runs/000004", getlink=True)
    assert isinstance(link, h5py.ExternalLink) and link.filename == "runs/000004.h5", link
    run = f["runs/000004"]
    assert run.attrs["status"] in ("complete", b"complete"), run.attrs["status"]
    assert bytes(run.attrs["fingerprint"]) == f["fingerprint"][4], run.attrs["fingerprint"]
print("fine")
)");
  const Finished read =
      mezz.wait(mezz.start_program({"/usr/bin/python3", "read.py"}, "stdout.txt"));
  EXPECT_EQ(read.code, 0) << read.err;
}

// mpirun as a test runs it: on this machine, as any user, with more ranks than cores.
class SweepOnRanks : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string(MEZZ_MPIRUN).empty())
      GTEST_SKIP() << "built without MPI, or there is no mpirun";
    if (kSanitized) GTEST_SKIP() << "the sanitizers take Open MPI's own memory for leaks";
    mezz_.set_environment("OMPI_MCA_btl", "self,vader");
    mezz_.set_environment("OMPI_MCA_plm_rsh_agent", "/bin/false");
  }
  [[nodiscard]] Words on_ranks(int ranks, const Words& words) const {
    Words all{MEZZ_MPIRUN, "--oversubscribe",     "--allow-run-as-root",
              "-n",        std::to_string(ranks), MEZZ_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    return all;
  }

  Program mezz_;
};

TEST_F(SweepOnRanks, ContentDoesNotDependOnTheNumberOfRanks) {
  mezz_.write("s.toml", scenario(4));
  ASSERT_EQ(mezz_.run({"sweep", "s.toml", "--out", "threads", "--json"}).code, 0);
  const Finished run = mezz_.wait(mezz_.start_program(
      on_ranks(3, {"sweep", "s.toml", "--out", "ranks", "--json"}), "stdout.txt"));
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(Json::parse(run.out)["finished"], 8);
  EXPECT_EQ(content_of_sweep(mezz_.path("ranks")), content_of_sweep(mezz_.path("threads")));
}

TEST_F(SweepOnRanks, AWrongScenarioEndsAllRanks) {
  mezz_.write("s.toml", "[sweep]\n\"run.sed\" = [1]\n");
  const Finished run =
      mezz_.wait(mezz_.start_program(on_ranks(2, {"sweep", "s.toml", "--out", "d"}), "stdout.txt"));
  EXPECT_NE(run.code, 0);
  EXPECT_THAT(run.err, HasSubstr("did you mean 'seed'?"));
}

// The ranks that an mpirun has started.
std::vector<pid_t> children(pid_t parent) {
  std::ifstream file("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) +
                     "/children");
  std::vector<pid_t> all;
  for (pid_t child = 0; file >> child;) all.push_back(child);
  return all;
}

// Ended, whether or not somebody has asked for its exit code: it holds no lock any more.
bool has_ended(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string stat;
  if (!std::getline(file, stat)) return true;
  const std::size_t name_end = stat.rfind(')');  // proc(5): pid (name) state ...
  return name_end == std::string::npos || stat[name_end + 2] == 'Z' || stat[name_end + 2] == 'X';
}

TEST_F(SweepOnRanks, AfterTheLossOfARankResumeRepeatsOnlyWhatWasRunning) {
  mezz_.write("s.toml", scenario(40));
  const pid_t mpirun =
      mezz_.start_program(on_ranks(3, {"sweep", "s.toml", "--out", "d", "--quiet"}), "stdout.txt");
  ASSERT_TRUE(eventually(mpirun, [&] { return finished(mezz_, "d") >= 5; }));
  const std::vector<pid_t> ranks = children(mpirun);
  ASSERT_EQ(ranks.size(), 3U);
  // Stopped, the others cannot end the sweep before mpirun has seen the loss, however busy it is.
  for (const pid_t rank : ranks) ASSERT_EQ(::kill(rank, SIGSTOP), 0);
  ASSERT_EQ(::kill(ranks.back(), SIGKILL), 0);
  EXPECT_NE(mezz_.wait(mpirun).code, 0);
  // mpirun may end before the last rank has; as long as one lives, the folder is in use.
  while (!std::ranges::all_of(ranks, has_ended)) nap(0.01);
  const auto before = content_of_sweep(mezz_.path("d"));
  EXPECT_GE(before.size(), 5U);
  EXPECT_LT(before.size(), 80U);
  std::map<std::string, std::filesystem::file_time_type> times;
  for (const auto& [name, text] : before) {
    times[name] = std::filesystem::last_write_time(mezz_.path("d/runs/" + name));
  }
  const Finished again =
      mezz_.wait(mezz_.start_program(on_ranks(2, {"resume", "d", "--quiet"}), "stdout.txt"));
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(finished(mezz_, "d"), 80U);
  for (const auto& [name, time] : times) {
    EXPECT_EQ(std::filesystem::last_write_time(mezz_.path("d/runs/" + name)), time) << name;
  }
}

}  // namespace
}  // namespace mezz
