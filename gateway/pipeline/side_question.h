// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/task.h"
#include "gateway/state/circuit.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

/// Questions that a call asks of services beside its provider: external detectors, webhooks that judge. They are asked as
/// providers are: on the worker's own connections, past the gateway's proxy, at private addresses only where those are allowed.
namespace gateway::pipeline {

/// Which of such services rest because they failed, by address. Thread-safe; outlives edits of the configuration.
class Analyzers
{
public:
    /// False: it failed several times in a row a moment ago, and nobody has found it well again.
    [[nodiscard]] bool mayAsk(std::string_view url, SteadyTime now);
    void succeeded(std::string_view url, SteadyTime now);
    void failed(std::string_view url, SteadyTime now);

private:
    static constexpr std::size_t most = 1000; ///< addresses
    state::Circuit &of(std::string_view url);

    std::mutex m_mutex;
    std::map<std::string, state::Circuit, std::less<>> m_circuits;
};

/// What services are asked with, and until when.
struct AnalyzerAsk
{
    Upstream &upstream;
    const Clock &clock;
    Analyzers *circuits = nullptr; ///< null: each is asked, however often it failed
    const config::GatewaySettings &gateway;
    CancelSource &cancel;
    SteadyTime deadline = SteadyTime::max();

    [[nodiscard]] bool mayAsk(std::string_view url) const { return circuits == nullptr || circuits->mayAsk(url, clock.steadyNow()); }
    void succeeded(std::string_view url) const;
    /// But for one that came to nothing because the caller left, or had no time: that says nothing of the service.
    void failed(std::string_view url) const;
};

struct SidePlace
{
    UpstreamAddress address;
    std::string path;
};
/// @param usualPath  where the address names none
/// @param pool       whose connections are not shared with others: "analyzer"
Result<SidePlace> sidePlaceOf(std::string_view url, std::string_view usualPath, std::string_view pool, const config::GatewaySettings &gateway);

struct SideQuestion
{
    std::string_view body {};         ///< JSON
    std::string_view lines {};        ///< further headers, each with its line end
    Duration patience {};
    std::size_t largestAnswer = 0;
};
/// Posts it. Once: nothing is tried again. All of it outlives the task.
/// @return the body of a 200
Task<Result<std::string>> askAside(const AnalyzerAsk &ask, const SidePlace &place, SideQuestion question);

} // namespace gateway::pipeline
