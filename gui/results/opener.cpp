#include "gui/results/opener.h"

#include <QMetaType>

namespace mezz::gui {

Opener::Opener(QObject* parent) : QObject(parent) {
  qRegisterMetaType<RunSummary>("RunSummary");
  qRegisterMetaType<OpenRun>("OpenRun");
  qRegisterMetaType<Divergence>("Divergence");
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Opener::~Opener() {
  cancel();
  thread_.request_stop();
  thread_.join();
}

void Opener::set_reader(const std::string& program) {
  const std::lock_guard lock(mutex_);
  reader_ = program;
}

void Opener::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Opener::summarise(const QStringList& paths) {
  for (const QString& path : paths) {
    add([this, path](const std::stop_token& stop) {
      const std::vector<std::string> files = result_files(path.toStdString());
      if (files.empty()) emit failed(path, tr("no result file (.h5) in this folder"));
      double done = 0.0;
      for (const std::string& file : files) {
        if (stop.stop_requested()) return;
        emit progressed(tr("Reading %1").arg(path), done / static_cast<double>(files.size()));
        emit summarised(read_summary(file, {.reader = reader_}));
        done += 1.0;
      }
    });
  }
}

void Opener::load(const QString& path) {
  add([this, path](const std::stop_token& stop) { load_now(path, stop); });
}

void Opener::load_now(const QString& path, const std::stop_token& stop) {
  const QString what = tr("Loading %1").arg(path);
  try {
    const auto data = load_run(path.toStdString(),
                               {.reader = reader_, .stop = stop, .progress = [&](double share) {
                                  emit progressed(what, share);
                                }});
    if (data == nullptr) {
      emit failed(path, tr("cancelled"));
    } else {
      emit loaded({data, std::make_shared<const EventLog>(data)});
    }
  } catch (const std::exception& error) {
    emit failed(path, QString::fromUtf8(error.what()));
  }
}

void Opener::compare(const QString& first, const QString& second) {
  add([this, first, second](const std::stop_token&) {
    try {
      emit compared(
          first_divergence(first.toStdString(), second.toStdString(), {.reader = reader_}));
    } catch (const std::exception& error) {
      emit failed(second, QString::fromUtf8(error.what()));
    }
  });
}

void Opener::cancel() {
  const std::lock_guard lock(mutex_);
  tasks_.clear();
  current_.request_stop();
}

bool Opener::busy() const {
  const std::lock_guard lock(mutex_);
  return working_ || !tasks_.empty();
}

void Opener::work(const std::stop_token& stop) {
  for (;;) {
    Task task;
    std::stop_token current;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
      current_ = std::stop_source();
      current = current_.get_token();
      working_ = true;
    }
    task(current);
    bool idle = false;
    {
      const std::lock_guard lock(mutex_);
      working_ = false;
      idle = tasks_.empty();
    }
    if (idle) emit progressed({}, 1.0);
  }
}

}  // namespace mezz::gui
