#include "gui/results/results_page.h"

namespace mezz::gui {

ResultsPage::ResultsPage(QWidget* parent) : Perspective(QStringLiteral("results"), parent) {}

void ResultsPage::add_actions(ActionRegistry&) {}

void ResultsPage::open(const QStringList&) {}

void ResultsPage::wait_until_opened() {}

}  // namespace mezz::gui
