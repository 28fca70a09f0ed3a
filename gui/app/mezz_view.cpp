// The program behind `mezz view`.
//   mezz-view [RUN.h5 | FOLDER ...] [--screenshot FILE.png] [--size WxH] [--theme NAME] [--page
//   NAME]
// --screenshot writes a picture of the window and ends; without a display it needs no X server.
#include <QApplication>
#include <QCommandLineParser>
#include <QFontDatabase>
#include <QSettings>
#include <cstdio>
#include <stdexcept>

#include "gui/app/main_window.h"
#include "gui/app/screenshot.h"
#include "gui/widgets/theme.h"
#include "scenarios/build_info.h"
#include "scenarios/one_heap.h"
#include "scenarios/standard_streams.h"

namespace {

using mezz::gui::MainWindow;
using mezz::gui::Theme;

int complain(const QString& text, int exit_code) {
  std::fprintf(stderr, "mezz view: %s\n", text.toLocal8Bit().constData());
  return exit_code;
}

bool has_option(int argc, char** argv, const char* name) {
  for (int i = 1; i < argc; ++i) {
    if (QByteArray(argv[i]).startsWith(name)) return true;
  }
  return false;
}

int run(QApplication& app, const QCommandLineParser& parser) {
  const bool picture = parser.isSet(QStringLiteral("screenshot"));
  const QString theme =
      parser.isSet(QStringLiteral("theme"))
          ? parser.value(QStringLiteral("theme"))
          : QSettings().value(QStringLiteral("window/theme"), QStringLiteral("system")).toString();
  Theme::instance().apply(mezz::gui::theme_named(theme.toStdString()));
  MainWindow window;
  if (!picture) window.restore_layout();
  window.show();
  window.open(parser.positionalArguments());
  if (!picture) return QApplication::exec();
  return mezz::gui::take_screenshot(
      app, window,
      {.file = parser.value(QStringLiteral("screenshot")),
       .size = mezz::gui::size_named(parser.value(QStringLiteral("size"))),
       .page = parser.value(QStringLiteral("page"))});
}

}  // namespace

int main(int argc, char** argv) {
  mezz::use_one_heap();
  mezz::occupy_standard_streams();
  const bool picture = has_option(argc, argv, "--screenshot");
  const bool no_display =
      qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
  if (no_display && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
    const bool asked = has_option(argc, argv, "--help") || has_option(argc, argv, "--version");
    if (!picture && !asked) {
      std::fputs(
          "mezz view: no display (DISPLAY and WAYLAND_DISPLAY are empty); with "
          "--screenshot FILE.png none is needed\n",
          stderr);
      return 3;
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  QApplication app(argc, argv);
  QApplication::setOrganizationName(QStringLiteral("mezzanine"));
  QApplication::setApplicationName(QStringLiteral("mezz-view"));
  QApplication::setApplicationVersion(QString::fromStdString(mezz::build_version()));
  if (QFontDatabase::families().isEmpty())
    complain(QStringLiteral("no font found; install fonts-dejavu-core"), 3);

  QCommandLineParser parser;
  parser.setApplicationDescription(
      QStringLiteral("The viewer of Mezzanine: run scenarios, look at results."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(QStringLiteral("runs"),
                               QStringLiteral("Result files or sweep folders"),
                               QStringLiteral("[RUN.h5...]"));
  parser.addOptions(
      {{QStringLiteral("screenshot"), QStringLiteral("Write a picture and end"),
        QStringLiteral("FILE.png")},
       {QStringLiteral("size"), QStringLiteral("Size of the picture"), QStringLiteral("WxH"),
        QStringLiteral("1400x880")},
       {QStringLiteral("theme"), QStringLiteral("system, light or dark"), QStringLiteral("NAME")},
       {QStringLiteral("page"), QStringLiteral("View to show in front; 'list' names them"),
        QStringLiteral("NAME")}});
  if (!parser.parse(QApplication::arguments())) return complain(parser.errorText(), 2);
  if (parser.isSet(QStringLiteral("help"))) parser.showHelp();
  if (parser.isSet(QStringLiteral("version"))) parser.showVersion();
  try {
    return run(app, parser);
  } catch (const std::invalid_argument& error) {
    return complain(QString::fromUtf8(error.what()), 2);
  } catch (const std::exception& error) {
    return complain(QString::fromUtf8(error.what()), 3);
  }
}
