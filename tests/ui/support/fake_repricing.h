// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/reprice_tools.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// A re-pricing of made-up calls, a child of the made-up gateway: it goes on by a step whenever somebody looks how far it is.
class FakeRepricing final : public gateway::api::RepriceTools
{
    Q_OBJECT
public:
    using RepriceTools::RepriceTools;
    static FakeRepricing &of(const gateway::api::Gateway &gateway) { return *static_cast<FakeRepricing *>(RepriceTools::of(gateway)); }

    void setPreview(gateway::RepricePreview preview) { m_preview = std::move(preview); } ///< what is to change; a run that is done leaves nothing of it
    void setSteps(int steps) { m_steps = steps; }                      ///< that a run takes
    void setError(std::optional<gateway::Error> error) { m_error = std::move(error); } ///< of all there is to ask
    void setProblem(std::string problem) { m_problem = std::move(problem); }           ///< a run stands still for that
    void setCall(const std::string &id, gateway::RepricedCall figure) { m_calls[id] = figure; }
    [[nodiscard]] const gateway::RepriceQuery &lastQuery() const { return m_query; }
    [[nodiscard]] int started() const { return m_started; }
    void setEndless(bool endless) { m_endless = endless; }             ///< previews take longer than anybody waits
    [[nodiscard]] int cancelled() const { return m_cancelled; }

    // gateway::api::RepriceTools
    void preview(gateway::RepriceQuery query, QObject *context, gateway::api::Answer<gateway::RepricePreview> done) override;
    void cancelPreview(const QObject *) override { ++m_cancelled; }
    void start(gateway::RepriceQuery query, gateway::api::EditNote by, QObject *context, gateway::api::Answer<std::int64_t> done) override;
    void runs(QObject *context, gateway::api::Answer<std::vector<gateway::RepriceRun>> done) override;
    void drop(std::int64_t run, QObject *context, gateway::api::Answer<bool> done) override;
    void total(gateway::RepriceQuery query, QObject *context, gateway::api::Answer<gateway::RepricedTotal> done) override;
    void ofCall(std::string id, QObject *context, gateway::api::Answer<std::optional<gateway::RepricedCall>> done) override;

private:
    template <typename T>
    void later(QObject *context, gateway::api::Answer<T> done, T value);

    gateway::RepricePreview m_preview;
    gateway::RepriceQuery m_query;
    std::vector<gateway::RepriceRun> m_runs; ///< the latest first
    std::map<std::string, gateway::RepricedCall> m_calls;
    std::optional<gateway::Error> m_error;
    std::string m_problem;
    int m_steps = 3, m_started = 0, m_cancelled = 0;
    bool m_endless = false;
};

/// Three models: one became dearer, one cheaper, one had no price.
gateway::RepricePreview sceneRepricing();

} // namespace tests
