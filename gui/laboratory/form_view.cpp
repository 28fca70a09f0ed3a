#include "gui/laboratory/form_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimer>
#include <QToolButton>

#include "gui/laboratory/lab_frame.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

constexpr std::size_t kRowsMax = 60;
constexpr int kSliderSteps = 1000;

QString help(const lab::FormField& field) {
  QString out = QStringLiteral("<b>%1</b><br>%2").arg(text(field.path), text(field.doc));
  if (!field.range.empty()) out += QObject::tr("<br>allowed: %1").arg(text(field.range));
  if (!field.units.empty()) out += QObject::tr("<br>units: %1").arg(text(field.units));
  if (!field.standard.empty()) out += QObject::tr("<br>default: %1").arg(text(field.standard));
  return out + QObject::tr("<br>from: %1").arg(text(field.origin));
}

}  // namespace

FormView::FormView(QWidget* parent)
    : QWidget(parent),
      search_(new QLineEdit),
      all_(new QCheckBox(tr("All"))),
      live_(new QCheckBox(tr("Change the run &under way"))),
      count_(new QLabel),
      area_(new QScrollArea) {
  search_->setPlaceholderText(tr("Search all parameters"));
  search_->setClearButtonEnabled(true);
  search_->setObjectName(QStringLiteral("search"));
  search_->setAccessibleName(tr("Search parameters"));
  all_->setToolTip(tr("Search also sections that this design does not use"));
  live_->setObjectName(QStringLiteral("live"));
  live_->setToolTip(tr(
      "Parameters marked 'live' are set in the running world, from this moment on. What you do is "
      "kept: the copied command and TOML give the same run"));
  area_->setWidgetResizable(true);
  area_->setFrameShape(QFrame::NoFrame);
  area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(8, 8, 4, 4);
  layout->addWidget(search_, 0, 0);
  layout->addWidget(all_, 0, 1);
  layout->addWidget(live_, 1, 0, 1, 2);
  layout->addWidget(area_, 2, 0, 1, 2);
  layout->addWidget(count_, 3, 0, 1, 2);
  connect(search_, &QLineEdit::textChanged, this, &FormView::fill);
  connect(all_, &QCheckBox::toggled, this, &FormView::fill);
  connect(live_, &QCheckBox::toggled, this, &FormView::fill);
  connect(&Theme::instance(), &Theme::changed, this, &FormView::fill);
}

void FormView::set_form(lab::ParameterForm* form) {
  form_ = form;
  now_.clear();
  fill();
}

void FormView::refresh() { fill(); }

void FormView::set_now(std::map<QString, Now> now, bool under_way) {
  under_way_ = under_way;
  if (now == now_) return;
  now_ = std::move(now);
  fill();
}

void FormView::fill() {
  const int scrolled = area_->verticalScrollBar()->value();
  auto* page = new QWidget;
  auto* grid = new QGridLayout(page);
  grid->setContentsMargins(0, 0, 8, 0);
  grid->setHorizontalSpacing(6);
  grid->setVerticalSpacing(3);
  grid->setColumnStretch(0, 1);
  if (form_ != nullptr) {
    const bool searching = !search_->text().trimmed().isEmpty();
    const bool live = live_->isChecked() && !searching;
    std::vector<lab::FormField> fields =
        searching ? form_->search(search_->text().toStdString(), all_->isChecked())
                  : form_->featured();
    if (live) {
      fields = form_->fields();
      std::erase_if(fields, [](const lab::FormField& field) { return !field.live; });
    }
    int row = 0;
    for (const lab::FormField& field : fields) {
      if (static_cast<std::size_t>(row) >= 2 * kRowsMax) break;
      add_row(*grid, row, field);
      row += 2;
    }
    count_->setText(
        searching ? tr("%1 of %2 found").arg(std::min(fields.size(), kRowsMax)).arg(fields.size())
        : live    ? tr("What can change while the world runs")
                  : tr("What this scenario is about; search for the rest"));
  } else {
    count_->clear();
  }
  grid->setRowStretch(grid->rowCount(), 1);
  area_->setWidget(page);
  area_->verticalScrollBar()->setValue(scrolled);
}

void FormView::add_row(QGridLayout& grid, int row, const lab::FormField& field) {
  auto* name = new QLabel(text(field.path).replace(QLatin1Char('.'), QStringLiteral(".\u200b")));
  name->setWordWrap(true);
  name->setToolTip(help(field));
  name->setMinimumWidth(60);
  auto* editor = make_editor(field);
  editor->setObjectName(QStringLiteral("edit:") + text(field.path));
  editor->setToolTip(help(field));
  editor->setAccessibleName(text(field.path));
  editor->setAccessibleDescription(text(field.doc));
  name->setBuddy(editor);
  grid.addWidget(name, row, 0, 1, 2);
  grid.addWidget(editor, row, 2);
  editor->setFixedWidth(130);
  QHBoxLayout* second = make_notes(field);
  if (field.changed()) {
    QFont bold = name->font();
    bold.setBold(true);
    name->setFont(bold);
  }
  second->addStretch(1);
  grid.addLayout(second, row + 1, 0, 1, 2);
  if (QWidget* slider = make_slider(field); slider != nullptr) {
    slider->setFixedWidth(130);
    grid.addWidget(slider, row + 1, 2);
  }
}

QHBoxLayout* FormView::make_notes(const lab::FormField& field) {
  const QString path = text(field.path);
  auto* notes = new QHBoxLayout;
  notes->setContentsMargins(0, 0, 0, 4);
  notes->setSpacing(8);
  const auto add = [&](const QString& words, const char* kind, const Colour& colour) {
    auto* label = new QLabel(words);
    label->setObjectName(QLatin1String(kind) + path);
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, qt(colour));
    label->setPalette(palette);
    notes->addWidget(label);
    return label;
  };
  const ThemeColours& c = Theme::instance().colours();
  if (const auto now = now_.find(path); now != now_.end()) {
    add(tr("%1 since %2").arg(now->second.value, now->second.since), "now:", c.accent);
  } else if (field.live) {
    add(tr("live"), "live:", c.faint)->setToolTip(tr("Can change while the world runs"));
  }
  if (const std::size_t close = field.path.find(']'); field.path.starts_with("agent[")) {
    const std::size_t number = std::stoul(field.path.substr(6, close - 6));
    add(text(form_->scenario().agents.at(number).name), "who:", c.faint);
  }
  if (!field.changed()) return notes;
  add(tr("changed from %1").arg(text(field.base)), "was:", c.accent);
  auto* back = new QToolButton;
  back->setText(tr("Put back"));
  back->setAccessibleName(tr("Put back %1").arg(path));
  connect(back, &QToolButton::clicked, this, [this, path = field.path] {
    form_->reset(path);
    QTimer::singleShot(0, this, &FormView::fill);
    emit edited();
  });
  notes->addWidget(back);
  return notes;
}

QWidget* FormView::make_editor(const lab::FormField& field) {
  const QString path = text(field.path);
  if (!field.choices.empty()) {
    auto* box = new QComboBox;
    for (const std::string& choice : field.choices) box->addItem(text(choice));
    box->setCurrentText(text(field.text));
    box->setFocusPolicy(Qt::StrongFocus);
    connect(box, &QComboBox::textActivated, this,
            [this, path](const QString& value) { take(path, value); });
    return box;
  }
  const auto now = now_.find(path);
  auto* line = new QLineEdit(now == now_.end() ? text(field.text) : now->second.value);
  line->setCursorPosition(0);  // the beginning of a long text is seen
  connect(line, &QLineEdit::editingFinished, this, [this, path, line] {
    if (line->isModified()) take(path, line->text());
  });
  return line;
}

QWidget* FormView::make_slider(const lab::FormField& field) {
  if (!field.slider) return nullptr;
  auto* slider = new QSlider(Qt::Horizontal);
  slider->setObjectName(QStringLiteral("slide:") + text(field.path));
  slider->setAccessibleName(text(field.path));
  slider->setRange(0, kSliderSteps);
  slider->setPageStep(kSliderSteps / 20);
  slider->setFocusPolicy(Qt::StrongFocus);
  slider->setValue(
      static_cast<int>(lab::ParameterForm::slider_share(*field.slider) * kSliderSteps));
  const QString path = text(field.path);
  const auto words = [this, field](int at) {
    return text(form_->slider_text(field, static_cast<double>(at) / kSliderSteps));
  };
  // While it is dragged only the text follows; the form takes the value when it is let go.
  connect(slider, &QSlider::valueChanged, this, [this, path, slider, words](int at) {
    auto* line = qobject_cast<QLineEdit*>(editor(path));
    if (line != nullptr) line->setText(words(at));
    if (!slider->isSliderDown()) take(path, words(at));
  });
  connect(slider, &QSlider::sliderReleased, this,
          [this, path, slider, words] { take(path, words(slider->value())); });
  return slider;
}

void FormView::take(const QString& path, const QString& value) {
  if (live_->isChecked() && under_way_) {
    take_live(path, value);
    return;
  }
  const std::string problem = form_->set(path.toStdString(), value.trimmed().toStdString());
  if (problem.empty()) {
    QTimer::singleShot(0, this, &FormView::fill);  // the sender is one of the widgets that go
    emit edited();
    return;
  }
  refuse(path, text(problem));
}

// The box says that the run goes on: what it cannot take is refused, never a new run in silence.
void FormView::take_live(const QString& path, const QString& value) {
  const ChangeParams change{
      .at = {}, .parameter = path.toStdString(), .value = value.trimmed().toStdString()};
  const std::string problem = lab::problem_of(change, form_->scenario());
  if (problem.empty()) {
    emit live_edit(path, value.trimmed());
  } else {
    refuse(path,
           tr("%1 (\"%2\" is ticked)").arg(text(problem), live_->text().remove(QLatin1Char('&'))));
  }
}

void FormView::refuse(const QString& path, const QString& problem) {
  emit refused(problem);
  QWidget* widget = editor(path);
  if (widget == nullptr) return;
  QPalette palette = widget->palette();
  palette.setColor(QPalette::Text, qt(Theme::instance().colours().bad));
  widget->setPalette(palette);
  widget->setToolTip(problem);
}

QWidget* FormView::editor(const QString& path) const {
  return findChild<QWidget*>(QStringLiteral("edit:") + path);
}

}  // namespace mezz::gui
