// From the described tree of a scenario's parameters (sim/config/field.h) to the rows of a form.
#pragma once

#include <string>
#include <vector>

#include "gui/model/laboratory/parameter_form.h"

namespace mezz::lab {

// In the order of `mezz resolve`. `standard` and `base` are left empty.
std::vector<FormField> form_fields(const Scenario& scenario);

// True when values of this path are strings, which --set must have in quotes.
bool is_text(const FormField& field);

}  // namespace mezz::lab
