// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/resolver.h"

#include "gateway/core/text.h"

#include <fmt/format.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <cstring>

namespace gateway::net {

namespace ip = boost::asio::ip;

namespace {

Addresses interleaved(const Addresses &given)
{
    Addresses first;
    Addresses second;
    for (const ip::address &address : given)
        (address.is_v4() == given.front().is_v4() ? first : second).push_back(address);
    Addresses mixed;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size())
            mixed.push_back(first[i]);
        if (i < second.size())
            mixed.push_back(second[i]);
    }
    return mixed;
}

/// "localhost" and what ends in it mean this machine, whatever a name server says (RFC 6761, 6.3); minimal systems have
/// no /etc/hosts that would say so.
bool isLocalhost(std::string_view host)
{
    if (host.ends_with('.'))
        host.remove_suffix(1);
    constexpr std::string_view name = "localhost";
    if (host.size() < name.size() || !equalsIgnoringCase(host.substr(host.size() - name.size()), name))
        return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

Result<Addresses> lookUp(const std::string &host)
{
    if (isLocalhost(host))
        return Addresses {ip::address_v4::loopback(), ip::address_v6::loopback()};
    addrinfo hints {};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo *list = nullptr;
    int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (code == EAI_NONAME || code == EAI_ADDRFAMILY) {
        // AI_ADDRCONFIG hides localhost where the machine has no network at all.
        hints.ai_flags = 0;
        code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
    }
    if (code != 0) {
        const char *advice = code == EAI_NONAME ? "Check the provider's base_url for a typing mistake." : "Check this computer's network and name server.";
        return fail(ErrorCode::Dns, fmt::format("The name \"{}\" could not be resolved: {}. {}", host, gai_strerror(code), advice));
    }
    Addresses addresses;
    for (const addrinfo *entry = list; entry != nullptr; entry = entry->ai_next) {
        if (entry->ai_family == AF_INET) {
            const auto *socketAddress = reinterpret_cast<const sockaddr_in *>(entry->ai_addr);
            addresses.push_back(ip::address_v4(ntohl(socketAddress->sin_addr.s_addr)));
        } else if (entry->ai_family == AF_INET6) {
            const auto *socketAddress = reinterpret_cast<const sockaddr_in6 *>(entry->ai_addr);
            ip::address_v6::bytes_type bytes;
            std::memcpy(bytes.data(), &socketAddress->sin6_addr, bytes.size());
            addresses.push_back(ip::address_v6(bytes, socketAddress->sin6_scope_id));
        }
    }
    freeaddrinfo(list);
    if (addresses.empty())
        return fail(ErrorCode::Dns, fmt::format("The name \"{}\" has no address.", host));
    return interleaved(addresses);
}

} // namespace

Resolver::~Resolver()
{
    stop();
}

void Resolver::stop()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->stopped = true;
    m_state->questions.clear();
    m_state->entries.clear();
    m_state->wake.notify_all();
    // Detached threads hold the state: a getaddrinfo that hangs for its 30 s must not hold up the exit.
}

Resolver::Answer Resolver::cached(const std::string &host)
{
    const std::scoped_lock lock(m_state->mutex);
    const auto found = m_state->entries.find(host);
    if (found == m_state->entries.end() || !found->second.answer || found->second.until < std::chrono::steady_clock::now())
        return nullptr;
    return found->second.answer;
}

void Resolver::resolve(const std::string &host, Done done)
{
    const std::scoped_lock lock(m_state->mutex);
    State &state = *m_state;
    if (state.stopped)
        return;
    if (state.entries.size() > maxEntries)
        std::erase_if(state.entries, [](const auto &entry) { return entry.second.waiting.empty(); });
    Entry &entry = state.entries[host];
    entry.waiting.push_back(std::move(done));
    if (entry.waiting.size() > 1)
        return; // asked already
    state.questions.push_back(host);
    if (state.idle < static_cast<int>(state.questions.size()) && state.threads < maxThreads) {
        ++state.threads;
        std::thread([shared = m_state] { work(shared); }).detach();
    }
    state.wake.notify_one();
}

void Resolver::work(const std::shared_ptr<State> &state)
{
    pthread_setname_np(pthread_self(), "resolver");
    std::unique_lock lock(state->mutex);
    while (!state->stopped) {
        if (state->questions.empty()) {
            ++state->idle;
            state->wake.wait(lock);
            --state->idle;
            continue;
        }
        const std::string host = std::move(state->questions.front());
        state->questions.pop_front();
        lock.unlock();
        auto answer = std::make_shared<const Result<Addresses>>(lookUp(host));
        lock.lock();
        if (state->stopped)
            break;
        Entry &entry = state->entries[host];
        entry.answer = answer;
        entry.until = std::chrono::steady_clock::now() + (answer->has_value() ? keepAnswer : keepFailure);
        // Under the lock: stop() returns only when nobody is being told any more. The callbacks only post.
        for (Done &done : std::exchange(entry.waiting, {}))
            done(answer);
    }
    --state->threads;
}

} // namespace gateway::net
