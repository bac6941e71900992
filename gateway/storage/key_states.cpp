// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/key_states.h"

#include "gateway/core/clock.h"
#include "gateway/storage/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <sodium.h>

namespace gateway::storage {

namespace {

std::int64_t micros(WallTime time)
{
    return time.time_since_epoch().count();
}

/// The secrets under which a key is, or was last, known.
std::set<std::string> secretsOf(const KeyState &state)
{
    std::set<std::string> hashes {state.hash, state.fileHash};
    hashes.erase(std::string());
    return hashes;
}

Result<std::unordered_map<std::string, KeyState>> readStates(Database &database)
{
    auto query = database.prepare("SELECT id, hash, file_hash, prefix, revoked, former_hash, former_until_us, created_us FROM key_state");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->run(); !run)
        return std::unexpected(run.error());
    std::unordered_map<std::string, KeyState> states;
    while (query->next()) {
        states.emplace(query->text(0),
                       KeyState {.hash = query->text(1),
                                 .fileHash = query->text(2),
                                 .prefix = query->text(3),
                                 .revoked = query->integer(4) != 0,
                                 .formerHash = query->text(5),
                                 .formerUntil = WallTime(std::chrono::microseconds(query->integer(6))),
                                 .createdAt = WallTime(std::chrono::microseconds(query->integer(7)))});
    }
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return states;
}

Result<std::set<std::string>> readRetired(Database &database)
{
    auto query = database.prepare("SELECT hash FROM retired_secrets");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->run(); !run)
        return std::unexpected(run.error());
    std::set<std::string> hashes;
    while (query->next())
        hashes.insert(query->text(0));
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return hashes;
}

} // namespace

Result<> KeyStates::load()
{
    auto states = readStates(m_database);
    if (!states)
        return std::unexpected(states.error());
    auto retired = readRetired(m_database);
    if (!retired)
        return std::unexpected(retired.error());
    std::erase_if(m_unstored, [&](const std::string &id) { return !states->contains(id) || states->at(id).revoked; });
    for (const std::string &id : m_unstored) {
        states->at(id).revoked = true;
        retired->merge(secretsOf(states->at(id)));
    }
    m_states = std::move(*states);
    m_retired = std::move(*retired);
    return {};
}

bool KeyStates::isRevoked(const KeyState &state) const
{
    return state.revoked || m_retired.contains(state.hash);
}

void KeyStates::fill(std::vector<config::VirtualKey> &keys) const
{
    for (config::VirtualKey &key : keys) {
        const auto state = m_states.find(key.id);
        if (state == m_states.end())
            continue;
        key.hash = state->second.hash;
        key.prefix = state->second.prefix;
        key.revoked = isRevoked(state->second);
        key.formerHash = state->second.formerHash;
        key.formerUntil = state->second.formerUntil;
        key.createdAt = state->second.createdAt;
    }
}

std::unordered_map<std::string_view, std::string_view> KeyStates::idsByFileHash() const
{
    std::unordered_map<std::string_view, std::string_view> ids;
    for (const auto &[id, state] : m_states) {
        if (state.fileHash.empty())
            continue;
        const auto [place, fresh] = ids.emplace(state.fileHash, id);
        if (!fresh && id < place->second)
            place->second = id; // the map has no order, a choice should
    }
    return ids;
}

KeyStates::Changes KeyStates::take(std::vector<config::VirtualKey> &keys) const
{
    Changes changes;
    for (config::VirtualKey &key : keys) {
        const auto stored = m_states.find(key.id);
        const bool known = stored != m_states.end();
        KeyState state = known ? stored->second : KeyState {.hash = key.hash, .fileHash = {}, .prefix = key.prefix, .createdAt = key.createdAt};
        if (state.createdAt == WallTime {})
            state.createdAt = m_clock.wallNow();
        takeSecret(key, state);
        state.revoked = isRevoked(state); // also one that comes with a retired secret under a new name
        if (!known || state != stored->second)
            changes.states.emplace_back(key.id, state);
        if (state.revoked)
            std::ranges::copy_if(secretsOf(state), std::inserter(changes.retired, changes.retired.end()), [&](const std::string &hash) { return !m_retired.contains(hash); });
        sodium_memzero(key.secret.value.data(), key.secret.value.size());
        key.secret = {};
        key.hash = state.hash;
        key.prefix = state.prefix;
        key.revoked = state.revoked;
        key.formerHash = state.formerHash;
        key.formerUntil = state.formerUntil;
        key.createdAt = state.createdAt;
    }
    return changes;
}

void KeyStates::takeSecret(const config::VirtualKey &key, KeyState &state) const
{
    const bool fromFile = key.origin == config::Origin::File;
    if (key.secret.empty() && !key.hash.empty())
        return; // an edit of something else, or a file key as it was read before
    if (key.secret.empty()) {
        // The file had one and has none now: the key sleeps, unless it was rotated since.
        if (fromFile && !state.fileHash.empty() && state.hash == state.fileHash)
            state.hash.clear();
        if (fromFile)
            state.fileHash.clear();
        return;
    }
    const std::string hash = m_hasher.hashHex(key.secret.value);
    if (fromFile && state.fileHash == hash)
        return; // the same file as before: what was rotated since stays
    if (state.hash != hash) {
        state.formerHash.clear(); // an edit replaces a secret at once, and the one before it too
        state.formerUntil = {};
    }
    state.hash = hash;
    state.prefix = keyPrefix(key.secret.value);
    state.fileHash = fromFile ? hash : std::string();
}

Result<> KeyStates::write(const Changes &changes)
{
    for (const auto &[id, state] : changes.states) {
        if (auto written = writeState(id, state); !written)
            return written;
    }
    for (const std::string &hash : changes.retired) {
        if (auto written = writeRetired(hash); !written)
            return written;
    }
    for (const std::string &id : m_unstored) {
        const KeyState &state = m_states.at(id);
        if (auto written = writeState(id, state); !written)
            return written;
        for (const std::string &hash : secretsOf(state)) {
            if (auto written = writeRetired(hash); !written)
                return written;
        }
    }
    return {};
}

Result<bool> KeyStates::revoke(const std::string &keyId, const Also &also)
{
    auto state = stateOf(keyId);
    if (!state)
        return std::unexpected(state.error());
    const bool fresh = !isRevoked(*state) || m_unstored.contains(keyId);
    const std::set<std::string> secrets = secretsOf(*state);
    state->revoked = true;
    if (auto kept = keep({.states = {{keyId, *state}}, .retired = secrets}, fresh ? also : Also()); !kept) {
        m_unstored.insert(keyId);
        m_states[keyId] = std::move(*state);
        m_retired.insert(secrets.begin(), secrets.end());
        return std::unexpected(kept.error());
    }
    return fresh;
}

Result<> KeyStates::rotate(const std::vector<NewSecret> &secrets, std::chrono::milliseconds grace, const Also &also)
{
    Changes changes;
    for (const auto &[keyId, secret] : secrets) {
        auto state = stateOf(keyId);
        if (!state)
            return std::unexpected(state.error());
        changes.retired.merge(secretsOf(*state));
        const bool worked = !state->hash.empty() && !isRevoked(*state);
        state->formerHash = state->hash;
        state->formerUntil = m_clock.wallNow() + (worked ? grace : std::chrono::milliseconds::zero());
        state->hash = m_hasher.hashHex(secret);
        state->prefix = keyPrefix(secret);
        state->revoked = false;
        changes.states.emplace_back(keyId, std::move(*state));
    }
    return keep(std::move(changes), also);
}

Result<KeyState> KeyStates::stateOf(const std::string &keyId) const
{
    const auto state = m_states.find(keyId);
    if (state == m_states.end())
        return fail(ErrorCode::NotFound, fmt::format("There is no virtual key with the id \"{}\".", keyId), keyId);
    return state->second;
}

Result<> KeyStates::keep(Changes changes, const Also &also)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return std::unexpected(transaction.error());
    if (auto written = write(changes); !written)
        return written;
    if (also) {
        if (auto written = also(); !written)
            return written;
    }
    if (auto committed = transaction->commit(); !committed)
        return committed;
    for (auto &[keyId, state] : changes.states) {
        m_unstored.erase(keyId);
        m_states[keyId] = std::move(state);
    }
    m_retired.merge(changes.retired);
    return {};
}

Result<> KeyStates::writeState(const std::string &keyId, const KeyState &state)
{
    auto query = m_database.prepare("INSERT INTO key_state (id, hash, file_hash, prefix, revoked, former_hash, former_until_us, created_us, changed_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                                    "ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, file_hash = excluded.file_hash, prefix = excluded.prefix, revoked = excluded.revoked, "
                                    "former_hash = excluded.former_hash, former_until_us = excluded.former_until_us, changed_us = excluded.changed_us");
    if (!query)
        return std::unexpected(query.error());
    query->bind(keyId).bind(state.hash).bind(state.fileHash).bind(state.prefix).bind(std::int64_t {state.revoked ? 1 : 0});
    query->bind(state.formerHash).bind(micros(state.formerUntil));
    return query->bind(micros(state.createdAt)).bind(micros(m_clock.wallNow())).run();
}

Result<> KeyStates::writeRetired(const std::string &hash)
{
    auto query = m_database.prepare("INSERT OR IGNORE INTO retired_secrets (hash, retired_us) VALUES (?, ?)");
    if (!query)
        return std::unexpected(query.error());
    return query->bind(hash).bind(micros(m_clock.wallNow())).run();
}

} // namespace gateway::storage
