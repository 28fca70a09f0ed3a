#include "gui/model/laboratory/gallery.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>

#include "gui/model/laboratory/story.h"
#include "scenarios/catalogue.h"
#include "scenarios/comparison.h"
#include "scenarios/scenario.h"
#include "sim/check/error.h"

namespace mezz::lab {

namespace {

// Simulated events that fit into a few seconds: long runs are quick only in the slow market.
constexpr std::int64_t kQuickAccounts = 20'000;
constexpr double kQuickTransactions = 300'000;

bool is_quick(const Scenario& scenario) {
  double transactions = 0;
  std::int64_t accounts = 0;
  for (const AgentEntry& agent : scenario.agents) {
    const auto count = static_cast<double>(agent.count);
    transactions += count * agent.model->transactions_per_second();
    accounts += agent.count * static_cast<std::int64_t>(agent.model->accounts());
  }
  return transactions * scenario.run.duration.seconds() <= kQuickTransactions &&
         accounts <= kQuickAccounts && !is_comparison(scenario);
}

void add_once(std::vector<std::string>& tags, const std::string& tag) {
  if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

int rank(const GalleryCard& card) {
  if (card.has_tag("incident")) return 2;
  return card.has_tag("story") ? 0 : 1;
}

}  // namespace

bool GalleryCard::has_tag(std::string_view tag) const {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

GalleryCard gallery_card(const std::string& path_or_name) {
  GalleryCard card;
  card.name = std::filesystem::path(path_or_name).stem().string();
  card.path = path_or_name;
  try {
    const Scenario scenario = load_scenario(path_or_name, {});
    card.path = scenario.file;
    card.title = scenario.title;
    card.question = scenario.question;
    card.design = std::string(enum_name(scenario.layer2.design));
    card.length = scenario.run.duration;
    if (is_quick(scenario)) card.tags.emplace_back("quick");
    if (has_story(scenario)) card.tags.emplace_back("story");
    if (is_comparison(scenario)) card.tags.emplace_back("compares designs");
    const std::filesystem::path folder = std::filesystem::path(scenario.file).parent_path();
    if (folder.filename() == "incidents") card.tags.emplace_back("incident");
    for (const ShockParams& shock : scenario.shock) {
      add_once(card.tags, std::string(enum_name(shock.kind)));
    }
  } catch (const ScenarioError& error) {
    card.problem = error.what();
  }
  return card;
}

std::vector<GalleryCard> gallery() {
  std::vector<GalleryCard> cards;
  for (const CatalogueFile& file : catalogue_files()) cards.push_back(gallery_card(file.path));
  std::stable_sort(cards.begin(), cards.end(),
                   [](const GalleryCard& a, const GalleryCard& b) { return rank(a) < rank(b); });
  return cards;
}

std::vector<GalleryCard> search(const std::vector<GalleryCard>& cards, std::string_view words) {
  std::vector<std::string> wanted;
  std::istringstream in(lower(words));
  for (std::string word; in >> word;) wanted.push_back(word);
  std::vector<GalleryCard> found;
  for (const GalleryCard& card : cards) {
    std::string text = card.name + "\n" + card.title + "\n" + card.question + "\n" + card.design;
    for (const std::string& tag : card.tags) text += "\n" + tag;
    text = lower(text);
    const bool all = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
      return text.find(word) != std::string::npos;
    });
    if (all) found.push_back(card);
  }
  return found;
}

}  // namespace mezz::lab
