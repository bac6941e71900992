// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/log_sinks.h"

#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/database.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace gateway::api {

namespace {

constexpr std::chrono::seconds drainPatience {5};

bool has(const std::vector<config::LogSink> &sinks, std::string_view name)
{
    return std::ranges::find(sinks, name, &config::LogSink::name) != sinks.end();
}

/// Takes out the places of sinks that are not there any more: one of that name that comes later is a new one.
Result<> forgetPlaces(storage::Database &database, const std::set<std::string> &kept)
{
    auto query = database.prepare("SELECT sink FROM sink_places");
    auto remove = database.prepare("DELETE FROM sink_places WHERE sink = ?");
    if (!query || !remove)
        return std::unexpected(query ? remove.error() : query.error());
    if (auto run = query->run(); !run)
        return run;
    std::vector<std::string> gone;
    while (query->next()) {
        if (!kept.contains(query->text(0)))
            gone.push_back(query->text(0));
    }
    if (auto failed = query->failure(); !failed)
        return failed;
    query->finish();
    for (const std::string &name : gone) {
        if (auto removed = remove->bind(name).run(); !removed)
            return removed;
    }
    return {};
}

} // namespace

std::shared_ptr<LogSinkState> LogSinkBoard::of(const std::string &sink)
{
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<LogSinkState> &state = m_states[sink];
    if (!state)
        state = std::make_shared<LogSinkState>(sink);
    return state;
}

void LogSinkBoard::keepOnly(const std::vector<config::LogSink> &sinks)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_states, [&](const auto &state) { return !has(sinks, state.first); });
}

std::vector<telemetry::Gauge> LogSinkBoard::gauges() const
{
    const std::lock_guard lock(m_mutex);
    constexpr std::array<std::tuple<const char *, const char *, std::atomic<std::uint64_t> LogSinkState::*>, 3> counters {
        {{"log_sink_sent_total", "Calls written to a log sink, since the start.", &LogSinkState::sent},
         {"log_sink_dropped_total", "Calls that the call log removed before they could be written to a log sink, since the start.", &LogSinkState::dropped},
         {"log_sink_failed_total", "Tries to write to a log sink that failed, since the start. What they had to write waits.", &LogSinkState::failed}}};
    std::vector<telemetry::Gauge> all;
    for (const auto &[name, help, counter] : counters) {
        for (const auto &[sink, state] : m_states)
            all.push_back({.name = name, .help = help, .labels = {{"sink", sink}}, .value = static_cast<double>(((*state).*counter).load())});
    }
    return all;
}

std::vector<SinkStatus> LogSinkBoard::statuses(std::uint64_t lastRow) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<SinkStatus> all;
    for (const auto &[sink, state] : m_states) {
        SinkStatus status {.name = sink, .sent = state->sent, .dropped = state->dropped, .problem = state->problem()};
        if (const std::uint64_t place = state->place; place != LogSinkState::unknownPlace)
            status.waiting = lastRow > place ? lastRow - place : 0;
        all.push_back(std::move(status));
    }
    return all;
}

std::string LogSinkBoard::problem() const
{
    const std::lock_guard lock(m_mutex);
    std::string words;
    for (const auto &[sink, state] : m_states) {
        if (const std::string problem = state->problem(); !problem.empty())
            words += (words.empty() ? "" : " ") + problem;
    }
    return words;
}

void LogSinks::configure(const config::Config &config)
{
    const std::vector<config::LogSink> &sinks = config.telemetry.sinks;
    std::erase_if(m_runs, [&](const auto &run) { return !has(sinks, run.first); });
    m_board.keepOnly(sinks);
    forgetOthers(sinks);
    for (const config::LogSink &sink : sinks) {
        std::unique_ptr<LogSinkRun> &run = m_runs[sink.name];
        if (!run)
            run = std::make_unique<LogSinkRun>(m_needs, m_board.of(sink.name));
        run->configure(sink, config.gateway.proxy);
    }
}

void LogSinks::forgetOthers(const std::vector<config::LogSink> &sinks)
{
    std::set<std::string> kept;
    std::ranges::transform(sinks, std::inserter(kept, kept.end()), &config::LogSink::name);
    m_needs.writer.work([kept = std::move(kept)](const storage::WriterDesk *desk) {
        if (const auto forgotten = desk != nullptr ? forgetPlaces(desk->database, kept) : Result<> {}; !forgotten)
            qWarning("Places of former log sinks cannot be removed from the call log: %s", forgotten.error().message.c_str());
        return false;
    });
}

void LogSinks::drain(std::function<void()> done)
{
    auto left = std::make_shared<std::size_t>(m_runs.size() + 1);
    auto end = std::make_shared<std::function<void()>>(std::move(done));
    const auto one = [left, end] {
        if (--*left == 0 && *end)
            std::exchange(*end, {})();
    };
    m_drainEnds = std::make_unique<QTimer>();
    m_drainEnds->setSingleShot(true);
    QObject::connect(m_drainEnds.get(), &QTimer::timeout, [end] {
        if (*end)
            std::exchange(*end, {})();
    });
    m_drainEnds->start(drainPatience);
    for (const auto &[name, run] : m_runs)
        run->drain(one);
    one();
}

} // namespace gateway::api
