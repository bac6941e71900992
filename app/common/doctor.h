// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace app {

/// One line of `doctor`.
struct Finding
{
    std::string what;  ///< "port", "provider openai"
    bool ok = false;
    std::string words; ///< what was found, and where it is not well what to do
};

/// The checks that need a gateway: listener, database, cache, audit log, and every provider by a real test up to its key. Once each; lives
/// on the gateway's thread.
class Doctor : public QObject
{
    Q_OBJECT
public:
    /// @param listen  where a gateway would listen that does not run now; empty: where the configuration says
    Doctor(gateway::api::Gateway &gateway, std::string listen, QObject *parent = nullptr);
    /// `done` comes once, later.
    void run(std::function<void(const std::vector<Finding> &)> done);

private:
    void checkAudit();
    void testProviders();
    void finish();

    gateway::api::Gateway &m_gateway;
    std::string m_listen;
    std::function<void(const std::vector<Finding> &)> m_done;
    std::vector<Finding> m_findings;
    std::size_t m_waiting = 0;
};

/// The checks that need none. Block for a moment.
Finding checkFolder(const std::filesystem::path &folder);
Finding checkFreePort(const std::string &listen); ///< whether a gateway could listen there
Finding checkClock();
/// @param inUse  told to use it: only then is it asked
Finding checkKeyring(const std::filesystem::path &folder, bool inUse);

} // namespace app
