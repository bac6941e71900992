// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <boost/asio/ip/address.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace gateway::net {

using Addresses = std::vector<boost::asio::ip::address>;

/// Names to addresses without blocking a worker: getaddrinfo on threads of its own, equal questions asked once, answers
/// kept for 30 s and failures for 3 s. Thread-safe.
class Resolver
{
public:
    /// In the system's order of preference (RFC 6724), families interleaved (RFC 8305 4).
    using Answer = std::shared_ptr<const Result<Addresses>>;
    using Done = std::function<void(Answer)>;

    Resolver() = default;
    ~Resolver();

    /// An answer that is at hand, or nullptr.
    Answer cached(const std::string &host);
    /// @param done  called on a thread of the resolver: post from it; not called where the resolver ends before
    void resolve(const std::string &host, Done done);
    /// Ends the threads; a question under way is left to finish on its own.
    void stop();

    static constexpr Duration keepAnswer = std::chrono::seconds {30};
    static constexpr Duration keepFailure = std::chrono::seconds {3};

private:
    struct Entry
    {
        Answer answer;
        SteadyTime until {};
        std::vector<Done> waiting;
    };
    struct State
    {
        std::mutex mutex;
        std::condition_variable wake;
        std::unordered_map<std::string, Entry> entries;
        std::deque<std::string> questions;
        int threads = 0;
        int idle = 0;
        bool stopped = false;
    };
    static void work(const std::shared_ptr<State> &state);
    static constexpr int maxThreads = 4;
    static constexpr std::size_t maxEntries = 4096;

    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace gateway::net
