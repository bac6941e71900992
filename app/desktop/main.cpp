// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commands.h"
#include "app/common/open_files.h"
#include "app/demo/demo.h"
#include "app/desktop/desktop_session.h"
#include "translations/translations.h"
#include "ui/reports/sheet_pages.h"

#include <QApplication>
#include <QLocale>

#include <iostream>

int main(int argc, char *argv[])
{
    const auto invocation = app::parseCommandLine(app::Program::Window, std::vector<std::string>(argv + 1, argv + argc));
    if (!invocation) {
        std::cout << invocation.error().output;
        std::cerr << invocation.error().error;
        return invocation.error().exitCode;
    }
    app::Log log(invocation->logLevel, invocation->logFormat);
    const app::QtMessages qtMessages(log);
    QCoreApplication::setApplicationName(QStringLiteral("signalbox"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SIGNALBOX_VERSION));
    if (invocation->command == app::Command::Report && invocation->format == "pdf") { // drawn, but shown nowhere
        qputenv("QT_QPA_PLATFORM", "offscreen");
        QGuiApplication application(argc, argv);
        return app::runCommand(*invocation, std::cout, std::cerr, [](const gateway::ReportSheet &sheet) { return ui::reports::SheetPages(sheet).pdf(); });
    }
    if (invocation->command != app::Command::Serve) { // commands need no display
        QCoreApplication application(argc, argv);
        return app::runCommand(*invocation, std::cout, std::cerr);
    }
    app::raiseOpenFileLimit();
    QApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Signalbox"));
    QGuiApplication::setDesktopFileName(QStringLiteral("signalbox"));
    ui::installTranslations(application, QLocale::system());
    app::DesktopSession session(*invocation, log, &app::demo::start);
    session.start(); // where it fails, the words are on the screen until they are closed
    return QApplication::exec();
}
