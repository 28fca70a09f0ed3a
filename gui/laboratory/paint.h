// Small things that several pictures of the laboratory draw.
#pragma once

#include <QColor>
#include <QPointF>
#include <QRect>
#include <QString>
#include <string_view>

#include "gui/widgets/theme.h"

class QPainter;

namespace mezz::gui {

// The same colour for a kind of message everywhere; its name is always written beside it.
QColor kind_colour(std::string_view kind);
void paint_arrow(QPainter& painter, QPointF from, QPointF to, const QColor& colour);
// What an empty view says.
void paint_empty(QPainter& painter, const QRect& room, const QString& words);

}  // namespace mezz::gui
