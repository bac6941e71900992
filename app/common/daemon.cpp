// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/daemon.h"

#include "app/common/admin_token.h"
#include "app/common/command_handler.h"
#include "app/common/config_file.h"
#include "app/common/config_follower.h"
#include "app/common/control_server.h"
#include "app/common/data_folder.h"
#include "app/common/signal_watch.h"
#include "gateway/admin/admin_api.h"
#include "gateway/api/embedded_gateway.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace app {

namespace {

namespace api = gateway::api;
namespace config = gateway::config;

/// One run of the daemon: made in steps, each of which can fail with words in the log.
class Daemon : public QObject
{
public:
    Daemon(const Invocation &invocation, Log &log) : m_invocation(invocation), m_log(log)
    {
        connect(&m_signals, &SignalWatch::endAsked, this, &Daemon::end);
        connect(&m_signals, &SignalWatch::reloadAsked, this, [this] {
            if (m_follower)
                m_follower->apply();
        });
    }

    bool start(const StartCompanion &startCompanion)
    {
        if (!openFolder() || !openGateway() || !isListening())
            return false;
        listenForCommands();
        if (!m_invocation.config.empty())
            m_follower = std::make_unique<ConfigFollower>(*m_gateway, m_log, m_invocation.config, std::move(m_watch));
        connect(m_gateway.get(), &api::Gateway::storeChanged, this, &Daemon::tellStore);
        if (m_invocation.demo && startCompanion)
            m_companion = startCompanion(*m_gateway, m_log);
        return true;
    }

private:
    bool openFolder()
    {
        const auto path = m_invocation.data.empty() ? DataFolder::standard(m_invocation.demo) : gateway::Result<std::filesystem::path>(m_invocation.data);
        if (!path)
            return failed(path.error());
        auto folder = DataFolder::open(*path);
        if (!folder)
            return failed(folder.error());
        m_folder.emplace(std::move(*folder));
        return true;
    }

    bool openGateway()
    {
        const auto token = adminToken(m_invocation, m_folder->path());
        if (!token)
            return failed(token.error());
        api::EmbeddedGateway::Options options {.dataFolder = m_folder->path().string(),
                                               .listen = m_invocation.listen,
                                               .workers = m_invocation.workers,
                                               .demo = m_invocation.demo,
                                               .useKeyring = m_invocation.keyring,
                                               .admin = m_adminInbox,
                                               .author = "command line"};
        if (!m_invocation.config.empty() && !readFile(options))
            return false;
        std::vector<api::FieldError> found;
        auto opened = api::EmbeddedGateway::open(std::move(options), &found);
        const config::Problems problems = placedInFile(found);
        if (!opened)
            return config::anyError(problems) ? wrongFile(problems) : failed(opened.error());
        logProblems(m_log, problems);
        m_gateway = std::move(*opened);
        m_admin = std::make_unique<gateway::admin::AdminApi>(*m_gateway, m_adminInbox, *token);
        return true;
    }

    bool readFile(api::EmbeddedGateway::Options &options)
    {
        m_watch = std::make_unique<ConfigWatch>(m_invocation.config);
        auto read = loadConfigFile(m_invocation.config, config::Origin::File);
        if (!read)
            return wrongFile(read.error());
        logProblems(m_log, read->warnings);
        options.fileConfig = read->config;
        options.filePath = m_invocation.config;
        m_file = std::move(*read);
        return true;
    }

    /// Line and column for what only shows once the file is laid over the database, where the file's entries come first.
    /// Without the warnings that reading it gave already.
    config::Problems placedInFile(const std::vector<api::FieldError> &found) const
    {
        config::Problems problems;
        for (const api::FieldError &problem : found) {
            config::Problem placed = m_file.placed(m_file.config, m_invocation.config, problem.field, problem.message, problem.warning);
            if (std::ranges::find(m_file.warnings, placed) == m_file.warnings.end())
                problems.push_back(std::move(placed));
        }
        return problems;
    }

    bool wrongFile(const config::Problems &problems)
    {
        logProblems(m_log, problems);
        m_log.error("not started: the configuration file is wrong", {{"file", m_invocation.config}});
        return false;
    }

    bool isListening()
    {
        const api::ListenerState listener = m_gateway->listener();
        if (!listener.up) {
            const std::string hint = listener.suggestedPort > 0 ? fmt::format(" Start with --listen 127.0.0.1:{}, or set gateway.listen.", listener.suggestedPort) : "";
            m_log.error("not started: " + listener.problem + hint);
            return false;
        }
        m_log.info("listening", {{"address", listener.address}, {"data", m_folder->path().string()}, {"version", SIGNALBOX_VERSION}});
        return true;
    }

    void listenForCommands()
    {
        m_handler = std::make_unique<CommandHandler>(*m_gateway, [this] { end(); });
        m_server = std::make_unique<ControlServer>(*m_handler);
        if (auto listening = m_server->listen(m_folder->path()); !listening)
            m_log.warning(listening.error().message);
    }

    void tellStore()
    {
        const gateway::StoreState store = m_gateway->store();
        if (store.healthy)
            m_log.info("the store takes records again", {{"waiting", std::to_string(store.waiting)}, {"dropped", std::to_string(store.dropped)}});
        else
            m_log.error("the store takes no records: " + store.problem, {{"waiting", std::to_string(store.waiting)}});
    }

    void end()
    {
        if (!m_gateway) // still starting
            std::_Exit(exits::failed);
        if (m_ending) {
            m_log.warning("ending at once: running calls are cut");
            std::_Exit(exits::failed); // the databases bear it: it is as if the power went
        }
        m_ending = true;
        m_log.info("ending: no new calls, running ones may finish");
        m_companion.reset();
        m_follower.reset();
        m_gateway->drain([this] {
            m_log.info("ended");
            QCoreApplication::exit(exits::fine);
        });
    }

    bool failed(const gateway::Error &error)
    {
        m_log.error("not started: " + error.message);
        return false;
    }

    const Invocation &m_invocation;
    Log &m_log;
    SignalWatch m_signals; // first: threads that start later must not take the signals
    std::optional<DataFolder> m_folder;
    config::ReadConfig m_file; ///< --config as it was at the start
    std::shared_ptr<gateway::admin::AdminInbox> m_adminInbox = std::make_shared<gateway::admin::AdminInbox>();
    std::unique_ptr<api::EmbeddedGateway> m_gateway;
    std::unique_ptr<gateway::admin::AdminApi> m_admin;
    std::unique_ptr<CommandHandler> m_handler;
    std::unique_ptr<ControlServer> m_server;
    std::unique_ptr<ConfigWatch> m_watch; ///< until the follower takes it
    std::unique_ptr<ConfigFollower> m_follower;
    Companion m_companion;
    bool m_ending = false;
};

} // namespace

int serve(const Invocation &invocation, Log &log, const StartCompanion &start)
{
    Daemon daemon(invocation, log);
    return daemon.start(start) ? QCoreApplication::exec() : exits::failed;
}

} // namespace app
