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
///   config.diff   {config, settings, sections} -> changes, a line an entry, and the revision that they are against; or problems
///   config.apply  {config, settings, sections, note, revision} -> revision, warnings; or problems and the names of the entries that they count
///   config.versions                          -> versions, newest first
///   config.rollback {to, dry, revision}      -> changes, and the revision that they are against; or, not dry, as config.apply
///   key.create    {name, team, create_team, models, expires, budget, rpm, tpm} -> secret, prefix;  key.rotate {name, grace} -> secret, prefix, grace_ends
///   key.list                                 -> keys;               key.revoke {name} -> revoked (false: it was before)
///   backup        {file, passphrase, calls}  -> file, bytes, secrets, calls; progress before it
///   calls.import  {file, dry}                -> taken, known, too_old, wrong, problems; progress before it
///   calls.prune   {before, bodies_only, dry} -> calls, bytes; progress before it
///   report        {team, week, month, from, to, time_zone, format} -> file_name, and report, html or sheet (report_requests.h); progress before it
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
    /// @param asker  who asked: what takes long ends with it; null: nobody who may go
    /// @param told   gets {"progress": {"done", "all"}} before the answer, where that takes long; may be empty
    void handle(const nlohmann::json &request, Answer answer, QObject *asker = nullptr, Answer told = {});

private:
    void status(const Answer &answer);
    void exportConfig(const nlohmann::json &request, Answer answer);
    void compareConfig(const nlohmann::json &request, Answer answer);
    void applyConfig(const nlohmann::json &request, Answer answer);
    void listVersions(Answer answer);
    void rollBack(const nlohmann::json &request, Answer answer);
    void compareRollback(std::uint64_t to, Answer answer);
    void createKey(const nlohmann::json &request, Answer answer);
    void listKeys(Answer answer);
    void revokeKey(const nlohmann::json &request, Answer answer);
    void rotateKey(const nlohmann::json &request, Answer answer);
    void backUp(const nlohmann::json &request, Answer answer, QObject *asker, Answer told);
    void runDoctor(const nlohmann::json &request, Answer answer);
    [[nodiscard]] gateway::Result<std::string> keyId(const std::string &name) const;

    gateway::api::Gateway &m_gateway;
    std::function<void()> m_shutDown;
};

/// {"ok":false,"error":{...}}
nlohmann::json failure(const gateway::Error &error);

} // namespace app
