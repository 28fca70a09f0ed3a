#include "scenarios/completion.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/check/error.h"

namespace mezz {

namespace {

using Takes = CompletionCommand::Takes;

constexpr std::string_view kShells = "bash zsh fish";

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

std::string names(const std::vector<CompletionCommand>& commands) {
  std::vector<std::string> words;
  for (const CompletionCommand& command : commands) words.push_back(command.name);
  return joined(words, " ");
}

// Names of the commands that take this, as a pattern of `case`; "-" when there is none.
std::string taking(const std::vector<CompletionCommand>& commands, Takes takes) {
  std::vector<std::string> words;
  for (const CompletionCommand& command : commands) {
    if (command.takes == takes) words.push_back(command.name);
  }
  return words.empty() ? "-" : joined(words, "|");
}

// The lines `  run) options='--set --seed' ;;` that bash and zsh share.
std::string option_cases(const std::vector<CompletionCommand>& commands) {
  std::string text;
  for (const CompletionCommand& command : commands) {
    text += fmt::format("    {}) options='{}' ;;\n", command.name, joined(command.options, " "));
  }
  return text;
}

std::string bash(const std::vector<CompletionCommand>& commands) {
  return fmt::format(
      R"(_mezz() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} options='--help --version' choices=
  if [ "$COMP_CWORD" -eq 1 ]; then
    case $word in
      -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
      *) COMPREPLY=($(compgen -W '{}' -- "$word")) ;;
    esac
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")); return ;;
  esac
  case ${{COMP_WORDS[1]}} in
    {}) choices=$("$1" list 2>/dev/null | cut -d' ' -f1) ;;
    {}) choices='{}' ;;
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
  mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$word")
}}
complete -o filenames -F _mezz mezz
)",
      names(commands), option_cases(commands), taking(commands, Takes::Scenarios),
      taking(commands, Takes::Shells), kShells);
}

// Works both as a file of $fpath and sourced.
std::string zsh(const std::vector<CompletionCommand>& commands) {
  return fmt::format(
      R"(#compdef mezz
_mezz() {{
  local options='--help --version'
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then compadd -- ${{=options}}; else compadd -- {}; fi
    return
  fi
  case $words[2] in
{}  esac
  if [[ $PREFIX == -* ]]; then compadd -- ${{=options}}; return; fi
  case $words[2] in
    {}) compadd -- $($words[1] list 2>/dev/null | cut -d' ' -f1) ;;
    {}) compadd -- {} ;;
  esac
  _files
}}
if [[ $funcstack[1] == _mezz ]]; then _mezz "$@"; else compdef _mezz mezz; fi
)",
      names(commands), option_cases(commands), taking(commands, Takes::Scenarios),
      taking(commands, Takes::Shells), kShells);
}

// Inside single quotes of fish.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish(const std::vector<CompletionCommand>& commands) {
  std::string text;
  for (const CompletionCommand& command : commands) {
    text += fmt::format("complete -c mezz -n __fish_use_subcommand -f -a {} -d {}\n", command.name,
                        quoted(command.help));
    const std::string after =
        fmt::format("complete -c mezz -n '__fish_seen_subcommand_from {}'", command.name);
    for (const std::string& option : command.options) {
      if (option.starts_with("--")) text += fmt::format("{} -l {}\n", after, option.substr(2));
    }
    if (command.takes == Takes::Scenarios) {
      text += after + " -a '(mezz list 2>/dev/null | cut -d\" \" -f1)'\n";
    } else if (command.takes == Takes::Shells) {
      text += fmt::format("{} -f -a '{}'\n", after, kShells);
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell,
                              const std::vector<CompletionCommand>& commands) {
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  throw ScenarioError("completion", "'" + shell + "' is not one of bash, zsh, fish",
                      "command line");
}

}  // namespace mezz
