#include "gui/app/start_page.h"

#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

#include "scenarios/catalogue.h"

namespace mezz::gui {

namespace {

QLabel* heading(const QString& text) {
  auto* label = new QLabel(text);
  QFont font = label->font();
  font.setPointSizeF(font.pointSizeF() * 1.25);
  font.setBold(true);
  label->setFont(font);
  return label;
}

}  // namespace

StartPage::StartPage(QWidget* parent)
    : QWidget(parent), recent_(new QListWidget), gallery_(new QListWidget) {
  auto* files = new QPushButton(tr("&Open results…"));
  auto* folder = new QPushButton(tr("Open &sweep folder…"));
  connect(files, &QPushButton::clicked, this, &StartPage::choose_files);
  connect(folder, &QPushButton::clicked, this, &StartPage::choose_folder);

  auto* drop = new QLabel(tr("Drop result files (.h5) or a sweep folder anywhere in this window"));
  drop->setAlignment(Qt::AlignCenter);
  drop->setMinimumHeight(72);
  drop->setFrameStyle(QFrame::StyledPanel | QFrame::Sunken);

  recent_->setAccessibleName(tr("Recent results"));
  gallery_->setAccessibleName(tr("Gallery of scenarios"));
  gallery_->setWordWrap(true);
  gallery_->setAlternatingRowColors(true);
  for (const CatalogueEntry& entry : list_catalogue()) {
    if (entry.section != CatalogueSection::Scenarios) continue;  // sweeps are for the command line
    const QString title = QString::fromStdString(entry.title);
    const QString name = QString::fromStdString(entry.name);
    auto* item = new QListWidgetItem(title + QStringLiteral("\n") + name);
    item->setData(Qt::UserRole, name);
    item->setToolTip(QString::fromStdString(entry.question));
    gallery_->addItem(item);
  }
  connect(recent_, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
    const QString path = item->data(Qt::UserRole).toString();
    if (!path.isEmpty()) emit open_wanted({path});
  });
  connect(gallery_, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
    emit scenario_wanted(item->data(Qt::UserRole).toString());
  });

  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(28, 24, 28, 24);
  layout->setHorizontalSpacing(24);
  layout->addWidget(heading(tr("Results")), 0, 0, 1, 2);
  layout->addWidget(files, 1, 0);
  layout->addWidget(folder, 1, 1);
  layout->addWidget(recent_, 2, 0, 1, 2);
  layout->addWidget(drop, 3, 0, 1, 2);
  layout->addWidget(heading(tr("Scenarios to run")), 0, 2);
  layout->addWidget(gallery_, 1, 2, 3, 1);
  layout->setColumnStretch(0, 1);
  layout->setColumnStretch(1, 1);
  layout->setColumnStretch(2, 2);
  set_recent({});
}

void StartPage::set_recent(const QStringList& paths) {
  recent_->clear();
  for (const QString& path : paths) {
    const QFileInfo file(path);
    auto* item = new QListWidgetItem(file.fileName() + QStringLiteral("\n") + file.path());
    item->setData(Qt::UserRole, path);
    recent_->addItem(item);
  }
  if (paths.isEmpty()) {
    auto* none = new QListWidgetItem(tr("Nothing opened yet"));
    none->setFlags(Qt::NoItemFlags);
    recent_->addItem(none);
  }
}

}  // namespace mezz::gui
