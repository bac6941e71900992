// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace app {

/// Answers the commands of the command line over a Gateway: behind control.sock in the running process, directly where no
/// process runs. Lives on the gateway's thread. A request is {"do":KIND,...}:
///   status                                   -> pid, version, listener, revision
///   config.export {secrets}                  -> yaml
///   config.apply  {config, settings, note}   -> revision, warnings; or problems and the names of the entries that they count
///   key.create    {name, team, create_team, models, expires, budget, rpm, tpm} -> secret, prefix;  key.rotate {name, grace} -> secret, prefix, grace_ends
///   key.list                                 -> keys;               key.revoke {name} -> revoked (false: it was before)
///   doctor        {listen}                   -> checks: listener, store and providers
///   shutdown                                 -> (drains and ends)
/// Every answer has ok; where it is false, error with code and message.
class CommandHandler : public QObject
{
    Q_OBJECT
public:
    using Answer = std::function<void(const nlohmann::json &)>;

    /// @param gateway   must outlive the handler
    /// @param shutDown  called for `shutdown`; empty: there is nothing to shut down
    CommandHandler(gateway::api::Gateway &gateway, std::function<void()> shutDown, QObject *parent = nullptr);

    /// `answer` comes once, on this thread, perhaps at once.
    void handle(const nlohmann::json &request, Answer answer);

private:
    void status(const Answer &answer);
    void exportConfig(const nlohmann::json &request, Answer answer);
    void applyConfig(const nlohmann::json &request, Answer answer);
    void createKey(const nlohmann::json &request, Answer answer);
    void listKeys(Answer answer);
    void revokeKey(const nlohmann::json &request, Answer answer);
    void rotateKey(const nlohmann::json &request, Answer answer);
    void runDoctor(const nlohmann::json &request, Answer answer);
    [[nodiscard]] gateway::Result<std::string> keyId(const std::string &name) const;

    gateway::api::Gateway &m_gateway;
    std::function<void()> m_shutDown;
};

/// {"ok":false,"error":{...}}
nlohmann::json failure(const gateway::Error &error);

} // namespace app
