#include "gui/laboratory/panels.h"

#include <QComboBox>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTableView>
#include <QToolTip>
#include <QTreeWidget>
#include <algorithm>
#include <cmath>

#include "gui/laboratory/paint.h"
#include "gui/model/laboratory/message_text.h"

namespace mezz::gui {

// ---- story

StoryView::StoryView(QWidget* parent)
    : QWidget(parent),
      head_(new QLabel),
      words_(new QLabel),
      back_(new QPushButton(tr("Back"))),
      next_(new QPushButton(tr("Next"))) {
  QFont bold = head_->font();
  bold.setBold(true);
  bold.setPointSizeF(bold.pointSizeF() * 1.1);
  head_->setFont(bold);
  head_->setWordWrap(true);
  words_->setWordWrap(true);
  words_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(back_);
  buttons->addWidget(next_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(head_);
  layout->addWidget(words_, 1);
  layout->addLayout(buttons);
  connect(back_, &QPushButton::clicked, this, [this] { show_step(step_ - 1); });
  connect(next_, &QPushButton::clicked, this, [this] {
    show_step(step_ + 1);
    const lab::StoryStep& step = story_.step[step_];
    if (!step.at_start()) emit run_until_wanted(text(step.when));
  });
  set_story({});
}

void StoryView::set_story(const lab::Story& story) {
  story_ = story;
  show_step(0);
}

void StoryView::show_step(std::size_t step) {
  if (story_.step.empty()) {
    step_ = 0;
    head_->setText(tr("No story"));
    words_->setText(tr("This scenario has none. Those at the top of the gallery do."));
    back_->setEnabled(false);
    next_->setEnabled(false);
    return;
  }
  step_ = std::min(step, story_.step.size() - 1);
  const lab::StoryStep& told = story_.step[step_];
  head_->setText(tr("%1 / %2   %3").arg(step_ + 1).arg(story_.step.size()).arg(text(told.title)));
  words_->setText(text(told.text));
  back_->setEnabled(step_ > 0);
  const bool more = step_ + 1 < story_.step.size();
  next_->setEnabled(more);
  next_->setText(more ? tr("Run until: %1").arg(text(story_.step[step_ + 1].when)) : tr("The end"));
  if (!told.look.empty()) emit look_wanted(text(told.look));
}

// ---- event list

void EventModel::set(std::vector<lab::Message> events,
                     std::shared_ptr<const lab::Network> network) {
  beginResetModel();
  events_ = std::move(events);
  network_ = std::move(network);
  endResetModel();
}

int EventModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(events_.size());
}

int EventModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 6; }

QVariant EventModel::data(const QModelIndex& index, int role) const {
  const lab::Message& event = at(index.row());
  if (role == Qt::ToolTipRole) return text(event.text);
  if (role != Qt::DisplayRole) return {};
  const auto path = [&](EntityId entity) {
    const lab::NetworkNode* node = network_->node(entity);
    return node == nullptr ? QStringLiteral("-") : text(node->path);
  };
  switch (index.column()) {
    case 0:
      return static_cast<qulonglong>(event.event);
    case 1:
      return text(lab::time_text(event.arrives));
    case 2:
      return path(event.from);
    case 3:
      return path(event.to);
    case 4:
      return text(event.kind);
    default:
      return text(event.text);
  }
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
  const QStringList names = {tr("#"), tr("time"), tr("from"), tr("to"), tr("message"), tr("says")};
  return names.at(section);
}

EventListView::EventListView(QWidget* parent)
    : QWidget(parent), words_(new QLineEdit), table_(new QTableView) {
  words_->setPlaceholderText(tr("Only events with these words (part, message, text)"));
  words_->setClearButtonEnabled(true);
  words_->setAccessibleName(tr("Filter events"));
  table_->setModel(&model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setAlternatingRowColors(true);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(22);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->setShowGrid(false);
  table_->setAccessibleName(tr("Events"));
  const int widths[] = {80, 120, 130, 130, 130};
  for (int i = 0; i < 5; ++i) table_->setColumnWidth(i, widths[i]);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 4, 0, 0);
  layout->addWidget(words_);
  layout->addWidget(table_, 1);
  connect(words_, &QLineEdit::textChanged, this, &EventListView::fill);
  connect(table_, &QTableView::doubleClicked, this,
          [this](const QModelIndex& at) { emit event_chosen(model_.at(at.row()).event); });
  connect(table_, &QTableView::clicked, this,
          [this](const QModelIndex& at) { emit event_looked_at(model_.at(at.row()).event); });
}

void EventListView::set_frame(const LabFramePtr& frame) {
  frame_ = frame;
  fill();
}

void EventListView::set_filter(const lab::MessageFilter& filter) {
  filter_ = filter;
  filter_.timers = true;  // the list is the whole record
  fill();
}

void EventListView::fill() {
  if (!frame_ || (frame_->running && frame_->messages.empty())) return;
  std::vector<lab::Message> shown;
  for (const lab::Message& message : filter_.apply(frame_->messages, *frame_->network)) {
    if (!message.handled()) continue;
    if (!words_->text().isEmpty()) {
      const lab::NetworkNode* from = frame_->network->node(message.from);
      const lab::NetworkNode* to = frame_->network->node(message.to);
      const QString all = text(message.kind) + QLatin1Char(' ') + text(message.text) +
                          QLatin1Char(' ') + (from ? text(from->path) : QString()) +
                          QLatin1Char(' ') + (to ? text(to->path) : QString());
      const QStringList wanted = words_->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
      const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const QString& word) {
        return all.contains(word, Qt::CaseInsensitive);
      });
      if (!fits) continue;
    }
    shown.push_back(message);
  }
  model_.set(std::move(shown), frame_->network);
  table_->scrollToBottom();
}

// ---- future events

FutureView::FutureView(QWidget* parent) : QWidget(parent) {
  setMinimumHeight(64);
  setAccessibleName(tr("Future events"));
  setAccessibleDescription(tr("Pending events by the time until them, on a logarithmic axis"));
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FutureView::set_frame(const LabFramePtr& frame) {
  if (frame && frame->running && frame->messages.empty()) return;
  frame_ = frame;
  update();
}

void FutureView::paintEvent(QPaintEvent*) {
  const ThemeColours& theme = Theme::instance().colours();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), qt(theme.base));
  dots_.clear();
  if (!frame_) return;
  // From a microsecond to a year, in powers of ten of seconds.
  constexpr double kLowest = -6;
  constexpr double kHighest = 7.5;
  const auto x_of = [&](double log) {
    return 16 +
           (width() - 32) * (std::clamp(log, kLowest, kHighest) - kLowest) / (kHighest - kLowest);
  };
  const double axis = height() - 20;
  struct Tick {
    double seconds;
    const char* name;
  };
  for (const Tick& tick : {Tick{1e-6, "now"}, Tick{1e-3, "1 ms"}, Tick{1, "1 s"}, Tick{60, "1 min"},
                           Tick{3600, "1 h"}, Tick{86400, "1 d"}, Tick{604800, "7 d"}}) {
    const double x = x_of(std::log10(tick.seconds));
    painter.setPen(QPen(qt(theme.grid), 1));
    painter.drawLine(QPointF(x, 6), QPointF(x, axis));
    painter.setPen(qt(theme.faint));
    painter.drawText(QRectF(x - 40, axis + 2, 80, 16), Qt::AlignCenter,
                     QString::fromLatin1(tick.name));
  }
  std::vector<int> stacked(static_cast<std::size_t>(std::max(1, width() / 8 + 1)), 0);
  for (const lab::Message& message : frame_->messages) {
    if (message.handled()) continue;
    const double after = (message.arrives - frame_->status.time).seconds();
    const double x = x_of(after > 0 ? std::log10(after) : kLowest);
    int& height = stacked[static_cast<std::size_t>(
        std::clamp(x / 8, 0.0, static_cast<double>(stacked.size() - 1)))];
    const double y = axis - 6 - 7.0 * height;
    if (y < 6) continue;
    ++height;
    painter.setPen(Qt::NoPen);
    painter.setBrush(kind_colour(message.kind));
    painter.drawEllipse(QPointF(x, y), 3, 3);
    dots_.push_back({QPointF(x, y), &message});
  }
  if (dots_.empty()) paint_empty(painter, rect().adjusted(0, 0, 0, -20), tr("Nothing is pending"));
}

const lab::Message* FutureView::message_at(QPointF at) const {
  for (const Dot& dot : dots_) {
    if (std::hypot(dot.at.x() - at.x(), dot.at.y() - at.y()) < 5) return dot.message;
  }
  return nullptr;
}

bool FutureView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !frame_) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const lab::Message* message = message_at(help->pos());
  const lab::NetworkNode* to = message == nullptr ? nullptr : frame_->network->node(message->to);
  if (to != nullptr) {
    QToolTip::showText(help->globalPos(),
                       tr("%1 to %2 at %3\n%4")
                           .arg(text(message->kind), text(to->path),
                                text(lab::time_text(message->arrives)), text(message->text)),
                       this);
  } else {
    QToolTip::hideText();
  }
  return true;
}

void FutureView::contextMenuEvent(QContextMenuEvent* event) {
  const lab::Message* message = message_at(event->pos());
  if (message == nullptr) return;
  const QString when = QStringLiteral("time %1 ns").arg((message->arrives - Time::zero()).ns);
  QMenu menu(this);
  menu.addAction(tr("Run until this event"), this, [=, this] { emit run_until_wanted(when); });
  menu.exec(event->globalPos());
}

// ---- inspectors

InspectorView::InspectorView(bool pinned, QWidget* parent)
    : QWidget(parent), choice_(new QComboBox), tree_(new QTreeWidget) {
  choice_->setEditable(true);
  choice_->setInsertPolicy(QComboBox::NoInsert);
  choice_->setToolTip(tr("What to look into; \"account 17\" shows one account"));
  choice_->setAccessibleName(tr("Inspector"));
  choice_->setVisible(!pinned);
  tree_->setRootIsDecorated(false);
  tree_->setAlternatingRowColors(true);
  tree_->setAccessibleName(tr("Values"));
  auto* pin = new QPushButton(tr("Pin"));
  pin->setToolTip(tr("Keep this one open in a window of its own"));
  pin->setVisible(!pinned);
  auto* top = new QHBoxLayout;
  top->addWidget(choice_, 1);
  top->addWidget(pin);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 4, 0, 0);
  layout->addLayout(top);
  layout->addWidget(tree_, 1);
  connect(pin, &QPushButton::clicked, this, [this] { emit pin_wanted(id_); });
  connect(choice_, &QComboBox::textActivated, this, [this](const QString& words) {
    const int at = choice_->findText(words);
    show_inspector(at >= 0 ? choice_->itemData(at).toString() : words.trimmed());
  });
}

void InspectorView::set_choices(const std::vector<lab::InspectorName>& names) {
  choice_->clear();
  for (const lab::InspectorName& name : names) {
    choice_->addItem(text(name.title), text(name.id));
    choice_->setItemData(choice_->count() - 1, text(name.place), Qt::ToolTipRole);
  }
}

void InspectorView::show_inspector(const QString& id) {
  id_ = id;
  const int at = choice_->findData(id);
  if (at >= 0) {
    choice_->setCurrentIndex(at);
  } else {
    choice_->setEditText(id);
  }
  emit wanted();
}

void InspectorView::set_frame(const LabFramePtr& frame) {
  if (!frame) return;
  for (const lab::Inspector& inspector : frame->inspectors) {
    if (text(inspector.id) == id_) fill(inspector);
  }
}

void InspectorView::fill(const lab::Inspector& inspector) {
  const ThemeColours& theme = Theme::instance().colours();
  std::size_t columns = 2;
  for (const lab::InspectorTable& table : inspector.tables) {
    columns = std::max(columns, table.columns.size());
  }
  tree_->setUpdatesEnabled(false);
  tree_->clear();
  tree_->setColumnCount(static_cast<int>(columns));
  tree_->setHeaderHidden(true);
  for (const lab::InspectorRow& row : inspector.rows) {
    // The mark is a sign and a colour.
    auto* item = new QTreeWidgetItem(
        {text(row.name), (row.alarm ? QStringLiteral("⚠ ") : QString()) + text(row.value)});
    if (row.alarm) item->setForeground(1, qt(theme.bad));
    tree_->addTopLevelItem(item);
  }
  for (const lab::InspectorTable& table : inspector.tables) {
    auto* title = new QTreeWidgetItem({text(table.title)});
    QFont bold = tree_->font();
    bold.setBold(true);
    title->setFont(0, bold);
    tree_->addTopLevelItem(title);
    title->setFirstColumnSpanned(true);
    QStringList names;
    for (const std::string& name : table.columns) names << text(name);
    if (!names.empty()) {
      auto* head = new QTreeWidgetItem(names);
      for (int i = 0; i < names.size(); ++i) head->setForeground(i, qt(theme.faint));
      tree_->addTopLevelItem(head);
    }
    for (const std::vector<std::string>& row : table.rows) {
      QStringList cells;
      for (const std::string& cell : row) cells << text(cell);
      auto* item = new QTreeWidgetItem(cells);
      tree_->addTopLevelItem(item);
      item->setFirstColumnSpanned(cells.size() == 1);
    }
  }
  for (int i = 0; i < tree_->columnCount(); ++i) tree_->resizeColumnToContents(i);
  tree_->setUpdatesEnabled(true);
}

}  // namespace mezz::gui
