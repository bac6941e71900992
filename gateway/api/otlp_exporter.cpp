// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/otlp_exporter.h"

#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/query_thread.h"

#include <QFile>
#include <QSaveFile>
#include <QString>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::api {

namespace {

using Kind = OtlpOutcome::Kind;

constexpr std::chrono::seconds longestPause {60};
constexpr std::chrono::seconds firstFigures {5}; // so that who has just turned it on sees it work
constexpr qint64 placeBytes = 32; // of the file: one number

std::optional<std::uint64_t> placeIn(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    bool isNumber = false;
    const qulonglong place = file.read(placeBytes).trimmed().toULongLong(&isNumber);
    return isNumber ? std::optional<std::uint64_t>(place) : std::nullopt;
}

} // namespace

void OtlpCounters::setProblem(std::string words)
{
    const std::lock_guard lock(m_mutex);
    m_problem = std::move(words);
}

CollectorStatus OtlpCounters::status() const
{
    const std::lock_guard lock(m_mutex);
    return {.on = on, .sent = sent, .waiting = waiting, .lost = lost, .problem = m_problem};
}

OtlpExporter::OtlpExporter(Needs needs) : m_needs(std::move(needs)), m_counters(m_needs.counters), m_since(m_needs.clock.wallNow())
{
    m_next.setSingleShot(true);
    QObject::connect(&m_next, &QTimer::timeout, &m_inbox, [this] { read(); });
    QObject::connect(&m_everyFigures, &QTimer::timeout, &m_inbox, [this] { sendFigures(); });
}

OtlpExporter::~OtlpExporter()
{
    m_log.reset();
    m_sender.reset();
}

void OtlpExporter::configure(const config::Config &config)
{
    std::map<std::string, std::string, std::less<>> kinds;
    for (const config::Provider &provider : config.providers)
        kinds[provider.name] = provider.kind;
    m_told = {.version = SIGNALBOX_VERSION, .instance = m_needs.instance, .content = config.telemetry.content, .kindOf = [kinds = std::move(kinds)](std::string_view provider) {
                  const auto found = kinds.find(provider);
                  return found == kinds.end() ? std::string() : found->second;
              }};
    if (m_settings == config.telemetry && m_proxy == config.gateway.proxy)
        return;
    m_settings = config.telemetry;
    m_proxy = config.gateway.proxy;
    m_noLogs = m_noFigures = false;
    m_pause = {};
    m_troubles.clear();
    tellTroubles();
    if (m_settings.otlp.empty())
        return rest();
    if (!m_log)
        begin();
    m_sender->configure(m_settings, m_proxy);
}

void OtlpExporter::begin()
{
    m_sender = std::make_unique<OtlpSender>();
    m_log = std::make_unique<storage::QueryThread>(m_needs.callsPath, "otlp");
    m_counters.on = true;
    m_everyFigures.start(std::min<std::chrono::milliseconds>(m_needs.figures, firstFigures));
    if (const auto place = placeIn(m_needs.placePath)) {
        m_place = *place;
        m_next.start(m_needs.look);
        return;
    }
    // New here: what is in the log already was not meant for it.
    m_log->ask({}, [this](storage::CallLogReader *log, const Error &problem) {
        auto last = log ? log->lastRow() : Result<std::uint64_t>(std::unexpected(problem));
        m_inbox.post([this, last = std::move(last)] {
            if (!m_log)
                return;
            m_place = std::numeric_limits<std::uint64_t>::max(); // where the log cannot be read yet: its end, once it can
            if (!last)
                return later({.kind = Kind::Again, .words = last.error().message});
            m_place = *last;
            keepPlace();
            m_next.start(m_needs.look);
        });
    });
}

void OtlpExporter::rest()
{
    m_next.stop();
    m_everyFigures.stop();
    m_log.reset();
    m_sender.reset();
    m_counters.on = false;
    m_counters.waiting = 0;
    QFile::remove(QString::fromStdString(m_needs.placePath));
}

void OtlpExporter::read()
{
    if (!m_log)
        return;
    m_log->ask("batch", [this, place = m_place, settings = m_told](storage::CallLogReader *log, const Error &problem) {
        auto batch = log ? batchAfter(*log, place, settings) : Result<Batch>(std::unexpected(problem));
        m_inbox.post([this, batch = std::move(batch)] { onBatch(batch); });
    });
}

Result<OtlpExporter::Batch> OtlpExporter::batchAfter(storage::CallLogReader &log, std::uint64_t place, const telemetry::OtlpSettings &settings)
{
    const auto last = log.lastRow();
    if (!last)
        return std::unexpected(last.error());
    Batch batch {.upTo = std::min(place, *last), .last = *last}; // beyond the last row: the log is another one than before
    if (*last - batch.upTo > mostWaiting) {
        batch.passedOver = *last - batch.upTo - mostWaiting;
        batch.upTo += batch.passedOver;
    }
    auto calls = log.storedAfter(batch.upTo, callsABatch, settings.content);
    if (!calls)
        return std::unexpected(calls.error());
    if (calls->empty()) {
        batch.upTo = *last; // the rows between are gone
        return batch;
    }
    batch.upTo = calls->back().row;
    std::vector<CallRecord> records;
    records.reserve(calls->size());
    for (storage::StoredCall &call : *calls)
        records.push_back(std::move(call.record));
    batch.calls = records.size();
    batch.traces = otlpBytes(telemetry::OtlpSignal::Traces, telemetry::otlpTraces(records, settings));
    if (const auto logs = telemetry::otlpLogs(records, settings); !logs.is_null())
        batch.logs = otlpBytes(telemetry::OtlpSignal::Logs, logs);
    return batch;
}

void OtlpExporter::onBatch(const Result<Batch> &batch)
{
    if (!m_log)
        return;
    if (!batch)
        return later({.kind = Kind::Again, .words = batch.error().message});
    m_counters.waiting = batch->last - std::min(batch->last, batch->upTo) + batch->calls;
    m_counters.lost += batch->passedOver;
    if (batch->passedOver > 0)
        qWarning("%llu calls were not sent to the collector: it did not answer for so long that more than %llu waited.", static_cast<unsigned long long>(batch->passedOver),
                 static_cast<unsigned long long>(mostWaiting));
    sendTraces(std::make_shared<const Batch>(*batch));
}

void OtlpExporter::sendTraces(const std::shared_ptr<const Batch> &batch)
{
    if (batch->traces.empty())
        return sendLogs(batch);
    m_sender->send(telemetry::OtlpSignal::Traces, batch->traces, [this, batch](const OtlpOutcome &outcome) {
        if (outcome.kind == Kind::Again)
            return later(outcome);
        tell("traces", outcome);
        if (outcome.kind != Kind::Taken) // also 404: the next batch may find the collector there
            return done(*batch, false);
        sendLogs(batch);
    });
}

void OtlpExporter::sendLogs(const std::shared_ptr<const Batch> &batch)
{
    if (batch->logs.empty() || m_noLogs)
        return done(*batch, true);
    m_sender->send(telemetry::OtlpSignal::Logs, batch->logs, [this, batch](const OtlpOutcome &outcome) {
        if (outcome.kind == Kind::Again)
            return later(outcome);
        tell("logs", outcome);
        m_noLogs = outcome.kind == Kind::NoSuch;
        done(*batch, true);
    });
}

void OtlpExporter::done(const Batch &batch, bool taken)
{
    if (!m_log)
        return;
    m_pause = {};
    m_troubles.erase("calls");
    tellTroubles();
    (taken ? m_counters.sent : m_counters.lost) += batch.calls;
    m_counters.waiting = batch.last - std::min(batch.last, batch.upTo);
    if (m_place != batch.upTo) {
        m_place = batch.upTo;
        keepPlace();
    }
    m_next.start(m_counters.waiting > 0 ? std::chrono::milliseconds {0} : m_needs.look);
}

void OtlpExporter::later(const OtlpOutcome &outcome)
{
    if (!m_log)
        return;
    tell("calls", outcome);
    m_pause = m_pause.count() == 0 ? m_needs.pause : std::min<std::chrono::milliseconds>(m_pause * 2, longestPause);
    m_next.start(std::max(m_pause, outcome.retryAfter.value_or(std::chrono::milliseconds {0})));
}

/// One that is not taken is not sent again: the next one has all that it had.
void OtlpExporter::sendFigures()
{
    m_everyFigures.setInterval(m_needs.figures);
    if (m_noFigures)
        return;
    const auto message = telemetry::otlpMetrics(m_needs.stats(), m_needs.gauges(), m_since, m_told);
    m_sender->send(telemetry::OtlpSignal::Metrics, otlpBytes(telemetry::OtlpSignal::Metrics, message), [this](const OtlpOutcome &outcome) {
        tell("metrics", outcome);
        m_noFigures = outcome.kind == Kind::NoSuch;
    });
}

/// Once for each trouble: a collector that is down for a night is one line.
void OtlpExporter::tell(const char *signal, const OtlpOutcome &outcome)
{
    if (outcome.words.empty()) {
        m_troubles.erase(signal);
        return tellTroubles();
    }
    Trouble &trouble = m_troubles[signal];
    if (trouble.words == outcome.words)
        return;
    trouble.words = outcome.words;
    const char *then = "It took them all the same.";
    if (outcome.kind == Kind::Again)
        then = "They wait.";
    else if (outcome.kind == Kind::NoSuch && std::string_view(signal) != "traces")
        then = "It gets no more of them until the settings change.";
    else if (outcome.kind != Kind::Taken)
        then = "Those are passed over.";
    trouble.sentence = fmt::format("Sending {} to the collector at {}: {}. {}", signal, m_settings.otlp, trouble.words, then);
    qWarning("%s", trouble.sentence.c_str());
    tellTroubles();
}

void OtlpExporter::tellTroubles()
{
    std::string all;
    for (const auto &[signal, trouble] : m_troubles)
        all += (all.empty() ? "" : " ") + trouble.sentence;
    m_counters.setProblem(std::move(all));
}

void OtlpExporter::keepPlace() const
{
    QSaveFile file(QString::fromStdString(m_needs.placePath));
    if (file.open(QIODevice::WriteOnly) && file.write(QByteArray::number(static_cast<qulonglong>(m_place))) > 0 && file.commit())
        return;
    qWarning("How far the collector has come cannot be written to %s: %s. After a restart it may get some calls again.", m_needs.placePath.c_str(), qPrintable(file.errorString()));
}

std::vector<telemetry::Gauge> otlpGauges(const OtlpCounters &counters)
{
    if (!counters.on)
        return {};
    return {{.name = "otlp_calls_sent", .help = "Calls that the OpenTelemetry collector took, since the start.", .value = static_cast<double>(counters.sent)},
            {.name = "otlp_calls_waiting", .help = "Calls in the log that are still to be sent to the collector.", .value = static_cast<double>(counters.waiting)},
            {.name = "otlp_calls_lost", .help = "Calls that the collector refused, or that were passed over, since the start.", .value = static_cast<double>(counters.lost)}};
}

} // namespace gateway::api
