// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_id.h"
#include "gateway/core/call_record.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace bench {

struct TrafficOptions
{
    std::int64_t calls = 10'000'000;
    std::chrono::days days {90};       ///< over which they are spread,
    gateway::WallTime until {};        ///< and when these end
    std::uint64_t seed = 7;            ///< the same options and seed give the same calls
    std::size_t bodyBytes = 0;         ///< about, of request and answer together; 0: no bodies
};

/// A company's calls, as its call log would have them: 14 teams of unlike size with 3 to 9 keys each, 20 routes over 7 providers
/// and 12 models, 600 customers of whom few make most calls; more by day than by night, more on weekdays, growing; providers
/// that are out of order for an hour now and then; retries, fallbacks, refusals, callers that left; tags, sessions, traces,
/// prompts, policies and answers from the cache where a route or key has them.
class CallTraffic
{
public:
    explicit CallTraffic(const TrafficOptions &options);

    [[nodiscard]] bool done() const { return m_given == m_options.calls; }
    /// The next one that ends; calls that overlap do not end in the order in which they began. Not once done().
    [[nodiscard]] gateway::CallRecord next();

private:
    struct Model
    {
        const char *provider;
        const char *name;
        std::int64_t inputPrice, outputPrice; ///< nano-dollars a token
        double firstByteMs, tokensASecond;
    };
    struct Route
    {
        std::string name;
        gateway::Endpoint endpoint;
        std::vector<std::size_t> targets; ///< of models(), in the order in which they are tried
        double input, output;             ///< middle of the tokens
        double streamed, cached;          ///< parts of its calls
        std::string prompt, policy;
    };
    struct Key
    {
        std::string name, id, peer;
        std::size_t team;
        std::vector<std::size_t> routes;
        std::vector<std::string> tags;    ///< one of them, or two
        double customers, traced;         ///< parts of its calls
        bool sessions, metadata;
    };
    /// A provider is out of order.
    struct Outage
    {
        std::string provider;
        std::int64_t fromUs, toUs;
    };
    struct Session
    {
        std::string id;
        std::int64_t callsLeft = 0;
    };

    static const std::vector<Model> &models();
    void makeWorld();
    void makeHours();
    std::int64_t nextStart();
    gateway::CallRecord make();
    void attempt(gateway::CallRecord &record, const Route &route);
    void refuse(gateway::CallRecord &record);
    void answerAgain(gateway::CallRecord &record, const Route &route);
    void fillBodies(gateway::CallRecord &record);
    std::string words(std::size_t bytes);
    [[nodiscard]] bool isOut(const char *provider, std::int64_t us) const;

    double part() { return std::ldexp(static_cast<double>(m_random() >> 11), -53); } ///< [0, 1)
    bool by(double chance) { return part() < chance; }
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(m_random() % count); }
    double around(double middle, double spread) { return middle * std::exp(spread * m_normal(m_random)); }
    /// A place in a list in which few make most: falls off as a power of the place.
    std::size_t skewed(std::size_t count) { return std::min(count - 1, static_cast<std::size_t>(std::pow(static_cast<double>(count), part())) - 1); }

    TrafficOptions m_options;
    std::mt19937_64 m_random;
    std::normal_distribution<double> m_normal;
    gateway::CallIdMaker m_ids;
    std::vector<std::string> m_teams;
    std::vector<Route> m_routes;
    std::vector<Key> m_keys;
    std::vector<std::string> m_customers;
    std::vector<Outage> m_outages;
    std::vector<Session> m_sessions;      ///< of each key, by its place
    std::vector<double> m_upTo;           ///< part of all calls that began before the end of each hour
    std::size_t m_hour = 0;
    std::int64_t m_fromUs = 0;
    std::int64_t m_begun = 0, m_given = 0;
    struct Running
    {
        std::int64_t endsUs;
        gateway::CallRecord record;
    };
    std::vector<Running> m_running;       ///< a heap: the first to end at its front
    std::string m_cacheable;              ///< id of a call that may be answered again
};

} // namespace bench
