// Section 2: what runs did. Opens result files and sweep folders and shows them in linked views.
#pragma once

#include <QStringList>

#include "gui/widgets/perspective.h"

namespace mezz::gui {

class ResultsPage final : public Perspective {
  Q_OBJECT

 public:
  explicit ResultsPage(QWidget* parent = nullptr);

  void add_actions(ActionRegistry& registry) override;
  // Result files and folders of them; added to what is open.
  void open(const QStringList& paths);
  // For pictures and tests: handles events until nothing is being opened any more.
  void wait_until_opened();
};

}  // namespace mezz::gui
