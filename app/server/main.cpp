// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/commands.h"
#include "app/common/daemon.h"
#include "app/common/open_files.h"
#include "app/demo/demo.h"

#include <QCoreApplication>

#include <iostream>

int main(int argc, char *argv[])
{
    const auto invocation = app::parseCommandLine(app::Program::Daemon, std::vector<std::string>(argv + 1, argv + argc));
    if (!invocation) {
        std::cout << invocation.error().output;
        std::cerr << invocation.error().error;
        return invocation.error().exitCode;
    }
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("signalboxd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SIGNALBOX_VERSION));
    app::Log log(invocation->logLevel, invocation->logFormat);
    const app::QtMessages qtMessages(log);
    if (invocation->command != app::Command::Serve)
        return app::runCommand(*invocation, std::cout, std::cerr);
    app::raiseOpenFileLimit();
    return app::serve(*invocation, log, &app::demo::start);
}
