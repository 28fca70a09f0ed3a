#include "scenarios/sweep/ranks.h"

#include <cstdlib>

#include "sim/check/error.h"

#ifdef MEZZ_MPI
#define OMPI_SKIP_MPICXX 1  // the C++ bindings are another library
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>
#endif

namespace mezz::sweep {

namespace {

// How Open MPI, MPICH and Intel MPI tell a process that it is one of several.
std::size_t size_from_environment() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (const char* value = std::getenv(name)) return std::strtoul(value, nullptr, 10);
  }
  return 0;
}

}  // namespace

#ifdef MEZZ_MPI

namespace {

using namespace std::chrono_literals;

constexpr int kToFirst = 1;
constexpr int kAnswer = 2;

enum class Word : std::int32_t { Ask, Report, Goodbye };

// One message to rank 0. Ranks are the same program, so plain bytes will do.
struct Request {
  Word word = Word::Ask;
  RunEnd end = RunEnd::Abandoned;
  std::uint64_t run = 0;
  double value = 0;
  std::array<char, 256> message = {};
};

struct Reply {
  Dispatcher::Answer::Kind kind = Dispatcher::Answer::Kind::End;
  std::uint64_t run = 0;
};

template <class T>
void send_bytes(const T& value, int to, int tag) {
  MPI_Send(&value, sizeof value, MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

}  // namespace

bool built_with_mpi() { return true; }

Ranks::Ranks() {
  if (size_from_environment() == 0) return;
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  if (provided < MPI_THREAD_SERIALIZED) {
    MPI_Finalize();
    throw std::runtime_error("this MPI does not serve programs with threads");
  }
  int value = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &value);
  rank_ = static_cast<std::size_t>(value);
  MPI_Comm_size(MPI_COMM_WORLD, &value);
  size_ = static_cast<std::size_t>(value);
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &value);
  local_size_ = static_cast<std::size_t>(value);
  MPI_Comm_free(&machine);
}

Ranks::~Ranks() {
  int begun = 0;
  MPI_Initialized(&begun);
  if (begun != 0) MPI_Finalize();
}

std::string Ranks::share(const std::string& text) {
  if (size_ == 1) return text;
  std::uint64_t size = text.size();
  MPI_Bcast(&size, sizeof size, MPI_BYTE, 0, MPI_COMM_WORLD);
  std::string out = text;
  out.resize(size);
  MPI_Bcast(out.data(), static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD);
  return out;
}

bool Ranks::serve(Dispatcher& dispatcher) {
  while (gone_ + 1 < size_) {
    int there = 0;
    MPI_Status status{};
    MPI_Iprobe(MPI_ANY_SOURCE, kToFirst, MPI_COMM_WORLD, &there, &status);
    if (there == 0) return true;
    Request request;
    MPI_Recv(&request, sizeof request, MPI_BYTE, status.MPI_SOURCE, kToFirst, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    if (request.word == Word::Goodbye) {
      ++gone_;
    } else if (request.word == Word::Report) {
      dispatcher.report({.run = request.run,
                         .end = request.end,
                         .value = request.value,
                         .message = request.message.data()});
    } else {
      const Dispatcher::Answer answer = dispatcher.ask();
      send_bytes(Reply{.kind = answer.kind, .run = answer.run}, status.MPI_SOURCE, kAnswer);
    }
  }
  return false;
}

Dispatcher::Answer Ranks::ask() {
  const std::lock_guard lock(mutex_);
  send_bytes(Request{.word = Word::Ask}, 0, kToFirst);
  Reply reply;
  MPI_Recv(&reply, sizeof reply, MPI_BYTE, 0, kAnswer, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return {reply.kind, reply.run};
}

void Ranks::send(const RunReport& report) {
  Request request{
      .word = Word::Report, .end = report.end, .run = report.run, .value = report.value};
  std::strncpy(request.message.data(), report.message.c_str(), request.message.size() - 1);
  const std::lock_guard lock(mutex_);
  send_bytes(request, 0, kToFirst);
}

void Ranks::work_on_one_thread(const Plan& plan, const Store& store) {
  for (;;) {
    const Dispatcher::Answer answer = ask();
    if (answer.kind == Dispatcher::Answer::Kind::End || interruption_requested()) {
      if (answer.kind == Dispatcher::Answer::Kind::Run) {
        send({.run = answer.run, .end = RunEnd::Abandoned});
      }
      return;
    }
    if (answer.kind == Dispatcher::Answer::Kind::Wait) {
      std::this_thread::sleep_for(10ms);  // rank 0 cannot call us: it answers whoever asks
      continue;
    }
    send(run_one(plan, store, answer.run));
  }
}

void Ranks::work(const Plan& plan, const Store& store, std::size_t jobs) {
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs; ++i) {
      threads.emplace_back([&] { work_on_one_thread(plan, store); });
    }
  }
  send_bytes(Request{.word = Word::Goodbye}, 0, kToFirst);
}

#else

bool built_with_mpi() { return false; }

Ranks::Ranks() {
  if (size_from_environment() <= 1) return;
  throw ScenarioError("",
                      "mezz was built without MPI, but mpirun started several of it; install "
                      "libopenmpi-dev and build again, or use --jobs",
                      "command line");
}
Ranks::~Ranks() = default;
std::string Ranks::share(const std::string& text) { return text; }
bool Ranks::serve(Dispatcher&) { return false; }
void Ranks::work(const Plan&, const Store&, std::size_t) {}

#endif

}  // namespace mezz::sweep
