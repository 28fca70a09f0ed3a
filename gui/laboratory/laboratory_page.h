// Section 1: choose a scenario, change it, run it and watch.
#pragma once

#include "gui/widgets/perspective.h"

namespace mezz::gui {

class LaboratoryPage final : public Perspective {
  Q_OBJECT

 public:
  explicit LaboratoryPage(QWidget* parent = nullptr);

  void add_actions(ActionRegistry& registry) override;
  // A scenario file, or a name of the catalogue.
  void open_scenario(const QString& scenario);
};

}  // namespace mezz::gui
