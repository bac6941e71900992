// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_repricing.h"

#include "gateway/api/prices_now.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/repricer.h"

#include <utility>

namespace gateway::api {

namespace {

constexpr const char *previews = "reprice"; ///< of questions to the log

} // namespace

void EmbeddedRepricing::preview(RepriceQuery query, QObject *context, Answer<RepricePreview> done)
{
    m_needs.queries.ask<RepricePreview>(
        QueryService::Length::Long, previews, context, [query = std::move(query), now = pricesNow(m_gateway.config())](storage::CallLogReader &log) { return log.repricePreview(query, now); }, std::move(done));
}

void EmbeddedRepricing::cancelPreview(const QObject *context)
{
    m_needs.queries.cancel(QueryService::Length::Long, previews, context);
}

void EmbeddedRepricing::start(RepriceQuery query, EditNote by, QObject *context, Answer<std::int64_t> done)
{
    auto deliver = m_needs.deliverer.to<Result<std::int64_t>>(context, std::move(done));
    storage::RepriceOrder order {.query = std::move(query), .now = pricesNow(m_gateway.config()), .author = m_needs.author(by)};
    m_repricings.ask([order = std::move(order), now = m_needs.clock.wallNow(), deliver](Result<storage::Repricer *> repricer) mutable {
        deliver(repricer ? (*repricer)->start(std::move(order), now) : Result<std::int64_t>(std::unexpected(repricer.error())));
    });
}

void EmbeddedRepricing::runs(QObject *context, Answer<std::vector<RepriceRun>> done)
{
    m_needs.queries.ask<std::vector<RepriceRun>>(QueryService::Length::Short, "reprice runs", context, [](storage::CallLogReader &log) { return log.repriceRuns(); },
        [this, done = std::move(done)](Result<std::vector<RepriceRun>> runs) {
            if (runs) {
                for (RepriceRun &run : *runs)
                    run.problem = run.state == RepriceRun::State::Done ? std::string() : m_repricings.problem();
            }
            done(std::move(runs));
        });
}

void EmbeddedRepricing::drop(std::int64_t run, QObject *context, Answer<bool> done)
{
    auto deliver = m_needs.deliverer.to<Result<bool>>(context, std::move(done));
    m_repricings.ask([run, deliver](const Result<storage::Repricer *> &repricer) {
        const Result<> dropped = repricer ? (*repricer)->drop(run) : Result<>(std::unexpected(repricer.error()));
        deliver(dropped ? Result<bool>(true) : Result<bool>(std::unexpected(dropped.error())));
    });
}

void EmbeddedRepricing::total(RepriceQuery query, QObject *context, Answer<RepricedTotal> done)
{
    m_needs.queries.ask<RepricedTotal>(QueryService::Length::Long, "repriced total", context, [query = std::move(query)](storage::CallLogReader &log) { return log.repricedTotal(query); }, std::move(done));
}

void EmbeddedRepricing::ofCall(std::string id, QObject *context, Answer<std::optional<RepricedCall>> done)
{
    m_needs.queries.ask<std::optional<RepricedCall>>(QueryService::Length::Short, "repriced call", context, [id = std::move(id)](storage::CallLogReader &log) { return log.repricedCall(id); }, std::move(done));
}

} // namespace gateway::api
