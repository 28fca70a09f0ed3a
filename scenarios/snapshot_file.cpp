#include "scenarios/snapshot_file.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "sim/check/error.h"

namespace mezz {

namespace {

constexpr std::uint64_t kMagic = 0x31304e534d5a5a4d;  // "MZZMSN01"

struct Header {
  std::uint64_t magic = kMagic;
  std::uint64_t scenario = 0;
  std::uint64_t content = 0;
  std::uint64_t bytes = 0;
};

// FNV-1a, 64 bits: a guard against accidents, not against forgery.
std::uint64_t hash(std::string_view bytes, std::uint64_t state = 0xcbf29ce484222325) {
  for (const char byte : bytes) {
    state = (state ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return state;
}

std::uint64_t hash_of(const Scenario& scenario) {
  static constexpr std::array<std::string_view, 5> kElsewhere = {"title", "question",
                                                                 "run.duration", "record", "limit"};
  std::uint64_t state = hash("mezzanine");
  for (const Parameter& parameter : flat_parameters(scenario)) {
    bool counts = true;
    for (const std::string_view name : kElsewhere) {
      counts = counts && !std::string_view(parameter.name).starts_with(name);
    }
    if (counts) state = hash(parameter.value, hash(parameter.name, state));
  }
  return state;
}

std::string_view as_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool write_snapshot(const std::string& path, const Scenario& scenario,
                    const std::vector<std::byte>& state) {
  const Header header{
      .scenario = hash_of(scenario), .content = hash(as_text(state)), .bytes = state.size()};
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&header), sizeof header);
  file.write(as_text(state).data(), static_cast<std::streamsize>(state.size()));
  file.close();
  if (!file.fail() && std::rename(part.c_str(), path.c_str()) == 0) return true;
  std::remove(part.c_str());
  return false;
}

std::vector<std::byte> read_snapshot(const std::string& path, const Scenario& scenario) {
  const auto reject = [&](const std::string& problem) {
    throw ScenarioError("--restore", path + " " + problem, "command line");
  };
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) reject("is not a file that can be read");
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) reject("cannot be read");
  Header header;
  if (text.size() < sizeof header) reject("is no snapshot: too short");
  std::memcpy(&header, text.data(), sizeof header);
  if (header.magic != kMagic) reject("is no snapshot made by mezz run --snapshot");
  const std::string_view content = std::string_view(text).substr(sizeof header);
  if (header.bytes != content.size() || header.content != hash(content)) {
    reject("is damaged or cut short");
  }
  if (header.scenario != hash_of(scenario)) {
    reject("was made with another scenario, seed or parameter than " + scenario.file);
  }
  std::vector<std::byte> state(content.size());
  std::memcpy(state.data(), content.data(), content.size());
  return state;
}

}  // namespace mezz
