// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/cache_keeper.h"
#include "gateway/api/cache_tools.h"
#include "gateway/api/control_thread.h"
#include "gateway/api/query_service.h"
#include "gateway/telemetry/prometheus_text.h"

#include <functional>
#include <string>
#include <vector>

namespace gateway::api {

/// The cache's tools of a gateway in this process. On the gateway's thread.
class EmbeddedCache final : public CacheTools
{
public:
    struct Needs
    {
        CacheKeeper &keeper;
        ControlThread &control;
        QueryService &queries;
        Deliverer deliverer;
        std::function<void(const EditNote &by, std::string what)> audit; ///< called on the control thread
    };
    /// All of it outlives this.
    explicit EmbeddedCache(Needs needs) : m_needs(std::move(needs)) {}

    [[nodiscard]] CacheState state() const override;
    void savings(TimeRange range, QObject *context, Answer<std::vector<CacheSavings>> done) override;
    void entries(AnswerFilter filter, std::size_t most, QObject *context, Answer<std::vector<CacheEntry>> done) override;
    void purge(AnswerFilter filter, EditNote by, QObject *context, Answer<std::uint64_t> done) override;
    void reviews(ReviewQuery query, QObject *context, Answer<ReviewPage> done) override;
    void judge(std::int64_t row, Verdict verdict, QObject *context, Answer<SemanticHit> done) override;

private:
    Needs m_needs;
};

/// Figures of the cache for /metrics. Any thread.
[[nodiscard]] std::vector<telemetry::Gauge> cacheGauges(pipeline::AnswerCaches &caches);

} // namespace gateway::api
