// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/log_sink_run.h"

#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/call_log_writer.h"
#include "gateway/storage/database.h"
#include "gateway/storage/query_thread.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gateway::api {

namespace {

constexpr std::chrono::minutes longestPause {5};
constexpr std::uint64_t muchWaits = 5'000; // calls: then nobody waits until it is time

Result<> writePlace(storage::Database &database, const std::string &sink, std::uint64_t place)
{
    auto keep = database.prepare("INSERT OR REPLACE INTO sink_places (sink, row) VALUES (?, ?)");
    if (!keep)
        return std::unexpected(keep.error());
    return keep->bind(sink).bind(static_cast<std::int64_t>(place)).run();
}

} // namespace

std::string LogSinkState::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

void LogSinkState::setProblem(std::string words)
{
    const std::lock_guard lock(m_mutex);
    m_problem = std::move(words);
}

LogSinkRun::LogSinkRun(Needs needs, std::shared_ptr<LogSinkState> state) : m_needs(std::move(needs)), m_state(std::move(state)), m_s3(m_needs.clock)
{
    m_next.setSingleShot(true);
    QObject::connect(&m_next, &QTimer::timeout, &m_inbox, [this] { read(); });
    QObject::connect(&m_look, &QTimer::timeout, &m_inbox, [this] { lookWhetherMuchWaits(); });
}

LogSinkRun::~LogSinkRun()
{
    m_log.reset();
}

void LogSinkRun::configure(const config::LogSink &sink, const std::string &proxy)
{
    if (m_sink == sink && m_proxy == proxy)
        return;
    m_sink = sink;
    m_proxy = proxy;
    m_pause = {};
    m_state->setProblem({});
    m_s3.configure(sink.s3, proxy);
    if (!sink.enabled) {
        m_next.stop();
        m_look.stop();
        m_log.reset();
        m_busy = false;
        return;
    }
    if (!m_log)
        m_log = std::make_unique<storage::QueryThread>(m_needs.callsPath, "log-sink");
    m_look.start(m_needs.look);
    if (!m_place)
        findPlace();
    else if (!m_busy)
        rest(std::chrono::milliseconds {0}); // what failed before may go well now
}

/// A sink that the log does not know yet begins at its end: what is there already was not meant for it.
void LogSinkRun::findPlace()
{
    if (std::exchange(m_busy, true))
        return;
    m_log->ask({}, [this, name = m_state->name](storage::CallLogReader *log, const Error &problem) {
        auto place = log ? log->sinkPlace(name) : Result<std::optional<std::uint64_t>>(std::unexpected(problem));
        const bool known = place && *place;
        if (place && !*place) {
            const auto last = log->lastRow();
            place = last ? Result<std::optional<std::uint64_t>>(*last) : std::unexpected(last.error());
        }
        m_inbox.post([this, place = std::move(place), known] {
            if (!m_log)
                return;
            m_busy = false;
            if (!place)
                return later(place.error().message);
            setPlace(**place);
            if (!known)
                keepPlace();
            rest(m_drained ? std::chrono::milliseconds {0} : std::chrono::milliseconds(m_sink.every));
        });
    });
}

void LogSinkRun::read()
{
    if (m_busy || !m_sink.enabled)
        return;
    if (!m_place)
        return findPlace();
    m_busy = true;
    m_log->ask({}, [this, place = *m_place, sink = m_sink, instance = m_needs.instance](storage::CallLogReader *log, const Error &problem) {
        auto batch = log ? logSinkBatch(*log, place, sink.bodies, instance) : Result<LogSinkBatch>(std::unexpected(problem));
        Result<> written;
        if (batch && batch->calls > 0 && !sink.folder.empty()) {
            written = writeToFolder(sink.folder, *batch);
            batch->bytes.clear();
        }
        m_inbox.post([this, batch = std::move(batch), written = std::move(written), folder = !sink.folder.empty()]() mutable {
            if (!m_log)
                return;
            if (batch && folder && batch->calls > 0)
                return onWritten(*batch, written);
            onBatch(std::move(batch));
        });
    });
}

void LogSinkRun::onBatch(Result<LogSinkBatch> batch)
{
    if (!batch) {
        m_busy = false;
        return later(batch.error().message);
    }
    if (batch->calls == 0)
        return onWritten(*batch, {});
    std::string prefix = m_sink.s3.prefix;
    if (!prefix.empty() && !prefix.ends_with('/'))
        prefix += '/';
    std::string bytes = std::exchange(batch->bytes, {});
    const std::string key = prefix + batch->name;
    m_s3.put(key, std::move(bytes), [this, batch = std::move(*batch)](const Result<> &put) {
        if (m_log)
            onWritten(batch, put);
    });
}

void LogSinkRun::onWritten(const LogSinkBatch &batch, const Result<> &written)
{
    m_busy = false;
    if (!written) {
        ++m_state->failed;
        return later(written.error().message);
    }
    if (batch.missed > 0) {
        m_state->dropped += batch.missed;
        qWarning("The log sink %s lacks about %llu calls: the call log removed them before they could be written there.", m_state->name.c_str(), static_cast<unsigned long long>(batch.missed));
    }
    m_state->sent += batch.calls;
    m_pause = {};
    if (!m_state->problem().empty()) {
        m_state->setProblem({});
        qInfo("The log sink %s takes calls again.", m_state->name.c_str());
    }
    if (m_place != batch.upTo) {
        setPlace(batch.upTo);
        keepPlace();
    }
    if (!batch.more && m_drained)
        std::exchange(m_drained, {})();
    else
        rest(batch.more ? std::chrono::milliseconds {0} : std::chrono::milliseconds(m_sink.every));
}

void LogSinkRun::setPlace(std::uint64_t place)
{
    m_place = place;
    m_state->place = place;
}

/// In the log that it is a place of: a restored log has the place that belongs to it.
void LogSinkRun::keepPlace()
{
    m_needs.writer.work([name = m_state->name, place = *m_place](const storage::WriterDesk *desk) {
        const auto kept = desk != nullptr ? writePlace(desk->database, name, place) : Result<> {};
        if (!kept)
            qWarning("How far the log sink %s has come cannot be kept: %s After a restart it may get some calls again.", name.c_str(), kept.error().message.c_str());
        return false;
    });
}

/// Once for each trouble: storage that is down for a night is one line.
void LogSinkRun::later(const std::string &words)
{
    const std::string where = m_sink.folder.empty() ? fmt::format("the bucket {}", m_sink.s3.bucket) : fmt::format("the folder {}", m_sink.folder);
    const std::string problem = fmt::format("The log sink {} does not reach {}: {}. Its calls wait in the call log.", m_state->name, where, words);
    if (m_state->problem() != problem)
        qWarning("%s", problem.c_str());
    m_state->setProblem(problem);
    if (m_drained)
        return std::exchange(m_drained, {})();
    m_pause = m_pause.count() == 0 ? m_needs.pause : std::min<std::chrono::milliseconds>(m_pause * 2, longestPause);
    rest(m_pause);
}

void LogSinkRun::rest(std::chrono::milliseconds wait)
{
    if (m_sink.enabled)
        m_next.start(wait);
}

void LogSinkRun::lookWhetherMuchWaits()
{
    if (!m_busy && m_place && m_pause.count() == 0 && m_needs.lastRow() > *m_place + muchWaits)
        read();
}

void LogSinkRun::drain(std::function<void()> done)
{
    if (!m_sink.enabled)
        return done();
    m_drained = std::move(done);
    if (!m_busy)
        read();
}

} // namespace gateway::api
