// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/config_follower.h"
#include "app/common/control_server.h"
#include "app/common/command_handler.h"
#include "app/common/command_line.h"
#include "app/common/daemon.h"
#include "app/common/data_folder.h"
#include "app/common/logging.h"
#include "app/common/signal_watch.h"
#include "gateway/admin/admin_api.h"
#include "gateway/api/embedded_gateway.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/theme.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSettings>

#include <memory>
#include <optional>

namespace app {

/// One run of the window with the gateway in it: opens the folder and the gateway, shows the window, and ends both
/// together. GUI thread; made after QApplication and before any thread is started.
class DesktopSession final : public QObject
{
    Q_OBJECT
public:
    DesktopSession(const Invocation &invocation, Log &log, StartCompanion startDemo);
    ~DesktopSession() override;

    /// Opens everything and shows the window; where it cannot, shows why in words. @return false: nothing is left to run
    bool start();

private:
    gateway::Result<void> openFolder();
    gateway::Result<void> openGateway();
    void showWindow();
    void showProblem(const gateway::Error &error);
    void listenForCommands();
    void end();
    bool eventFilter(QObject *watched, QEvent *event) override;

    const Invocation &m_invocation;
    Log &m_log;
    StartCompanion m_startDemo;
    SignalWatch m_signals; // first: threads that start later must not take the signals
    ui::widgets::Theme m_theme;
    std::unique_ptr<QSettings> m_settings;
    std::optional<DataFolder> m_folder;
    std::shared_ptr<gateway::admin::AdminInbox> m_adminInbox = std::make_shared<gateway::admin::AdminInbox>();
    std::unique_ptr<gateway::api::EmbeddedGateway> m_gateway;
    std::unique_ptr<gateway::admin::AdminApi> m_admin;
    std::unique_ptr<CommandHandler> m_handler;
    std::unique_ptr<ControlServer> m_server;
    std::unique_ptr<ConfigWatch> m_watch; ///< until the follower takes it
    std::unique_ptr<ConfigFollower> m_follower;
    Companion m_demo;
    std::unique_ptr<ui::shell::MainWindow> m_window;
    QElapsedTimer m_sinceStart;
    bool m_ending = false;
};

} // namespace app
