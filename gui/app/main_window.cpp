#include "gui/app/main_window.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>

#include "gui/app/start_page.h"
#include "gui/widgets/command_palette.h"
#include "gui/widgets/theme.h"
#include "scenarios/build_info.h"

namespace mezz::gui {

namespace {

constexpr int kRecentMax = 12;
const QString kRecent = QStringLiteral("recent");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kLayout = QStringLiteral("window/layout_");
const QString kTheme = QStringLiteral("window/theme");

// Opened, not executed: the window goes on, and a test can close it.
void open_dialog(QDialog* dialog) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

}  // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      registry_(this),
      pages_(new QStackedWidget),
      start_(new StartPage),
      laboratory_(new LaboratoryPage),
      results_(new ResultsPage) {
  setObjectName(QStringLiteral("main"));
  setWindowTitle(tr("Mezzanine"));
  setAcceptDrops(true);
  resize(1400, 880);
  for (QWidget* page : std::initializer_list<QWidget*>{start_, laboratory_, results_})
    pages_->addWidget(page);
  setCentralWidget(pages_);

  add_file_actions();
  add_view_actions();
  laboratory_->add_actions(registry_);
  results_->add_actions(registry_);
  add_help_actions();
  make_menus();

  connect(start_, &StartPage::open_wanted, this, &MainWindow::open);
  connect(start_, &StartPage::choose_files, this, [this] { choose(false); });
  connect(start_, &StartPage::choose_folder, this, [this] { choose(true); });
  const auto experiment = [this](const QString& scenario) {
    laboratory_->open_scenario(scenario);
    show_page(laboratory_);
  };
  connect(start_, &StartPage::scenario_wanted, this, experiment);
  connect(results_, &Perspective::scenario_wanted, this, experiment);
  for (Perspective* page : std::initializer_list<Perspective*>{laboratory_, results_}) {
    connect(page, &Perspective::results_wanted, this, &MainWindow::open);
    connect(page, &Perspective::message, this,
            [this](const QString& text) { statusBar()->showMessage(text); });
  }
  statusBar()->showMessage(tr("F1 lists all keys, Ctrl+Shift+P finds any command"));
  fill_recent();
  show_page(start_);
  first_laboratory_ = laboratory_->saveState();
  first_results_ = results_->saveState();
}

void MainWindow::add_file_actions() {
  registry_.add({.name = "file.open",
                 .menu = tr("File"),
                 .text = tr("&Open results…"),
                 .hint = tr("Open one or more result files"),
                 .keys = {QKeySequence::Open},
                 .run = [this] { choose(false); }});
  registry_.add({.name = "file.open_folder",
                 .menu = tr("File"),
                 .text = tr("Open sweep &folder…"),
                 .hint = tr("Open all runs of a sweep"),
                 .keys = {QKeySequence(tr("Ctrl+Shift+O"))},
                 .run = [this] { choose(true); }});
  registry_.add({.name = "file.forget_recent",
                 .menu = tr("File"),
                 .text = tr("Forget &recent files"),
                 .hint = tr("Empty the list of recent files"),
                 .run = [this] {
                   QSettings().remove(kRecent);
                   fill_recent();
                 }});
  registry_.add({.name = "file.quit",
                 .menu = tr("File"),
                 .text = tr("&Quit"),
                 .hint = tr("Close the window; the layout is kept"),
                 .keys = {QKeySequence(tr("Ctrl+Q"))},
                 .run = [this] { close(); }});
}

void MainWindow::add_view_actions() {
  const auto page_action = [this](const char* name, const QString& text, const QString& hint,
                                  const QString& key, QWidget* page) {
    QAction* action = registry_.add({.name = name,
                                     .menu = tr("View"),
                                     .text = text,
                                     .hint = hint,
                                     .keys = {QKeySequence(key)},
                                     .run = [this, page] { show_page(page); }});
    action->setCheckable(true);
    page_actions_.insert(page, action);
  };
  page_action("view.start", tr("&Start page"), tr("Recent results and the gallery"), "Ctrl+0",
              start_);
  page_action("view.laboratory", tr("&Laboratory"), tr("Change a scenario and run it"), "Ctrl+1",
              laboratory_);
  page_action("view.results", tr("&Results"), tr("Look at what runs did"), "Ctrl+2", results_);
  const auto theme_action = [this](const char* name, const QString& text, ThemeName theme) {
    registry_.add({.name = name,
                   .menu = tr("View"),
                   .text = text,
                   .hint = tr("Colours of the window"),
                   .run = [theme] {
                     Theme::instance().apply(theme);
                     QSettings().setValue(kTheme, QString::fromUtf8(name_of(theme)));
                   }});
  };
  theme_action("view.theme_system", tr("Theme: s&ystem"), ThemeName::System);
  theme_action("view.theme_light", tr("Theme: li&ght"), ThemeName::Light);
  theme_action("view.theme_dark", tr("Theme: &dark"), ThemeName::Dark);
  registry_.add({.name = "view.reset_layout",
                 .menu = tr("View"),
                 .text = tr("Reset &arrangement"),
                 .hint = tr("Put all views back to where they were at first"),
                 .run = [this] {
                   laboratory_->restoreState(first_laboratory_);
                   results_->restoreState(first_results_);
                 }});
  registry_.add({.name = "view.full_screen",
                 .menu = tr("View"),
                 .text = tr("F&ull screen"),
                 .hint = tr("Use the whole screen, or go back"),
                 .keys = {QKeySequence(Qt::Key_F11)},
                 .run = [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); }});
}

void MainWindow::add_help_actions() {
  registry_.add({.name = "help.palette",
                 .menu = tr("Help"),
                 .text = tr("&Commands…"),
                 .hint = tr("Find and run any command"),
                 .keys = {QKeySequence(tr("Ctrl+Shift+P"))},
                 .run = [this] { open_dialog(new CommandPalette(registry_, this)); }});
  registry_.add({.name = "help.shortcuts",
                 .menu = tr("Help"),
                 .text = tr("&Shortcuts"),
                 .hint = tr("All commands with their keys"),
                 .keys = {QKeySequence(Qt::Key_F1)},
                 .run = [this] { open_dialog(new ShortcutSheet(registry_, this)); }});
  registry_.add(
      {.name = "help.about",
       .menu = tr("Help"),
       .text = tr("&About Mezzanine"),
       .hint = tr("Version and build"),
       .run = [this] {
         auto* box = new QMessageBox(
             QMessageBox::NoIcon, tr("About Mezzanine"),
             tr("Mezzanine %1\n\nA deterministic simulator of layer-two derivative markets.\n"
                "Built from %2 with %3.")
                 .arg(QString::fromStdString(build_version()),
                      QString::fromStdString(build_commit()),
                      QString::fromStdString(build_compiler())),
             QMessageBox::Close, this);
         open_dialog(box);
       }});
}

void MainWindow::make_menus() {
  QHash<QString, QMenu*> menus;
  for (QAction* action : registry_.all()) {
    const QString name = ActionRegistry::menu_of(action);
    if (!menus.contains(name)) menus.insert(name, menuBar()->addMenu(QLatin1Char('&') + name));
    menus.value(name)->addAction(action);
  }
  QMenu* file = menus.value(tr("File"));
  recent_menu_ = new QMenu(tr("Open r&ecent"), this);
  file->insertMenu(registry_.find(QStringLiteral("file.forget_recent")), recent_menu_);

  auto* bar = addToolBar(tr("Pages"));
  bar->setObjectName(QStringLiteral("pages"));
  bar->setMovable(false);
  for (const char* name : {"view.start", "view.laboratory", "view.results"})
    bar->addAction(registry_.find(QString::fromLatin1(name)));
}

void MainWindow::show_page(QWidget* page) {
  pages_->setCurrentWidget(page);
  for (auto entry = page_actions_.begin(); entry != page_actions_.end(); ++entry)
    entry.value()->setChecked(entry.key() == page);
}

void MainWindow::open(const QStringList& paths) {
  if (paths.isEmpty()) return;
  remember(paths);
  show_page(results_);
  results_->open(paths);
}

void MainWindow::choose(bool folder) {
  auto* dialog = new QFileDialog(this, folder ? tr("Open sweep folder") : tr("Open results"));
  dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFiles);
  if (!folder) dialog->setNameFilters({tr("Results (*.h5 *.h5.part)"), tr("All files (*)")});
  connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::open);
  open_dialog(dialog);
}

QStringList MainWindow::recent() const { return QSettings().value(kRecent).toStringList(); }

void MainWindow::remember(const QStringList& paths) {
  QStringList list = recent();
  for (const QString& path : paths) {
    const QString whole = QFileInfo(path).absoluteFilePath();
    list.removeAll(whole);
    list.prepend(whole);
  }
  QSettings().setValue(kRecent, QStringList(list.mid(0, kRecentMax)));
  fill_recent();
}

void MainWindow::fill_recent() {
  const QStringList paths = recent();
  start_->set_recent(paths);
  recent_menu_->clear();
  for (const QString& path : paths) {
    QAction* action = recent_menu_->addAction(QFileInfo(path).fileName());
    action->setStatusTip(path);
    connect(action, &QAction::triggered, this, [this, path] { open({path}); });
  }
  recent_menu_->setEnabled(!paths.isEmpty());
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList paths;
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) paths << url.toLocalFile();
  }
  if (paths.isEmpty()) {
    statusBar()->showMessage(tr("Only files and folders of this machine can be opened"));
    return;
  }
  event->acceptProposedAction();
  open(paths);
}

void MainWindow::save_layout() const {
  QSettings settings;
  settings.setValue(kGeometry, saveGeometry());
  settings.setValue(kLayout + laboratory_->objectName(), laboratory_->saveState());
  settings.setValue(kLayout + results_->objectName(), results_->saveState());
}

void MainWindow::restore_layout() {
  const QSettings settings;
  restoreGeometry(settings.value(kGeometry).toByteArray());
  laboratory_->restoreState(settings.value(kLayout + laboratory_->objectName()).toByteArray());
  results_->restoreState(settings.value(kLayout + results_->objectName()).toByteArray());
}

void MainWindow::closeEvent(QCloseEvent* event) {
  save_layout();
  QMainWindow::closeEvent(event);
}

}  // namespace mezz::gui
