// The command line. `mezz --help` is the manual; DESIGN section 6 is the contract.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <new>
#include <string_view>
#include <vector>

#include "scenarios/build_info.h"
#include "scenarios/commands.h"
#include "scenarios/completion.h"
#include "scenarios/execute.h"
#include "scenarios/incident_case.h"
#include "scenarios/one_heap.h"
#include "scenarios/report_command.h"
#include "scenarios/standard_streams.h"
#include "scenarios/sweep/sweep.h"
#include "scenarios/validation/validate.h"
#include "sim/check/error.h"
#include "sim/config/nearest.h"
#include "sim/numeric/elementary.h"

namespace {

using mezz::commands::RunArguments;
using mezz::commands::ScenarioArguments;

// First signal: finish the current slice, write what was recorded, exit 130. Second: at once.
extern "C" void on_signal(int number) {
  mezz::request_interruption();
  std::signal(number, SIG_DFL);
}

// For commands that have something to save; the others may die of any of these.
void end_by_signals() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
}

void scenario_options(CLI::App& app, ScenarioArguments& arguments) {
  app.add_option("scenario", arguments.scenario, "A scenario file, or a name of the catalogue")
      ->required();
  app.add_option("--set", arguments.set, "Override: key=value, a TOML value or a bare word")
      ->allow_extra_args(false);
  app.add_option("--seed", arguments.seed, "Same as --set run.seed=N")->type_name("INT");
}

void run_options(CLI::App& app, RunArguments& arguments) {
  scenario_options(app, arguments.scenario);
  app.add_option("--out", arguments.out, "Result file; default runs/NAME.h5, 'none' for no file");
  app.add_option("--until", arguments.until, "Stop at this simulated time, e.g. \"10 min\"");
  app.add_option("--snapshot", arguments.snapshot, "Save the state at the end to this file");
  app.add_option("--restore", arguments.restore,
                 "Continue from a saved state of the same scenario");
  app.add_flag("--json", arguments.json, "One JSON object on standard output and nothing else");
  app.add_flag("--quiet", arguments.quiet, "No progress on standard error");
}

struct Words {
  ScenarioArguments scenario;
  RunArguments run;
  mezz::commands::CompareArguments compare;
  mezz::commands::AnalyseArguments analyse;
  mezz::sweep::SweepArguments sweep;
  mezz::validation::ValidateOptions validate;
  mezz::commands::ReportArguments report;
  std::string first;
  std::string second;
  std::string table;
  std::string design;
  std::vector<std::string> names;
  std::map<std::string, std::string> view;  // option to value
  bool json = false;
};

int run_validate(mezz::validation::ValidateOptions options) {
  options.more = mezz::incident_cases();
  mezz::validation::ValidateOutput output;
  const int code = mezz::validation::validate(options, output);
  std::fputs(output.out.c_str(), stdout);
  std::fputs(output.err.c_str(), stderr);
  return code;
}

// What the parser knows, for the shell.
int complete(const CLI::App& app, const std::string& shell) {
  using Takes = mezz::CompletionCommand::Takes;
  std::vector<mezz::CompletionCommand> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    mezz::CompletionCommand command;
    command.name = sub->get_name();
    command.help = sub->get_description();
    command.takes = Takes::Nothing;
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) command.options.push_back("--" + name);
      if (!option->get_positional()) continue;
      const std::string& word = option->get_name();
      command.takes = word == "scenario" ? Takes::Scenarios
                      : word == "shell"  ? Takes::Shells
                                         : Takes::Files;
    }
    commands.push_back(std::move(command));
  }
  std::fputs(mezz::completion_script(shell, commands).c_str(), stdout);
  return 0;
}

// Each subcommand stores what to do; the program does it after parsing.
template <class F>
void command(CLI::App& app, int& exit_code, F action) {
  app.callback([&exit_code, action] { exit_code = action(); });
}

void add_scenario_commands(CLI::App& app, Words& w, int& code) {
  CLI::App* list = app.add_subcommand("list", "The scenarios of the catalogue");
  list->add_flag("--json", w.json, "As JSON");
  command(*list, code, [&w] { return mezz::commands::list(w.json); });
  CLI::App* check = app.add_subcommand("check", "Read and build a scenario without running it");
  scenario_options(*check, w.scenario);
  command(*check, code, [&w] {
    const int result = mezz::commands::check(w.scenario);
    fmt::print("{}", mezz::sweep::check_sweep(w.scenario));
    return result;
  });
  CLI::App* resolve =
      app.add_subcommand("resolve", "Every parameter with its value and where it came from");
  scenario_options(*resolve, w.scenario);
  command(*resolve, code, [&w] { return mezz::commands::resolve(w.scenario); });
  CLI::App* schema = app.add_subcommand("schema", "JSON schema of the scenario file, for editors");
  command(*schema, code, [] { return mezz::commands::schema(); });
  CLI::App* parameters =
      app.add_subcommand("parameters", "Tables of parameters with default, range and meaning");
  parameters->add_option("sections", w.names, "Sections such as prover or sequencing.pair");
  parameters->add_option("--design", w.design, "The sections that this design is made of")
      ->excludes("sections");
  command(*parameters, code, [&w] { return mezz::commands::parameters(w.names, w.design); });
  CLI::App* run = app.add_subcommand("run", "Run a scenario and write a result file");
  run_options(*run, w.run);
  run->footer(
      "NAME.h5 appears when the run is complete; NAME.h5.part is the run so far (mezz recover).\n"
      "Ctrl-C or SIGTERM ends the run with a valid file marked interrupted, exit code 130.\n"
      "In --json a number without a value (a percentile of what never happened) is null.");
  command(*run, code, [&w] {
    end_by_signals();
    return mezz::commands::run(w.run);
  });
}

void add_sweep_commands(CLI::App& app, Words& w, int& code) {
  mezz::sweep::SweepArguments& arguments = w.sweep;
  const auto common = [&arguments](CLI::App& to) {
    to.add_option("--jobs", arguments.jobs, "Runs at once; default: one per core, 1 under mpirun");
    to.add_flag("--json", arguments.json, "One JSON object on standard output and nothing else");
    to.add_flag("--quiet", arguments.quiet, "No progress on standard error");
    to.add_flag("--retry-failed", arguments.retry_failed, "Repeat runs that failed before");
  };
  CLI::App* sweep = app.add_subcommand("sweep", "Run all that [sweep] of a scenario names");
  scenario_options(*sweep, arguments.scenario);
  common(*sweep);
  sweep->add_option("--out", arguments.out, "Folder of the results; default runs/NAME");
  CLI::Option* dry =
      sweep->add_flag("--dry-run", arguments.dry_run, "Print the plan and write nothing");
  CLI::Option* prepare = sweep->add_flag("--prepare", arguments.prepare,
                                         "Write the plan, run nothing: for job arrays");
  dry->excludes(prepare);
  sweep
      ->add_option(
          "--index", arguments.index,
          "Only this run, from 0, of a folder that --prepare made: mezz sweep DIR --index I")
      ->excludes(dry)
      ->excludes(prepare);
  sweep->footer(
      "DIR/sweep.json is the plan, DIR/runs/NNNNNN.h5 the result of a run, there only when it is\n"
      "complete, DIR/failed what failed and why, DIR/sweep.h5 all headline numbers as one data "
      "set.\n"
      "After Ctrl-C, a kill or a crash, mezz resume DIR does what is left. Across machines:\n"
      "mpirun -n N mezz sweep ..., or mezz sweep DIR --index $SLURM_ARRAY_TASK_ID for each run.");
  command(*sweep, code, [&arguments] {
    end_by_signals();
    return mezz::sweep::sweep(arguments);
  });
  CLI::App* resume = app.add_subcommand("resume", "Continue a sweep that was ended before its end");
  resume->add_option("folder", arguments.scenario.scenario, "Folder of the sweep")->required();
  common(*resume);
  command(*resume, code, [&arguments] {
    end_by_signals();
    return mezz::sweep::resume(arguments);
  });
}

void add_compare_command(CLI::App& app, Words& w, int& code) {
  mezz::commands::CompareArguments& arguments = w.compare;
  CLI::App* compare =
      app.add_subcommand("compare", "Groups of runs against a baseline, paired by their seeds");
  compare->add_option("paths", arguments.paths, "The folder of a sweep, or result files")
      ->required();
  compare->add_option("--by", arguments.by,
                      "Key whose values are compared; default: the design, or the only one");
  compare->add_option("--baseline", arguments.baseline,
                      "The value that the others are compared with; default: the first");
  compare
      ->add_option("--metric", arguments.metrics,
                   "A headline number, also several times; default: all that differ")
      ->allow_extra_args(false);
  compare->add_option("--paired-on", arguments.paired_on, "Key that pairs runs")
      ->capture_default_str();
  compare->add_option("--level", arguments.level, "Level of the intervals")->capture_default_str();
  compare->add_flag("--json", arguments.json, "As one JSON object");
  compare->footer(
      "mezz compare runs/SWEEP --by layer2.design --baseline zk_rollup --metric bad_debt.usd\n"
      "Files are also grouped --by file, scenario or program. Two files: their numbers, the\n"
      "difference, and where the runs part. What has no partner or failed is listed.");
  command(*compare, code, [&arguments] { return mezz::commands::compare(arguments); });
}

void add_analyse_command(CLI::App& app, Words& w, int& code) {
  mezz::commands::AnalyseArguments& arguments = w.analyse;
  CLI::App* analyse = app.add_subcommand(
      "analyse", "Sensitivity, response surface and tail of a headline number over many runs");
  analyse->add_option("paths", arguments.paths, "The folder of a sweep, or result files")
      ->required();
  analyse->add_option("--metric", arguments.metrics, "A headline number, also several times")
      ->allow_extra_args(false);
  analyse->add_flag("--sensitivity", arguments.sensitivity,
                    "Which parameter the variation comes from: first-order indices");
  analyse
      ->add_option("--surface", arguments.surface,
                   "Least squares over two parameters that are numbers: KEY_X KEY_Y")
      ->expected(2);
  analyse->add_flag("--tail", arguments.tail,
                    "How heavy the tail over the seeds is: generalised Pareto and Hill");
  CLI::Option* share =
      analyse->add_option("--share", arguments.share, "Of the values, the largest, in the tail")
          ->capture_default_str();
  analyse->add_option("--threshold", arguments.threshold, "Where the tail begins, in the unit")
      ->excludes(share);
  analyse
      ->add_option("--var", arguments.p, "Share of the runs that do not exceed the value at risk")
      ->capture_default_str();
  analyse->add_option("--level", arguments.level, "Level of the intervals")->capture_default_str();
  analyse->add_flag("--json", arguments.json, "As one JSON object");
  analyse->footer(
      "mezz analyse runs/SWEEP --metric bad_debt.usd\n"
      "Without --sensitivity, --surface and --tail: all that these runs support, the surface over\n"
      "the first two parameters that are numbers. A tail takes 20 runs that differ in their seed.");
  command(*analyse, code, [&arguments] { return mezz::commands::analyse(arguments); });
}

void add_result_commands(CLI::App& app, Words& w, int& code) {
  CLI::App* info = app.add_subcommand("info", "What a result file holds");
  info->add_option("file", w.first, "A result file")->required();
  info->add_flag("--json", w.json, "As one JSON object");
  command(*info, code, [&w] { return mezz::commands::info(w.first, w.json); });
  CLI::App* diff = app.add_subcommand("diff", "The first event in which two runs differ");
  diff->add_option("first", w.first, "A result file")->required();
  diff->add_option("second", w.second, "Another one")->required();
  command(*diff, code, [&w] { return mezz::commands::diff(w.first, w.second); });
  CLI::App* again = app.add_subcommand("reproduce", "Run a result's scenario again and compare");
  again->add_option("file", w.first, "A result file")->required();
  command(*again, code, [&w] { return mezz::commands::reproduce(w.first); });
  CLI::App* table = app.add_subcommand("export", "One table of a result file as CSV");
  table->add_option("file", w.first, "A result file")->required();
  table->add_option("--table", w.table, "For example trades, tx, liquidations")->required();
  command(*table, code, [&w] { return mezz::commands::export_table(w.first, w.table); });
  CLI::App* view = app.add_subcommand("view", "Open the viewer on result files or sweep folders");
  view->add_option("file", w.names, "Result files or sweep folders");
  for (const char* option : {"--screenshot", "--size", "--theme", "--page"})
    view->add_option(option, w.view[option], "As in mezz-view --help");
  command(*view, code, [&w] {
    std::vector<std::string> words;
    for (const auto& [option, value] : w.view) {
      if (!value.empty()) words.insert(words.end(), {option, value});
    }
    words.emplace_back("--");
    words.insert(words.end(), w.names.begin(), w.names.end());
    return mezz::commands::view(words);
  });
  CLI::App* rescue = app.add_subcommand("recover", "Make a clean file of a killed run's .h5.part");
  rescue->add_option("part", w.first, "The .h5.part file")->required();
  rescue->add_option("--out", w.second, "The file to make; default: the name without .part");
  command(*rescue, code, [&w] { return mezz::commands::recover(w.first, w.second); });
}

void add_report_command(CLI::App& app, Words& w, int& code) {
  CLI::App* report =
      app.add_subcommand("report", "One HTML page about a result, a sweep or several results");
  report->add_option("path", w.report.paths, "Folder of a sweep, or result files")->required();
  report->add_option("-o,--out", w.report.out, "The page to write; default report.html");
  report->add_flag("--force", w.report.force, "Overwrite a file that is no report");
  report->footer(
      "The page needs no network and no script. Exit code 1: a limit of the scenario is broken.");
  command(*report, code, [&w] { return mezz::commands::report(w.report); });
}

void add_proof_commands(CLI::App& app, Words& w, int& code) {
  CLI::App* validate =
      app.add_subcommand("validate", "Published laws against simulation: id, law, simulated, pass");
  validate->add_option("names", w.validate.names, "Cases; default: all");
  validate->add_option("--set", w.validate.overrides, "Other inputs to the same law: key=value")
      ->allow_extra_args(false);
  validate->add_flag("--resolve", w.validate.resolve, "Print the cases' parameters instead");
  validate->add_flag("--full", w.validate.full, "Also the cases that take minutes");
  validate->add_flag("--json", w.validate.json, "As JSON");
  command(*validate, code, [&w] { return run_validate(w.validate); });
  CLI::App* vectors = app.add_subcommand("vectors", "Check test-vector files of published rules");
  vectors
      ->add_option("file", w.first,
                   "CSV file (presets.json is looked for beside it), or JSON of whole portfolios")
      ->required();
  command(*vectors, code, [&w] { return mezz::commands::vectors(w.first); });
  CLI::App* shell = app.add_subcommand("completion", "Completion script for bash, zsh or fish");
  shell->add_option("shell", w.first, "bash, zsh or fish")->required();
  command(*shell, code, [&w, &app] { return complete(app, w.first); });
}

// The parser's own messages do not name the word it means, nor the nearest valid one.
void explain(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  const CLI::App* chosen = nullptr;
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
    if (sub->get_name() == argv[1]) chosen = sub;
  }
  if (chosen == nullptr) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    throw mezz::ScenarioError("",
                              mezz::config::quote(argv[1]) + " is not a command" +
                                  mezz::config::did_you_mean(argv[1], known) + "; commands are " +
                                  mezz::config::joined(known),
                              "command line");
  }
  names.clear();
  for (const CLI::Option* option : chosen->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (int i = 2; i < argc; ++i) {
    const std::string_view word =
        std::string_view(argv[i]).substr(0, std::string_view(argv[i]).find('='));
    if (!word.starts_with("--") || word == "--") continue;
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    throw mezz::ScenarioError("",
                              mezz::config::quote(word) + " is not an option of mezz " + argv[1] +
                                  mezz::config::did_you_mean(word, known) + "; options are " +
                                  mezz::config::joined(known),
                              "command line");
  }
}

// What was printed must have arrived, unless whoever read it wanted no more.
int arrived(int exit_code) {
  errno = 0;
  if (std::fflush(stdout) == 0 || errno == EPIPE) return exit_code;
  mezz::say(fmt::format("mezz: writing to standard output: {}\n", std::strerror(errno)));
  return exit_code == 0 ? 3 : exit_code;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{
      "Mezzanine: a deterministic simulator of layer-two derivative markets.\n"
      "Exit codes: 0 fine, 1 limit, comparison or reproduction failed, 2 bad usage or scenario, "
      "3 I/O, 130 interrupted.",
      "mezz"};
  app.set_version_flag("--version", mezz::build_version() + " (" + mezz::build_commit() + ", " +
                                        mezz::build_compiler() + ")");
  app.require_subcommand(1);
  Words words;
  int exit_code = 0;
  add_scenario_commands(app, words, exit_code);
  add_sweep_commands(app, words, exit_code);
  add_result_commands(app, words, exit_code);
  add_compare_command(app, words, exit_code);
  add_analyse_command(app, words, exit_code);
  add_report_command(app, words, exit_code);
  add_proof_commands(app, words, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    explain(app, argc, argv);
    throw mezz::ScenarioError("", std::string(error.what()) + "; see mezz --help", "command line");
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  mezz::use_one_heap();
  mezz::occupy_standard_streams();
  // `mezz export | head` ends quietly, as other programs do, whatever we were started from.
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);
  if (!mezz::numeric::self_test()) {
    mezz::say("mezz: elementary functions do not give their stored bits on this machine\n");
    return 3;
  }
  try {
    return arrived(parse_and_run(argc, argv));
  } catch (const mezz::ScenarioError& error) {
    mezz::say(fmt::format("mezz: {}\n", error.what()));
    return 2;
  } catch (const std::bad_alloc&) {
    mezz::say("mezz: out of memory\n");
    return 3;
  } catch (const std::exception& error) {
    mezz::say(fmt::format("mezz: {}\n", error.what()));
    return 3;
  }
}
