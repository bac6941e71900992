// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/provider_caller.h"
#include "gateway/api/provider_probe.h"
#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/state/circuit.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class QObject;

namespace gateway::pipeline {
struct CompiledConfig;
}

namespace gateway::state {
class HealthStore;
}

namespace gateway::api {

/// Asks providers whether they work while nobody calls them (config.md, `health_probe`), each in its own time, and tells
/// health: a target that is back is asked again at once, and one that fails several times in a row is left alone. Lives on
/// the control thread; what it found can be read from any.
class HealthProber
{
public:
    /// So many probes have to fail in a row before a circuit opens for them.
    static constexpr int failuresToOpen = 3;

    HealthProber(ProviderCaller &caller, const Clock &clock) : m_caller(caller), m_clock(clock) {}
    HealthProber(const HealthProber &) = delete;
    HealthProber &operator=(const HealthProber &) = delete;

    /// From now on these providers are probed; what is known of those that did not change stays.
    /// @param config  with its secrets in clear
    void configure(const config::Config &config, std::shared_ptr<const pipeline::CompiledConfig> compiled);
    /// Asks those whose time has come. About once a second.
    /// @param context  lives on the control thread; what it asks ends with it
    void ask(state::HealthStore &health, QObject *context);

    [[nodiscard]] std::vector<ProviderHealth> findings() const; ///< any thread

private:
    struct Entry
    {
        config::Provider provider;
        SteadyTime nextAt {};
        int underway = 0;
        int failures = 0;                   ///< in a row
        std::optional<ProviderHealth> last;
    };
    struct Asked
    {
        std::string providerId;
        std::string model;                  ///< empty: its list of models
        std::vector<std::string> secrets;
        SteadyTime at {};
    };

    void askList(Entry &entry, state::HealthStore &health, QObject *context);
    void askModels(Entry &entry, state::HealthStore &health, QObject *context);
    void send(ProviderCaller::Question question, Asked asked, state::HealthStore &health, QObject *context);
    void heard(const Asked &asked, const Result<ProviderCaller::Reply> &reply, state::HealthStore &health);
    void tell(const Entry &entry, const std::string &model, state::ProbeFinding finding, state::HealthStore &health);
    [[nodiscard]] std::vector<std::string> modelsToAsk(const Entry &entry, const state::HealthStore &health) const;

    ProviderCaller &m_caller;
    const Clock &m_clock;
    config::GatewaySettings m_gateway;
    std::shared_ptr<const pipeline::CompiledConfig> m_compiled;
    mutable std::mutex m_mutex;              ///< over m_entries, for findings(); the control thread alone writes
    std::map<std::string, Entry, std::less<>> m_entries; ///< by provider id
};

} // namespace gateway::api
