// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_repricing.h"

#include "tests/ui/support/fake_gateway.h"

#include <QTimer>

#include <algorithm>

using namespace gateway;

namespace tests {

template <typename T>
void FakeRepricing::later(QObject *context, gateway::api::Answer<T> done, T value)
{
    QTimer::singleShot(0, context, [done = std::move(done), error = m_error, value = std::move(value)] { done(error ? Result<T>(std::unexpected(*error)) : Result<T>(value)); });
}

void FakeRepricing::preview(RepriceQuery query, QObject *context, gateway::api::Answer<RepricePreview> done)
{
    m_query = std::move(query);
    if (m_endless)
        return;
    RepricePreview preview = m_preview;
    if (!m_runs.empty() && m_runs.front().state == RepriceRun::State::Done) { // what was to change has changed
        for (RepricePreview::Row &row : preview.rows)
            row.figures = {.looked = row.figures.looked};
        preview.total = {.looked = preview.total.looked};
    }
    later(context, std::move(done), std::move(preview));
}

void FakeRepricing::start(RepriceQuery query, gateway::api::EditNote by, QObject *context, gateway::api::Answer<std::int64_t> done)
{
    ++m_started;
    RepriceRun run {.id = m_started, .at = FakeGateway::sceneTime(), .range = query.range, .filter = query.filter.text(), .author = by.author};
    if (!m_error)
        m_runs.insert(m_runs.begin(), std::move(run));
    later(context, std::move(done), std::int64_t {m_started});
}

void FakeRepricing::runs(QObject *context, gateway::api::Answer<std::vector<RepriceRun>> done)
{
    later(context, std::move(done), m_runs);
    std::erase_if(m_runs, [](const RepriceRun &run) { return run.state == RepriceRun::State::Dropping; });
    for (RepriceRun &run : m_runs) {
        if (run.state != RepriceRun::State::Running)
            continue;
        run.problem = m_problem;
        if (!m_problem.empty())
            continue;
        run.done = std::min(1.0, run.done + 1.0 / m_steps);
        run.figures = m_preview.total;
        run.figures.looked = std::uint64_t(double(run.figures.looked) * run.done);
        run.figures.changed = std::uint64_t(double(run.figures.changed) * run.done);
        if (run.done > 0.999)
            run.state = RepriceRun::State::Done;
    }
}

void FakeRepricing::drop(std::int64_t run, QObject *context, gateway::api::Answer<bool> done)
{
    for (RepriceRun &each : m_runs)
        each.state = each.id == run && !m_error ? RepriceRun::State::Dropping : each.state;
    later(context, std::move(done), true);
}

void FakeRepricing::total(RepriceQuery, QObject *context, gateway::api::Answer<RepricedTotal> done)
{
    const bool any = !m_runs.empty() && m_runs.front().state == RepriceRun::State::Done;
    const RepriceFigures &all = m_preview.total;
    later(context, std::move(done), any ? RepricedTotal {.calls = all.changed, .firstPriced = all.firstPriced, .logged = all.before, .repriced = all.after} : RepricedTotal {});
}

void FakeRepricing::ofCall(std::string id, QObject *context, gateway::api::Answer<std::optional<RepricedCall>> done)
{
    const auto found = m_calls.find(id);
    later(context, std::move(done), found == m_calls.end() ? std::nullopt : std::optional(found->second));
}

RepricePreview sceneRepricing()
{
    const auto cents = [](std::int64_t amount) { return Money::fromNanos(amount * 10'000'000); };
    RepricePreview preview;
    preview.rows.push_back({"openai", "gpt-4o", {.looked = 41'220, .changed = 41'220, .before = cents(81'204), .after = cents(97'445)}});
    preview.rows.push_back({"mistral", "mistral-large", {.looked = 2'310, .changed = 2'310, .firstPriced = 2'310, .after = cents(4'812)}});
    preview.rows.push_back({"claude", "claude-haiku-4-5", {.looked = 30'118, .changed = 12'604, .unknown = 12, .before = cents(9'211), .after = cents(7'030)}});
    for (const RepricePreview::Row &row : preview.rows)
        preview.total.add(row.figures);
    return preview;
}

} // namespace tests
