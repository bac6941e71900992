// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/key_hash.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gateway {
class Clock;
}

namespace gateway::storage {

class Database;

/// State of a virtual key: a row of `key_state`.
struct KeyState
{
    std::string hash;
    std::string fileHash; ///< of the secret that the --config file had last
    std::string prefix;
    bool revoked = false;
    std::string formerHash {}; ///< of the secret that was rotated away last; empty: none, or it is not the key's any more
    WallTime formerUntil {};   ///< until when it works too
    WallTime createdAt {};
    bool operator==(const KeyState &) const = default;
};

/// What a key is rotated to.
struct NewSecret
{
    std::string keyId;
    std::string secret;
};

/// What is known of virtual keys beside the versions of the configuration: hashes, revocations, and secrets that are
/// retired. A secret that was revoked or rotated away never works again, whatever id or name a key has that comes with it;
/// but for the grace of a rotation, in which it stays its own key's second secret.
/// Lives on the control thread, beside ConfigStore, whose transactions its writes are part of.
class KeyStates
{
public:
    /// @param database, hasher, clock  must outlive it
    KeyStates(Database &database, const KeyHasher &hasher, const Clock &clock) : m_database(database), m_hasher(hasher), m_clock(clock) {}

    Result<> load();

    /// Puts each key's state in.
    void fill(std::vector<config::VirtualKey> &keys) const;

    /// The keys by the hashes of the secrets that they had by a --config file last, for one that comes without an id: it was
    /// renamed there. Both are in here: until the next change.
    [[nodiscard]] std::unordered_map<std::string_view, std::string_view> idsByFileHash() const;

    /// What a save changes.
    struct Changes
    {
        std::vector<std::pair<std::string, KeyState>> states; ///< by keys' ids
        std::set<std::string> retired;
        [[nodiscard]] bool empty() const { return states.empty() && retired.empty(); }
    };

    /// Turns keys' secrets into hashes and puts their state in; the stored state wins over what the edit says of it. Each
    /// key has an id by now.
    [[nodiscard]] Changes take(std::vector<config::VirtualKey> &keys) const;

    /// Within the caller's transaction. load() afterwards, whatever came of it.
    Result<> write(const Changes &changes);

    /// In transactions of their own. NotFound: no such key. A revocation that cannot be stored holds all the same while this
    /// is there, and goes with the next save.
    /// @param also  what is written with it, in the same transaction
    using Also = std::function<Result<>()>;
    Result<bool> revoke(const std::string &keyId, const Also &also); ///< false: it was revoked already, and `also` is left out
    /// All or none of them, each key once. The former secrets work on for `grace`; one that was rotated away before ends now,
    /// and so does one that was revoked.
    Result<> rotate(const std::vector<NewSecret> &secrets, std::chrono::milliseconds grace, const Also &also);

private:
    [[nodiscard]] Result<KeyState> stateOf(const std::string &keyId) const;
    [[nodiscard]] bool isRevoked(const KeyState &state) const;
    void takeSecret(const config::VirtualKey &key, KeyState &state) const;
    Result<> keep(Changes changes, const Also &also);
    Result<> writeState(const std::string &keyId, const KeyState &state);
    Result<> writeRetired(const std::string &hash);

    Database &m_database;
    const KeyHasher &m_hasher;
    const Clock &m_clock;
    std::unordered_map<std::string, KeyState> m_states;
    std::set<std::string> m_retired;
    std::set<std::string> m_unstored; ///< keys whose revocation could not be written yet
};

} // namespace gateway::storage
