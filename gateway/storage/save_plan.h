// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/storage/config_entries.h"
#include "gateway/storage/key_states.h"

#include <map>
#include <string>
#include <vector>

namespace gateway::storage {

class Vault;

struct VaultWrite
{
    std::string name;
    std::string secret;
};

/// All that a save would write, worked out before anything is written.
struct SavePlan
{
    config::Config config;      ///< what becomes current: ids, hashes, secrets in clear
    std::vector<Entry> entries;
    KeyStates::Changes keys;
    std::vector<VaultWrite> secrets;
};

/// Works a save out. Changes nothing; for one use on the control thread.
class SavePlanner
{
public:
    /// @param fileIsLaid  false: no --config file lies over the database, so that entries of former files rest as they are
    SavePlanner(const std::vector<Entry> &entries, const KeyStates &keys, const Vault &vault, const KeyHasher &hasher, bool fileIsLaid)
        : m_entries(entries), m_keys(keys), m_vault(vault), m_hasher(hasher), m_fileIsLaid(fileIsLaid)
    {
    }

    /// Errors: Conflict where two entries of a kind have one name (`where` says which); a vault entry that is not there.
    Result<SavePlan> plan(config::Config next) const;

private:
    using References = std::map<std::string, std::string>; ///< secret_entries.h's places -> entries of the vault

    void giveIds(config::Config &config) const;
    template <typename T>
    void giveIds(std::vector<T> &items, std::string_view kind) const;
    Result<> resolve(config::Secret &secret, const std::string &field) const;
    Result<> resolveKeys(std::vector<config::VirtualKey> &keys) const;
    Result<> hashTokens(std::vector<config::AdminToken> &tokens) const;
    Result<> planSecrets(config::Config &stored, SavePlan &plan) const;
    Result<> planCredential(const config::Provider &provider, config::Credential &stored, config::Credential &clear, const References &before, const std::string &field,
                            SavePlan &plan) const;
    Result<> planAlert(config::Alert &stored, config::Alert &clear, const References &before, const std::string &field, SavePlan &plan) const;
    Result<> planSmtp(config::Config &stored, SavePlan &plan) const;
    Result<> planSinks(config::Config &stored, SavePlan &plan) const;
    void planHeaders(std::map<std::string, std::string> &headers, std::string_view owner, const References &before, SavePlan &plan) const;
    Result<> planSecret(config::Secret &stored, config::Secret &clear, const std::string &own, const std::string &before, const std::string &field, SavePlan &plan) const;
    [[nodiscard]] References referencesBefore() const;
    Result<config::Config> ownParts(const config::Config &stored) const;

    const std::vector<Entry> &m_entries;
    const KeyStates &m_keys;
    const Vault &m_vault;
    const KeyHasher &m_hasher;
    bool m_fileIsLaid;
};

} // namespace gateway::storage
