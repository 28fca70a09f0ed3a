#include "gui/laboratory/gallery_view.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QThread>
#include <QVBoxLayout>

#include "gui/laboratory/lab_frame.h"
#include "gui/model/laboratory/message_text.h"
#include "gui/widgets/theme.h"

namespace mezz::gui {

namespace {

constexpr int kTitle = Qt::UserRole + 1;
constexpr int kQuestion = Qt::UserRole + 2;
constexpr int kFoot = Qt::UserRole + 3;

class CardDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {310, 148};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    const ThemeColours& theme = Theme::instance().colours();
    const bool chosen = (option.state & QStyle::State_Selected) != 0;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(chosen ? qt(theme.accent) : qt(theme.grid), chosen ? 2 : 1));
    painter->setBrush(qt(theme.base));
    const QRect card = option.rect.adjusted(5, 5, -5, -5);
    painter->drawRoundedRect(card, 8, 8);
    const QRect inside = card.adjusted(12, 10, -12, -8);
    QFont bold = option.font;
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(qt(theme.text));
    QRect used;
    painter->drawText(inside.adjusted(0, 0, 0, -70), Qt::TextWordWrap,
                      index.data(kTitle).toString(), &used);
    painter->setFont(option.font);
    painter->drawText(QRect(inside.left(), used.bottom() + 4, inside.width(),
                            inside.bottom() - 20 - used.bottom() - 4),
                      Qt::TextWordWrap, index.data(kQuestion).toString());
    painter->setPen(qt(theme.faint));
    const QFontMetrics metrics(option.font);
    painter->drawText(
        inside, Qt::AlignBottom | Qt::AlignLeft,
        metrics.elidedText(index.data(kFoot).toString(), Qt::ElideRight, inside.width()));
    painter->restore();
  }
};

QString foot_of(const lab::GalleryCard& card) {
  QStringList parts;
  if (!card.problem.empty()) return QObject::tr("cannot be read");
  QString design = text(card.design);
  parts << design.replace(QLatin1Char('_'), QLatin1Char(' '));
  parts << text(lab::time_text(Time::zero() + card.length));
  for (const std::string& tag : card.tags) {
    QString words = text(tag);
    parts << words.replace(QLatin1Char('_'), QLatin1Char(' '));
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace

GalleryView::GalleryView(QWidget* parent)
    : QWidget(parent),
      words_(new QLineEdit),
      state_(new QLabel(tr("Reading the catalogue…"))),
      list_(new QListWidget) {
  words_->setPlaceholderText(tr("Search scenarios: a word of the title, a design, a shock, quick"));
  words_->setClearButtonEnabled(true);
  words_->setAccessibleName(tr("Search scenarios"));
  list_->setViewMode(QListView::IconMode);
  list_->setResizeMode(QListView::Adjust);
  list_->setMovement(QListView::Static);
  list_->setItemDelegate(new CardDelegate(list_));
  list_->setFrameShape(QFrame::NoFrame);
  list_->setUniformItemSizes(true);
  list_->setAccessibleName(tr("Scenarios"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(words_);
  layout->addWidget(list_, 1);
  layout->addWidget(state_);
  connect(words_, &QLineEdit::textChanged, this, &GalleryView::fill);
  connect(list_, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
    emit scenario_wanted(item->data(Qt::UserRole).toString());
  });
  connect(list_, &QListWidget::itemClicked, list_, &QListWidget::itemActivated);
  connect(&Theme::instance(), &Theme::changed, list_, qOverload<>(&QWidget::update));
  reader_ = QThread::create([this] {
    std::vector<lab::GalleryCard> cards = lab::gallery();
    QMetaObject::invokeMethod(this, [this, cards = std::move(cards)] {
      cards_ = cards;
      fill();
      emit loaded();
    });
  });
  reader_->setParent(this);
  reader_->start();
}

GalleryView::~GalleryView() { reader_->wait(); }

int GalleryView::shown() const { return list_->count(); }

void GalleryView::choose(const QString& name) {
  for (const lab::GalleryCard& card : cards_) {
    if (text(card.name) == name) emit scenario_wanted(text(card.path));
  }
}

void GalleryView::fill() {
  list_->clear();
  for (const lab::GalleryCard& card : lab::search(cards_, words_->text().toStdString())) {
    auto* item = new QListWidgetItem(list_);
    item->setData(Qt::UserRole, text(card.path));
    item->setData(kTitle, card.title.empty() ? text(card.name) : text(card.title));
    item->setData(kQuestion, card.problem.empty() ? text(card.question) : text(card.problem));
    item->setData(kFoot, foot_of(card));
    item->setData(Qt::AccessibleTextRole, text(card.title + ". " + card.question));
    item->setToolTip(text(card.name + "\n" + card.question));
  }
  state_->setText(tr("%1 of %2 scenarios").arg(list_->count()).arg(cards_.size()));
}

}  // namespace mezz::gui
