// The reference tables of parameters, made of the same visitor that reads them: Markdown, one row
// per parameter with its default, what is allowed and what it means. The pages of
// models/layer2/designs hold them; scripts/update-design-pages writes them there and a test
// compares.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mezz {

// One table per name, each a section of the scenario file or a table within one ("prover",
// "sequencing.pair"); without a name all sections. Throws ScenarioError for a name that is neither.
std::string parameter_tables(const std::vector<std::string>& names);

// The sections that a design is made of, apart from those that all designs share. Throws
// ScenarioError for a name that is not one of layer2.design.
std::vector<std::string> sections_of_design(std::string_view name);

}  // namespace mezz
