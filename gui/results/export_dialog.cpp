#include "gui/results/export_dialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace mezz::gui {

ExportDialog::ExportDialog(QSize size, QWidget* parent)
    : QDialog(parent),
      file_(new QLineEdit(QStringLiteral("plot.svg"))),
      width_(new QSpinBox),
      height_(new QSpinBox) {
  setWindowTitle(tr("Export picture"));
  for (QSpinBox* box : {width_, height_}) {
    box->setRange(100, 8'000);
    box->setSuffix(tr(" px"));
  }
  width_->setValue(size.width());
  height_->setValue(size.height());
  auto* browse = new QPushButton(tr("&Browse…"));
  connect(browse, &QPushButton::clicked, this, [this] {
    auto* dialog = new QFileDialog(this, tr("Export picture"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("SVG (*.svg)"), tr("PDF (*.pdf)"), tr("PNG (*.png)")});
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, file_, &QLineEdit::setText);
    dialog->open();
  });
  auto* row = new QHBoxLayout;
  row->addWidget(file_, 1);
  row->addWidget(browse);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    emit chosen(file_->text(), QSize(width_->value(), height_->value()));
    accept();
  });
  auto* form = new QFormLayout(this);
  form->addRow(tr("&File (.svg, .pdf, .png)"), row);
  form->addRow(tr("&Width"), width_);
  form->addRow(tr("&Height"), height_);
  form->addRow(buttons);
  resize(460, sizeHint().height());
}

}  // namespace mezz::gui
