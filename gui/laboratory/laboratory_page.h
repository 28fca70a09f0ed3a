// Section 1: choose a scenario, change it, run it and watch, go back, shock it, compare it with
// what it was. Every view is fed by the frames of one LabWorker; the page itself only passes on
// what the user wants.
#pragma once

#include <QTimer>
#include <memory>

#include "gui/laboratory/lab_worker.h"
#include "gui/widgets/perspective.h"

class QComboBox;
class QLabel;
class QSlider;
class QStackedWidget;
class QThread;

namespace mezz::gui {

class EventListView;
class FormView;
class FutureView;
class GalleryView;
class InspectorView;
class MessageView;
class NetworkView;
class SequenceView;
class StoryView;
class StripView;

class LaboratoryPage final : public Perspective {
  Q_OBJECT

 public:
  explicit LaboratoryPage(QWidget* parent = nullptr);
  ~LaboratoryPage() override;

  void add_actions(ActionRegistry& registry) override;
  // A scenario file, or a name of the catalogue.
  void open_scenario(const QString& scenario);

  // ---- for tests and pictures
  [[nodiscard]] LabFramePtr frame() const { return frame_; }
  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] lab::ParameterForm* form() const { return form_.get(); }
  [[nodiscard]] GalleryView& gallery() const { return *gallery_; }
  [[nodiscard]] FormView& form_view() const { return *form_view_; }
  [[nodiscard]] StoryView& story() const { return *story_; }
  [[nodiscard]] StripView& strip() const { return *strip_; }
  [[nodiscard]] NetworkView& network() const { return *network_; }
  [[nodiscard]] QString last_comparison() const { return comparison_; }
  void run_until(const QString& condition);
  void seek(Time time);
  void intervene(const ShockParams& shock);
  // Of a live parameter, in the run that is under way.
  void intervene(const ChangeParams& change);
  // The scenario with edits and interventions, complete: it needs no other file.
  void save_scenario(const QString& path);
  void save_run(const QString& path);
  void export_picture(const QString& path);

 signals:
  void frame_shown();
  void stood_still(const QString& why);
  void compared(const QString& sentence);

 private:
  void make_views();
  void make_bar();
  void connect_worker();
  void add_run_actions(ActionRegistry& registry);
  void add_edit_actions(ActionRegistry& registry);
  void add_export_actions(ActionRegistry& registry);
  void run(Pace pace);
  void show_frame(const LabFramePtr& frame);
  void show_status(const LabFrame& frame);
  void set_filter(const lab::MessageFilter& filter);
  void ask_inspectors();
  void pin(const QString& id);
  void build_world();
  void form_changed();
  void show_changes(const std::vector<lab::Intervention>& interventions);
  void choose_shock();
  void compare();
  void show_comparison(const std::vector<lab::MetricChange>& changes);
  void copy(const QString& words, const QString& what);
  [[nodiscard]] std::vector<std::string> overrides() const;

  LabClient client_;
  LabFramePtr frame_;
  std::unique_ptr<lab::ParameterForm> form_;
  lab::MessageFilter filter_;
  bool running_ = false;
  QString comparison_;
  QTimer rebuild_;
  QThread* comparing_ = nullptr;

  QStackedWidget* centre_;
  GalleryView* gallery_;
  NetworkView* network_;
  SequenceView* sequence_;
  FormView* form_view_;
  StoryView* story_;
  EventListView* events_;
  FutureView* future_;
  InspectorView* inspector_;
  StripView* strip_;
  std::vector<InspectorView*> pinned_;
  class QToolBar* bar_ = nullptr;
  QComboBox* until_ = nullptr;
  QSlider* speed_ = nullptr;
  QSlider* timeline_ = nullptr;
  QLabel* clock_ = nullptr;
  QLabel* rates_ = nullptr;
  bool moving_timeline_ = false;
};

}  // namespace mezz::gui
