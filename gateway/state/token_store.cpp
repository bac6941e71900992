// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/token_store.h"

#include <algorithm>
#include <utility>

namespace gateway::state {

namespace {

/// Servers that hand out the same token until it is nearly over (Google's metadata server) must not be asked at every call.
Duration freshFor(Duration lifetime)
{
    return std::max(lifetime - TokenStore::early, lifetime / 2);
}

} // namespace

TokenStore::Errand::Errand(Errand &&other) noexcept
    : m_store(std::exchange(other.m_store, nullptr)), m_key(std::move(other.m_key)), m_current(std::move(other.m_current))
{
}

TokenStore::Errand::~Errand()
{
    if (!m_store)
        return;
    try {
        m_store->end(m_key, [](Entry &) {});
    } catch (...) {
        // No memory to wake somebody with: those who wait have a limit of their own.
    }
}

TokenStore::Token TokenStore::Errand::bring(std::string token, Duration lifetime, SteadyTime now) &&
{
    m_current = std::make_shared<const std::string>(std::move(token));
    std::exchange(m_store, nullptr)->end(m_key, [&](Entry &entry) {
        entry.token = m_current;
        entry.until = now + lifetime;
        entry.refreshAt = now + freshFor(lifetime);
        entry.error.reset();
    });
    return m_current;
}

void TokenStore::Errand::fail(Error error, SteadyTime now) &&
{
    std::exchange(m_store, nullptr)->end(m_key, [&](Entry &entry) {
        entry.error = std::move(error);
        entry.askAgainAt = now + pause;
    });
}

TokenStore::Found TokenStore::take(std::string_view key, SteadyTime now)
{
    const std::lock_guard lock(m_mutex);
    Entry &entry = entryOf(key, now);
    if (entry.token && now >= entry.until)
        entry.token.reset();
    if (entry.token && now < entry.refreshAt)
        return entry.token;
    if (entry.error && now >= entry.askAgainAt)
        entry.error.reset();
    if (!entry.asked && !entry.error) {
        entry.asked = true;
        return Errand(*this, std::string(key), entry.token);
    }
    if (entry.token)
        return entry.token;
    if (entry.asked)
        return Asked();
    return *entry.error;
}

bool TokenStore::await(std::string_view key, Signal signal)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || !found->second.asked)
        return false;
    found->second.waiting.push_back(std::move(signal));
    return true;
}

void TokenStore::forget(std::string_view key, const Token &refused)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_entries.find(key); found != m_entries.end() && found->second.token == refused)
        found->second.token.reset();
}

std::size_t TokenStore::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries.size();
}

TokenStore::Entry &TokenStore::entryOf(std::string_view key, SteadyTime now)
{
    if (const auto found = m_entries.find(key); found != m_entries.end())
        return found->second;
    // What has an errand under way stays, whatever the number: there are as many as there are calls at most.
    if (m_entries.size() >= m_capacity)
        std::erase_if(m_entries, [now](const auto &entry) { return !entry.second.asked && (!entry.second.token || now >= entry.second.until); });
    if (m_entries.size() >= m_capacity) {
        if (const auto idle = std::ranges::find_if(m_entries, [](const auto &entry) { return !entry.second.asked; }); idle != m_entries.end())
            m_entries.erase(idle);
    }
    return m_entries[std::string(key)];
}

/// Ends an errand. Who waits is woken outside of the lock: waking takes locks of its own.
void TokenStore::end(const std::string &key, const std::function<void(Entry &)> &change)
{
    std::vector<Signal> waiting;
    {
        const std::lock_guard lock(m_mutex);
        Entry &entry = m_entries[key];
        entry.asked = false;
        waiting.swap(entry.waiting);
        change(entry);
    }
    for (Signal &signal : waiting)
        signal();
}

} // namespace gateway::state
