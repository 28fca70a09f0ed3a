// The risk rosette of the design that was simulated, and the reason for each slice. A slice has a
// sign as well as a colour.
#pragma once

#include <vector>

#include "gui/model/risk_rosette.h"
#include "gui/widgets/drawing.h"

namespace mezz::gui {

class RosetteView final : public Drawing {
  Q_OBJECT

 public:
  explicit RosetteView(QWidget* parent = nullptr);

  void set_design(const QString& design, std::vector<RiskSlice> slices);
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  void draw_slices(QPainter& painter, const QRectF& circle) const;
  void draw_reasons(QPainter& painter, const QRectF& area) const;

  QString design_;
  std::vector<RiskSlice> slices_;
};

}  // namespace mezz::gui
