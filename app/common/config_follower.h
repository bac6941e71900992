// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/config_watch.h"
#include "app/common/logging.h"
#include "gateway/api/gateway.h"
#include "gateway/config/problem.h"

#include <QObject>

#include <filesystem>
#include <memory>

namespace app {

/// Applies the file given by --config again whenever it changes. A file that is wrong is logged, line by line, and the
/// running configuration goes on (faults.md G05). Lives on the gateway's thread.
class ConfigFollower : public QObject
{
    Q_OBJECT
public:
    /// @param gateway, log  must outlive it
    /// @param watch  of that file, made before the file was read for the start, so that no change falls between; null: from now on
    ConfigFollower(gateway::api::Gateway &gateway, Log &log, std::filesystem::path file, std::unique_ptr<ConfigWatch> watch = {}, QObject *parent = nullptr);

    /// Reads and applies the file now.
    void apply();

Q_SIGNALS:
    void applied(bool ok); ///< after each try

private:
    gateway::api::Gateway &m_gateway;
    Log &m_log;
    std::filesystem::path m_file;
    std::unique_ptr<ConfigWatch> m_watch;
};

/// Each problem as one entry of the log.
void logProblems(Log &log, const gateway::config::Problems &problems);

} // namespace app
