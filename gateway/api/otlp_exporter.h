// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/job_inbox.h"
#include "gateway/api/otlp_sender.h"
#include "gateway/config/config.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/telemetry_status.h"
#include "gateway/telemetry/otlp.h"

#include <QTimer>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gateway::storage {
class CallLogReader;
class QueryThread;
}

namespace gateway::api {

/// How it goes. Written by the exporter, read by any thread.
struct OtlpCounters
{
    std::atomic<bool> on {false};             ///< there is a collector
    std::atomic<std::uint64_t> sent {0};      ///< calls, since the start
    std::atomic<std::uint64_t> waiting {0};   ///< calls
    std::atomic<std::uint64_t> lost {0};      ///< calls that the collector refused, or that were passed over; since the start
    void setProblem(std::string words);       ///< what is not taken now, without secrets; empty: all is
    [[nodiscard]] CollectorStatus status() const;

private:
    mutable std::mutex m_mutex;
    std::string m_problem;
};
[[nodiscard]] std::vector<telemetry::Gauge> otlpGauges(const OtlpCounters &counters); ///< none while there is no collector

/// Sends calls and figures to an OpenTelemetry collector (telemetry.otlp). It reads the call log behind its writer, on a
/// thread of its own: calls cost nothing for it, and what a collector that is down does not take waits in the log, also
/// over a restart. The collector gets each call in the order in which they ended; twice, as the same spans, only where its
/// answer was lost or it did not take their logs. Lives on the control thread.
class OtlpExporter
{
public:
    struct Needs
    {
        std::string callsPath;                                   ///< ".../calls.db"
        std::string placePath;                                   ///< a file that holds how far it has come
        std::string instance;                                    ///< service.instance.id
        const Clock &clock;
        OtlpCounters &counters;                                  ///< both outlive it
        std::function<telemetry::StatsSnapshot()> stats;
        std::function<std::vector<telemetry::Gauge>()> gauges;
        std::chrono::milliseconds look = std::chrono::seconds {1};    ///< how often the log is looked at
        std::chrono::milliseconds figures = std::chrono::seconds {60}; ///< how often figures are sent
        std::chrono::milliseconds pause = std::chrono::seconds {1};   ///< after a failure; doubles up to a minute
    };

    static constexpr int callsABatch = 256;
    static constexpr std::uint64_t mostWaiting = 500'000; ///< calls; of a collector that is down for longer, the oldest are passed over

    explicit OtlpExporter(Needs needs);
    ~OtlpExporter();
    OtlpExporter(const OtlpExporter &) = delete;
    OtlpExporter &operator=(const OtlpExporter &) = delete;

    /// What holds from now on. Without an address it rests: calls that come meanwhile are never sent.
    /// @param config  with its secrets in clear
    void configure(const config::Config &config);

private:
    /// Read out of the log, on its thread.
    struct Batch
    {
        std::uint64_t upTo = 0;       ///< the row up to which it reaches
        std::uint64_t last = 0;       ///< the log's last row then
        std::uint64_t calls = 0;
        std::uint64_t passedOver = 0; ///< before it
        std::string traces, logs;     ///< empty: nothing to send
    };

    void begin();
    void rest();
    void read();
    static Result<Batch> batchAfter(storage::CallLogReader &log, std::uint64_t place, const telemetry::OtlpSettings &settings);
    void onBatch(const Result<Batch> &batch);
    void sendTraces(const std::shared_ptr<const Batch> &batch);
    void sendLogs(const std::shared_ptr<const Batch> &batch);
    void done(const Batch &batch, bool taken);
    void later(const OtlpOutcome &outcome);
    void sendFigures();
    void tell(const char *signal, const OtlpOutcome &outcome);
    void tellTroubles();
    void keepPlace() const;

    Needs m_needs;
    OtlpCounters &m_counters;
    config::TelemetrySettings m_settings;
    std::string m_proxy;
    telemetry::OtlpSettings m_told;
    WallTime m_since;
    JobInbox m_inbox;                            ///< for what the log's thread has read
    std::unique_ptr<storage::QueryThread> m_log; ///< goes before the inbox; null: it rests
    std::unique_ptr<OtlpSender> m_sender;        ///< likewise
    QTimer m_next, m_everyFigures;
    std::uint64_t m_place = 0;                   ///< rows up to this one are done with
    std::chrono::milliseconds m_pause {};        ///< of the last failure; zero: all is well
    bool m_noLogs = false, m_noFigures = false; ///< the collector has no such signal
    struct Trouble
    {
        std::string words;   ///< of the collector, or of who did not reach it
        std::string sentence; ///< as people read it
    };
    std::map<std::string, Trouble, std::less<>> m_troubles; ///< by signal: what the log file was told of, and is not over
};

} // namespace gateway::api
