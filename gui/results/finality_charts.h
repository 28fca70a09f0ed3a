// How final, how soon: bars of the rungs (median, p99, p99.9 and the share that never came), the
// distribution of each rung, and the chain of one transaction. Times are on a logarithmic axis,
// since a preconfirmation and a settlement lie a million apart.
#pragma once

#include <optional>
#include <vector>

#include "gui/model/finality.h"
#include "gui/widgets/drawing.h"

namespace mezz::gui {

class FinalityBars final : public Drawing {
  Q_OBJECT

 public:
  explicit FinalityBars(QWidget* parent = nullptr);
  void set_rungs(std::vector<RungStatistics> rungs);
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  std::vector<RungStatistics> rungs_;
};

// Share of all transactions that reached a rung within a time; a curve that ends below 1 shows what
// never came.
class LatencyEcdf final : public Drawing {
  Q_OBJECT

 public:
  explicit LatencyEcdf(QWidget* parent = nullptr);
  void set_rungs(std::vector<RungStatistics> rungs);
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  std::vector<RungStatistics> rungs_;
};

class ChainDrawing final : public Drawing {
  Q_OBJECT

 public:
  explicit ChainDrawing(QWidget* parent = nullptr);
  void set_chain(std::optional<Chain> chain);
  [[nodiscard]] const std::optional<Chain>& chain() const { return chain_; }
  void draw(QPainter& painter, const QRectF& area) const override;

 private:
  std::optional<Chain> chain_;
};

}  // namespace mezz::gui
