// The scenarios to choose from: what the catalogue says of each, and what one has to know before
// starting it (how long it is, which design, what breaks, whether it is done in seconds).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/types/time.h"

namespace mezz::lab {

struct GalleryCard {
  std::string name;  // of the catalogue
  std::string path;
  std::string title;
  std::string question;
  std::string design;  // optimistic_rollup, ...
  Duration length;     // simulated
  std::vector<std::string>
      tags;             // "quick", "story", "incident", "compares designs", kinds of shock
  std::string problem;  // why it cannot be read; empty when it can

  [[nodiscard]] bool has_tag(std::string_view tag) const;
};

// Of every scenario of the catalogue: first those with a story, then the others, recorded incidents
// last, by name. A file that cannot be read is a card with a problem, so that one bad file does not
// hide the rest.
std::vector<GalleryCard> gallery();
// One file, by path or catalogue name.
GalleryCard gallery_card(const std::string& path_or_name);

// Cards whose name, title, question, design or tags contain every word, letters compared without
// case.
std::vector<GalleryCard> search(const std::vector<GalleryCard>& cards, std::string_view words);

}  // namespace mezz::lab
