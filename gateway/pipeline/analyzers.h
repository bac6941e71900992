// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/task.h"
#include "gateway/privacy/scanner.h"
#include "gateway/state/circuit.h"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

/// Which external detectors rest because they failed, by address. Thread-safe; outlives edits of the configuration.
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

/// What analyzers are asked with, and until when.
struct AnalyzerAsk
{
    Upstream &upstream;
    const Clock &clock;
    Analyzers *circuits = nullptr; ///< null: each is asked, however often it failed
    const config::GatewaySettings &gateway;
    CancelSource &cancel;
    SteadyTime deadline = SteadyTime::max();
};

/// Asks the external detectors of a policy (Presidio's analyzer API) for what is in some texts, several texts in one
/// question, each at most five seconds; a policy without any is answered at once. One that does not answer, or answers what
/// cannot be read, does what its rule says.
/// @param texts  all of the ask's and these hold until it is done
/// @return by text, in bytes of it. PolicyUnavailable: one of those that block; Cancelled.
Task<Result<std::vector<std::vector<privacy::Hit>>>> askAnalyzers(AnalyzerAsk ask, const privacy::Policy &policy, const std::vector<std::string> &texts);

} // namespace gateway::pipeline
