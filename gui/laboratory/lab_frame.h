// What the laboratory's views show: one copy of everything, made in the thread of the session and
// handed to the window as a value that nobody changes any more.
#pragma once

#include <QMetaType>
#include <QString>
#include <memory>
#include <vector>

// Qt makes a macro of the word emit, which the exchange has as a name: every header of the model
// comes into the laboratory's windows through here.
#pragma push_macro("emit")
#undef emit
#include "gui/model/laboratory/baseline.h"
#include "gui/model/laboratory/causes.h"
#include "gui/model/laboratory/inspector.h"
#include "gui/model/laboratory/lab_session.h"
#include "gui/model/laboratory/network.h"
#include "gui/model/laboratory/parameter_form.h"
#include "gui/model/laboratory/story.h"
#pragma pop_macro("emit")

namespace mezz::gui {

struct LabFrame {
  lab::LabStatus status;
  std::shared_ptr<const lab::Network> network;
  std::vector<lab::Message> messages;  // handled and pending, in order of arrival
  std::vector<lab::LabSeries> series;
  std::vector<lab::Inspector> inspectors;  // those asked for
  std::vector<lab::Intervention> interventions;
  double events_per_second = 0;
  double simulated_per_second = 0;  // seconds per second
  bool running = false;
};
using LabFramePtr = std::shared_ptr<const LabFrame>;

inline QString text(std::string_view words) {
  return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()));
}

}  // namespace mezz::gui
Q_DECLARE_METATYPE(mezz::gui::LabFramePtr)
