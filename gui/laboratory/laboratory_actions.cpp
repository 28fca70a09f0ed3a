// What the user can do in the laboratory: the commands, and what they do.
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QSvgGenerator>
#include <QThread>
#include <QToolBar>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "gui/laboratory/form_view.h"
#include "gui/laboratory/gallery_view.h"
#include "gui/laboratory/laboratory_page.h"
#include "gui/laboratory/network_view.h"
#include "gui/laboratory/panels.h"
#include "gui/laboratory/strip_view.h"
#include "gui/widgets/drawing.h"
#include "sim/check/error.h"
#include "sim/config/units.h"

namespace mezz::gui {

namespace {

// Opened, not executed: the window goes on, and a test can close it.
void open_dialog(QDialog* dialog) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

struct Outcome {
  std::vector<Metric> base;
  std::vector<Metric> mine;
  std::vector<lab::LabSeries> series;
  QString problem;
};

Outcome run_both(const Scenario& base, const Scenario& mine, Time until) {
  Outcome out;
  try {
    lab::LabSession first(base, 1);
    first.seek(until);
    out.base = first.metrics();
    out.series = first.series_until_now();
    lab::LabSession second(mine, 1);
    second.seek(until);
    out.mine = second.metrics();
  } catch (const std::exception& error) {
    out.problem = text(error.what());
  }
  return out;
}

}  // namespace

void LaboratoryPage::add_actions(ActionRegistry& registry) {
  bar_ = addToolBar(tr("Run"));
  bar_->setObjectName(QStringLiteral("laboratory.run"));
  bar_->setMovable(false);
  add_run_actions(registry);
  add_edit_actions(registry);
  add_export_actions(registry);
  make_bar();
}

void LaboratoryPage::add_run_actions(ActionRegistry& registry) {
  const auto add = [&](const char* name, const QString& title, const QString& hint,
                       const QString& key, std::function<void()> work, bool on_bar) {
    QAction* action = registry.add(
        {.name = QString::fromLatin1(name),
         .menu = tr("Laboratory"),
         .text = title,
         .hint = hint,
         .keys = key.isEmpty() ? QList<QKeySequence>{} : QList<QKeySequence>{QKeySequence(key)},
         .run = std::move(work)});
    if (on_bar) bar_->addAction(action);
  };
  add(
      "lab.gallery", tr("&Gallery"), tr("Choose another scenario"), "Ctrl+G",
      [this] { centre_->setCurrentWidget(gallery_); }, true);
  bar_->addSeparator();
  add(
      "lab.step_back", tr("Step &back"), tr("To before the last event"), "Shift+F4",
      [this] { client_.post_now([](LabWorker& worker) { worker.step_back(); }); }, true);
  add(
      "lab.step", tr("&Step"), tr("Handle one event"), "F4",
      [this] { client_.post_now([](LabWorker& worker) { worker.step(); }); }, true);
  add(
      "lab.run", tr("&Run"), tr("Run at the speed of the slider, every message shown"), "F5",
      [this] { run(Pace::Animated); }, true);
  add(
      "lab.fast", tr("&Fast"), tr("Run as fast as can be shown"), "F6", [this] { run(Pace::Fast); },
      true);
  add(
      "lab.express", tr("&Express"), tr("Run as fast as can be; only numbers are shown"), "F7",
      [this] { run(Pace::Express); }, true);
  add(
      "lab.stop", tr("St&op"), tr("Stop after this event"), "F8",
      [this] { client_.post_now([](LabWorker& worker) { worker.pause(); }); }, true);
  add(
      "lab.run_until", tr("Run &until"), tr("Run until the condition beside it holds"), "Ctrl+F5",
      [this] { run_until(until_->currentText()); }, false);
  add(
      "lab.first_liquidation", tr("Run until first &liquidation"),
      tr("Stop when the first account is liquidated"), "",
      [this] { run_until(QStringLiteral("first liquidation")); }, false);
  add(
      "lab.first_insolvency", tr("Run until first &insolvency"),
      tr("Stop when somebody owes more than he has"), "",
      [this] { run_until(QStringLiteral("first insolvency")); }, false);
  add(
      "lab.shock", tr("S&hock now…"), tr("Break something in the running world"), "Ctrl+K",
      [this] { choose_shock(); }, false);
  // Far from Run: it throws a run away.
  add(
      "lab.restart", tr("Back to the s&tart"),
      tr("Before the first event; what you did is forgotten"), "Ctrl+Shift+R",
      [this] { client_.post_now([](LabWorker& worker) { worker.restart(); }); }, false);
}

void LaboratoryPage::add_edit_actions(ActionRegistry& registry) {
  // All of them change the form, if at all.
  const auto add = [&](const char* name, const QString& title, const QString& hint, const char* key,
                       bool (*edit)(lab::ParameterForm&)) {
    registry.add({.name = QString::fromLatin1(name),
                  .menu = tr("Edit"),
                  .text = title,
                  .hint = hint,
                  .keys = {QKeySequence(QString::fromLatin1(key))},
                  .run = [this, edit] {
                    if (!form_ || !edit(*form_)) return;
                    form_view_->refresh();
                    form_changed();
                  }});
  };
  add("lab.undo", tr("&Undo"), tr("Take back the last change of a parameter"), "Ctrl+Z",
      [](lab::ParameterForm& form) { return form.undo(); });
  add("lab.redo", tr("&Redo"), tr("Do again what was taken back"), "Ctrl+Shift+Z",
      [](lab::ParameterForm& form) { return form.redo(); });
  add("lab.reset_parameters", tr("&Parameters as they were"),
      tr("Put every parameter back to what the scenario says"), "Ctrl+Alt+Z",
      [](lab::ParameterForm& form) { return form.reset_all(); });
  registry.add({.name = "lab.even",
                .menu = tr("Laboratory"),
                .text = tr("Sequence chart to sc&ale"),
                .hint = tr("Messages evenly spaced, or by time"),
                .run = [this] { sequence_->set_even(!sequence_->even()); }});
}

void LaboratoryPage::add_export_actions(ActionRegistry& registry) {
  const auto add = [&](const char* name, const QString& title, const QString& hint,
                       const QString& key, std::function<void()> work) {
    return registry.add(
        {.name = QString::fromLatin1(name),
         .menu = tr("Laboratory"),
         .text = title,
         .hint = hint,
         .keys = key.isEmpty() ? QList<QKeySequence>{} : QList<QKeySequence>{QKeySequence(key)},
         .run = std::move(work)});
  };
  bar_->addSeparator();
  bar_->addAction(add("lab.compare", tr("&Compare with baseline"),
                      tr("Run the scenario without your changes and show what differs"),
                      "Ctrl+Alt+B", [this] { compare(); }));
  add("lab.copy_command", tr("Copy as co&mmand line"), tr("The run as a mezz command"),
      "Ctrl+Alt+C", [this] {
        if (!form_) return;
        copy(text(lab::command_line(form_->base(), overrides())), tr("command line"));
      });
  add("lab.copy_python", tr("Copy as &Python"), tr("The run as a Python program"), "", [this] {
    if (!form_) return;
    copy(text(lab::python_text(form_->base(), overrides())), tr("Python program"));
  });
  add("lab.copy_shocks", tr("Copy what I did as T&OML"),
      tr("The [[shock]] and [[change]] tables that make the scenario give this run"), "", [this] {
        if (!frame_) return;
        copy(text(lab::toml_text(frame_->interventions)), tr("shocks and changes"));
      });
  add("lab.save_scenario", tr("Save scenar&io…"),
      tr("Write a scenario file that gives this run, with all you changed and did"), "", [this] {
        if (!frame_) return;
        auto* dialog = new QFileDialog(this, tr("Save scenario"));
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(QStringLiteral("toml"));
        dialog->setNameFilters({tr("Scenarios (*.toml)")});
        connect(dialog, &QFileDialog::fileSelected, this, &LaboratoryPage::save_scenario);
        open_dialog(dialog);
      });
  add("lab.save_run", tr("Sa&ve run…"), tr("Write a result file up to this moment and open it"),
      "Ctrl+Alt+S", [this] {
        if (!frame_) return;
        auto* dialog = new QFileDialog(this, tr("Save run"));
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->setDefaultSuffix(QStringLiteral("h5"));
        dialog->setNameFilters({tr("Results (*.h5)")});
        connect(dialog, &QFileDialog::fileSelected, this, &LaboratoryPage::save_run);
        open_dialog(dialog);
      });
  add("lab.export_picture", tr("E&xport live numbers…"), tr("The plots as SVG or PNG"), "", [this] {
    if (!frame_) return;
    auto* dialog = new QFileDialog(this, tr("Export"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("svg"));
    dialog->setNameFilters({tr("Pictures (*.svg *.png)")});
    connect(dialog, &QFileDialog::fileSelected, this, &LaboratoryPage::export_picture);
    open_dialog(dialog);
  });
}

void LaboratoryPage::run(Pace pace) {
  if (!form_) {
    emit message(tr("Choose a scenario first"));
    return;
  }
  if (rebuild_.isActive()) build_world();
  running_ = true;
  client_.post_now([pace](LabWorker& worker) { worker.run(pace); });
}

void LaboratoryPage::run_until(const QString& condition) {
  if (!form_) {
    emit message(tr("Choose a scenario first"));
    return;
  }
  if (rebuild_.isActive()) build_world();
  running_ = true;
  client_.post_now([condition](LabWorker& worker) { worker.run_until(condition); });
}

void LaboratoryPage::seek(Time time) {
  client_.post_now([time](LabWorker& worker) { worker.seek(time); });
}

void LaboratoryPage::intervene(const ShockParams& shock) {
  client_.post([shock](LabWorker& worker) { worker.intervene(shock); });
}

void LaboratoryPage::intervene(const ChangeParams& change) {
  client_.post([change](LabWorker& worker) { worker.intervene(change); });
}

void LaboratoryPage::save_scenario(const QString& path) {
  if (!form_ || !frame_) return;
  const Scenario scenario = lab::with_interventions(form_->scenario(), frame_->interventions);
  QString reason;
  const bool written =
      write_whole(path, QByteArray::fromStdString(resolved_text(scenario)), &reason);
  emit message(written ? tr("Written: %1").arg(path) : tr("Cannot write %1: %2").arg(path, reason));
}

void LaboratoryPage::save_run(const QString& path) {
  emit message(tr("Writing %1…").arg(path));
  client_.post_now([path](LabWorker& worker) {
    worker.pause();
    worker.save(path);
  });
}

void LaboratoryPage::export_picture(const QString& path) {
  QByteArray bytes;
  if (path.endsWith(QStringLiteral(".png"), Qt::CaseInsensitive)) {
    bytes = as_png(strip_->picture().grab().toImage());
  } else {
    QBuffer buffer;
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    QWidget& plots = strip_->picture();
    svg.setSize(plots.size());
    svg.setViewBox(plots.rect());
    svg.setTitle(form_ ? text(form_->base().title) : QString());
    svg.setDescription(text(form_ ? lab::command_line(form_->base(), overrides()) : std::string()));
    plots.render(&svg);
    bytes = buffer.data();
  }
  const bool written = !bytes.isEmpty() && write_whole(path, bytes);
  emit message(written ? tr("Written: %1").arg(path) : tr("Cannot write %1").arg(path));
}

void LaboratoryPage::choose_shock() {
  if (!frame_) {
    emit message(tr("Choose a scenario first"));
    return;
  }
  auto* dialog = new QDialog(this);
  dialog->setWindowTitle(tr("Shock now"));
  auto* kind = new QComboBox;
  for (const lab::ShockHelp& help : lab::shock_help()) {
    kind->addItem(tr("%1: %2").arg(text(enum_name(help.kind)), text(help.what)));
  }
  auto* duration = new QLineEdit(QStringLiteral("30 min"));
  auto* magnitude = new QLineEdit;
  auto* meaning = new QLabel;
  auto* problem = new QLabel;
  problem->setWordWrap(true);
  const auto choose = [=](int at) {
    const lab::ShockHelp& help = lab::shock_help()[static_cast<std::size_t>(at)];
    magnitude->setEnabled(!help.magnitude.empty());
    magnitude->setText(text(config::to_text(help.usual)));
    meaning->setText(help.magnitude.empty() ? tr("has no magnitude") : text(help.magnitude));
  };
  connect(kind, &QComboBox::currentIndexChanged, dialog, choose);
  kind->setCurrentIndex(static_cast<int>(ShockKind::SequencerDown));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  auto* form = new QFormLayout(dialog);
  form->addRow(tr("&What"), kind);
  form->addRow(tr("&Duration"), duration);
  form->addRow(tr("&Magnitude"), magnitude);
  form->addRow(QString(), meaning);
  form->addRow(problem);
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, dialog, [=, this] {
    try {
      ShockParams shock;
      shock.kind = static_cast<ShockKind>(kind->currentIndex());
      shock.duration = config::from_text<Duration>(duration->text().toStdString());
      shock.magnitude = config::from_text<Ratio>(magnitude->text().toStdString());
      intervene(shock);
      dialog->accept();
    } catch (const ScenarioError& error) {
      problem->setText(text(error.what()));
    }
  });
  open_dialog(dialog);
}

void LaboratoryPage::compare() {
  if (!frame_ || comparing_ != nullptr) {
    emit message(comparing_ != nullptr ? tr("A comparison is running")
                                       : tr("Choose a scenario first"));
    return;
  }
  const Scenario mine = lab::with_interventions(form_->scenario(), frame_->interventions);
  const Time until = frame_->status.time > Time::zero() ? frame_->status.time : frame_->status.end;
  emit message(tr("Running the scenario as it was, and yours, beside it…"));
  auto outcome = std::make_shared<Outcome>();
  comparing_ =
      QThread::create([=, base = form_->base()] { *outcome = run_both(base, mine, until); });
  comparing_->setParent(this);
  connect(comparing_, &QThread::finished, this, [this, outcome] {
    comparing_->deleteLater();
    comparing_ = nullptr;
    if (!outcome->problem.isEmpty()) {
      emit message(outcome->problem);
      emit compared(outcome->problem);
      return;
    }
    strip_->set_baseline(outcome->series);
    show_comparison(lab::changes(outcome->base, outcome->mine));
  });
  comparing_->start(QThread::LowPriority);
}

void LaboratoryPage::show_comparison(const std::vector<lab::MetricChange>& changes) {
  std::vector<std::string> what = form_->changes();
  for (const lab::Intervention& done :
       frame_ ? frame_->interventions : std::vector<lab::Intervention>()) {
    what.push_back(done.text());
  }
  comparison_ = text(lab::summary(what, changes));
  auto* dialog = new QDialog(this);
  dialog->setWindowTitle(tr("Compared with the baseline"));
  dialog->resize(720, 520);
  auto* sentence = new QLabel(comparison_);
  sentence->setObjectName(QStringLiteral("sentence"));
  sentence->setWordWrap(true);
  sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  QFont font = sentence->font();
  font.setPointSizeF(font.pointSizeF() * 1.1);
  sentence->setFont(font);
  auto* table = new QTreeWidget;
  table->setRootIsDecorated(false);
  table->setAlternatingRowColors(true);
  table->setHeaderLabels({tr("number"), tr("baseline"), tr("yours"), tr("change")});
  for (const lab::MetricChange& change : changes) {
    if (!change.moved()) break;
    const double share = change.share();
    table->addTopLevelItem(new QTreeWidgetItem(
        {text(change.name), text(lab::value_text(change.base, change.unit)),
         text(lab::value_text(change.changed, change.unit)),
         std::isfinite(share) ? QStringLiteral("%1 %").arg(share * 100, 0, 'f', 1) : QString()}));
  }
  for (int i = 0; i < 4; ++i) table->resizeColumnToContents(i);
  auto* command = new QLabel(text(lab::command_line(form_->base(), overrides())));
  command->setWordWrap(true);
  command->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  auto* layout = new QVBoxLayout(dialog);
  layout->addWidget(sentence);
  layout->addWidget(table, 1);
  layout->addWidget(command);
  layout->addWidget(buttons);
  open_dialog(dialog);
  emit message(comparison_);
  emit compared(comparison_);
}

void LaboratoryPage::copy(const QString& words, const QString& what) {
  if (words.isEmpty()) {
    emit message(tr("There is nothing to copy"));
    return;
  }
  QApplication::clipboard()->setText(words);
  emit message(tr("Copied the %1").arg(what));
}

std::vector<std::string> LaboratoryPage::overrides() const {
  std::vector<std::string> out = form_->overrides();
  if (!frame_) return out;
  for (std::string& done : lab::assignments(form_->scenario(), frame_->interventions)) {
    out.push_back(std::move(done));
  }
  return out;
}

}  // namespace mezz::gui
