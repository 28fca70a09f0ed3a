#include "gui/laboratory/laboratory_page.h"

#include <QLabel>

namespace mezz::gui {

LaboratoryPage::LaboratoryPage(QWidget* parent)
    : Perspective(QStringLiteral("laboratory"), parent) {
  auto* empty = new QLabel(tr("Choose a scenario on the start page to see how to run it."));
  empty->setAlignment(Qt::AlignCenter);
  empty->setWordWrap(true);
  setCentralWidget(empty);
}

void LaboratoryPage::add_actions(ActionRegistry&) {}

void LaboratoryPage::open_scenario(const QString& scenario) {
  auto* text = qobject_cast<QLabel*>(centralWidget());
  if (text == nullptr) return;
  text->setText(tr("Run it with\n\n    mezz run %1 --out runs/%1.h5\n\nand drop the result here.")
                    .arg(scenario));
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

}  // namespace mezz::gui
