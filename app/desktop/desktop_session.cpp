// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/desktop_session.h"

#include "app/common/admin_token.h"
#include "app/common/config_file.h"
#include "ui/panes/pane_table.h"
#include "ui/shell/window_settings.h"

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>

#include <cstdlib>

using namespace Qt::StringLiterals;

namespace app {

namespace api = gateway::api;

DesktopSession::DesktopSession(const Invocation &invocation, Log &log, StartCompanion startDemo) :
    m_invocation(invocation), m_log(log), m_startDemo(std::move(startDemo))
{
    m_sinceStart.start();
    QApplication::setQuitOnLastWindowClosed(false); // the log is stored first: see end()
    connect(&m_signals, &SignalWatch::endAsked, this, &DesktopSession::end);
    connect(&m_signals, &SignalWatch::reloadAsked, this, [this] {
        if (m_follower)
            m_follower->apply();
    });
    connect(qApp, &QGuiApplication::lastWindowClosed, this, &DesktopSession::end);
}

DesktopSession::~DesktopSession()
{
    m_window.reset();
    m_demo.reset();
}

bool DesktopSession::start()
{
    if (auto folder = openFolder(); !folder) {
        showProblem(folder.error());
        return false;
    }
    // The window's own settings lie in the data folder: a demo or a second folder does not disturb the first.
    m_settings = std::make_unique<QSettings>(QString::fromStdString((m_folder->path() / "window.ini").string()), QSettings::IniFormat);
    m_theme.setMode(ui::shell::readThemeMode(*m_settings));
    if (auto opened = openGateway(); !opened) {
        showProblem(opened.error());
        return false;
    }
    showWindow();
    listenForCommands();
    if (!m_invocation.config.empty())
        m_follower = std::make_unique<ConfigFollower>(*m_gateway, m_log, m_invocation.config, std::move(m_watch));
    if (m_invocation.demo && m_startDemo)
        m_demo = m_startDemo(*m_gateway, m_log);
    return true;
}

gateway::Result<void> DesktopSession::openFolder()
{
    const auto path = m_invocation.data.empty() ? DataFolder::standard(m_invocation.demo) : gateway::Result<std::filesystem::path>(m_invocation.data);
    if (!path)
        return std::unexpected(path.error());
    auto folder = DataFolder::open(*path);
    if (!folder)
        return std::unexpected(folder.error());
    m_folder.emplace(std::move(*folder));
    return {};
}

gateway::Result<void> DesktopSession::openGateway()
{
    const auto token = adminToken(m_invocation, m_folder->path());
    if (!token)
        return std::unexpected(token.error());
    api::EmbeddedGateway::Options options {.dataFolder = m_folder->path().string(),
                                           .listen = m_invocation.listen,
                                           .workers = m_invocation.workers,
                                           .demo = m_invocation.demo,
                                           .useKeyring = m_invocation.keyring,
                                           .admin = m_adminInbox};
    if (!m_invocation.config.empty()) {
        m_watch = std::make_unique<ConfigWatch>(m_invocation.config); // before it is read: no change may fall between
        auto read = loadConfigFile(m_invocation.config, gateway::config::Origin::File);
        if (!read) {
            logProblems(m_log, read.error());
            return gateway::fail(gateway::ErrorCode::Invalid, "The configuration file " + m_invocation.config + " is wrong; the log names each line. Mend it, or start without --config.");
        }
        logProblems(m_log, read->warnings);
        options.fileConfig = std::move(read->config);
        options.filePath = m_invocation.config;
    }
    auto opened = api::EmbeddedGateway::open(std::move(options));
    if (!opened)
        return std::unexpected(opened.error());
    m_gateway = std::move(*opened);
    m_admin = std::make_unique<gateway::admin::AdminApi>(*m_gateway, m_adminInbox, *token);
    return {};
}

void DesktopSession::showWindow()
{
    ui::shell::MainWindow::Parts parts;
    parts.gateway = m_gateway.get();
    parts.theme = &m_theme;
    parts.settings = m_settings.get();
    parts.retryListen = [this](const QString &address) { m_gateway->retryListen(address.toStdString()); };
    m_window = std::make_unique<ui::shell::MainWindow>(parts, ui::panes::panes());
    m_window->installEventFilter(this);
    m_window->show();
}

bool DesktopSession::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_window.get() && event->type() == QEvent::Paint) {
        m_window->removeEventFilter(this);
        m_log.debug("first frame", {{"after_ms", std::to_string(m_sinceStart.elapsed())}});
    }
    return QObject::eventFilter(watched, event);
}

void DesktopSession::showProblem(const gateway::Error &error)
{
    m_log.error("not started: " + error.message);
    auto *box = new QMessageBox(QMessageBox::Critical, tr("Cannot start"), QString::fromStdString(error.message), QMessageBox::Close);
    box->button(QMessageBox::Close)->setIcon({}); // a dark cross on the accent's colour
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::finished, this, [] { QCoreApplication::exit(exits::failed); });
    box->open();
}

void DesktopSession::listenForCommands()
{
    m_handler = std::make_unique<CommandHandler>(*m_gateway, [this] { end(); });
    m_server = std::make_unique<ControlServer>(*m_handler);
    if (auto listening = m_server->listen(m_folder->path()); !listening)
        m_log.warning(listening.error().message);
}

void DesktopSession::end()
{
    if (!m_gateway) {
        QCoreApplication::exit(exits::failed);
        return;
    }
    if (m_ending)
        std::_Exit(exits::failed); // asked twice: running calls are cut; the databases bear it
    m_ending = true;
    disconnect(qApp, &QGuiApplication::lastWindowClosed, this, &DesktopSession::end); // closing the window below is not being asked twice
    if (m_window)
        m_window->close();
    m_demo.reset();
    m_follower.reset();
    m_gateway->drain([] { QCoreApplication::exit(exits::fine); });
}

} // namespace app
