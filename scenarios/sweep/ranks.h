// The ranks of `mpirun -n N mezz sweep ...`. Rank 0 hands out runs one by one (and runs some
// itself); the others ask, run and report; all see the same folder. Built without MPI, or started
// without mpirun, there is one rank. When a rank dies, mpirun ends the others; `mezz resume`
// repeats what was running. Only one thread of a process talks to MPI at a time
// (MPI_THREAD_SERIALIZED). Errors: ScenarioError when the program was built without MPI but runs
// under mpirun.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

#include "scenarios/sweep/dispatcher.h"

namespace mezz::sweep {

class Ranks {
 public:
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  [[nodiscard]] bool first() const { return rank_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t on_this_machine() const { return local_size_; }

  // What rank 0 says, on every rank.
  [[nodiscard]] std::string share(const std::string& text);
  // Rank 0: answers what has arrived. False when all other ranks have said goodbye.
  bool serve(Dispatcher& dispatcher);
  // The others: ask, run, report, until there is no more.
  void work(const Plan& plan, const Store& store, std::size_t jobs);

 private:
  void work_on_one_thread(const Plan& plan, const Store& store);
  Dispatcher::Answer ask();
  void send(const RunReport& report);

  std::mutex mutex_;
  std::size_t rank_ = 0;
  std::size_t size_ = 1;
  std::size_t local_size_ = 1;
  std::size_t gone_ = 0;  // ranks that said goodbye
};

[[nodiscard]] bool built_with_mpi();

}  // namespace mezz::sweep
