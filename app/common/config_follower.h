// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/config_watch.h"
#include "app/common/logging.h"
#include "gateway/api/gateway.h"
#include "gateway/config/problem.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace app {

/// Applies the file given by --config again whenever it changes. A file that is wrong is logged, line by line, and the
/// running configuration goes on (faults.md G05). Lives on the gateway's thread.
class ConfigFollower : public QObject
{
    Q_OBJECT
public:
    /// @param gateway, log  must outlive it
    /// @param watch  of that file, made before the file was read for the start, so that no change falls between; null: from now on
    ConfigFollower(gateway::api::Gateway &gateway, Log &log, std::filesystem::path file, std::unique_ptr<ConfigWatch> watch = {},
                   std::chrono::milliseconds retryEvery = std::chrono::seconds {10}, QObject *parent = nullptr);

    /// Reads and applies the file now. Where it is refused it is tried again: when the configuration changes otherwise, and
    /// every `retryEvery`, since the reason may lie outside of it (a name that the database has too, a full disk, a file
    /// that it names). The log tells each reason once.
    void apply();

Q_SIGNALS:
    void applied(bool ok); ///< after each try

private:
    void take(const gateway::config::Problems &problems, bool ok, std::uint64_t revision);

    gateway::api::Gateway &m_gateway;
    Log &m_log;
    std::filesystem::path m_file;
    std::unique_ptr<ConfigWatch> m_watch;
    QTimer m_retry;
    bool m_asking = false;       ///< the gateway has not answered the last try yet
    std::string m_refusal;       ///< the words of the last refusal; empty: the file holds
};

/// Each problem as one entry of the log.
void logProblems(Log &log, const gateway::config::Problems &problems);

} // namespace app
