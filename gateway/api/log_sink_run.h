// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/job_inbox.h"
#include "gateway/api/log_sink_batch.h"
#include "gateway/api/s3_client.h"
#include "gateway/config/log_sink.h"

#include <QTimer>

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace gateway::storage {
class CallLogWriter;
class QueryThread;
}

namespace gateway::api {

/// How a log sink goes. Written by its run, read by any thread.
struct LogSinkState
{
    explicit LogSinkState(std::string sink) : name(std::move(sink)) {}
    static constexpr std::uint64_t unknownPlace = std::numeric_limits<std::uint64_t>::max();

    const std::string name;
    std::atomic<std::uint64_t> sent {0};     ///< calls that are there, since the start
    std::atomic<std::uint64_t> dropped {0};  ///< calls that the log removed before they were, since the start, about
    std::atomic<std::uint64_t> failed {0};   ///< tries that failed, since the start
    std::atomic<std::uint64_t> place {unknownPlace}; ///< of the log: rows up to this one are there
    [[nodiscard]] std::string problem() const; ///< in words, without secrets; empty: it is well
    void setProblem(std::string words);

private:
    mutable std::mutex m_mutex;
    std::string m_problem;
};

/// Writes calls to one log sink: every so often what was stored since, in files or objects. How far it has come stands in the call
/// log itself, behind what is written: after a crash or an outage nothing is left out, and what may come again has the name that it
/// had. While a sink is away its calls wait in the log, as long as that keeps them. Lives on the control thread.
class LogSinkRun
{
public:
    struct Needs
    {
        storage::CallLogWriter &writer;   ///< keeps the place
        const Clock &clock;               ///< both outlive it
        std::string callsPath;            ///< ".../calls.db"
        std::string instance;
        std::chrono::milliseconds look = std::chrono::seconds {2};   ///< how often it looks whether much waits
        std::chrono::milliseconds pause = std::chrono::seconds {1};  ///< after a failure; doubles up to five minutes
        std::function<std::uint64_t()> lastRow;                      ///< of the log, about
    };

    LogSinkRun(Needs needs, std::shared_ptr<LogSinkState> state);
    ~LogSinkRun();
    LogSinkRun(const LogSinkRun &) = delete;
    LogSinkRun &operator=(const LogSinkRun &) = delete;

    /// What holds from now on. One that is off rests, and goes on from where it was.
    /// @param sink  with its secrets in clear
    void configure(const config::LogSink &sink, const std::string &proxy);

    /// Writes what there is, then calls `done`: once all is there, or the first try failed. The log must have it by then.
    void drain(std::function<void()> done);

private:
    void findPlace();
    void read();
    void onBatch(Result<LogSinkBatch> batch);
    void onWritten(const LogSinkBatch &batch, const Result<> &written);
    void setPlace(std::uint64_t place);
    void keepPlace();
    void later(const std::string &words);
    void rest(std::chrono::milliseconds wait);
    void lookWhetherMuchWaits();

    Needs m_needs;
    std::shared_ptr<LogSinkState> m_state;
    config::LogSink m_sink;
    std::string m_proxy;
    JobInbox m_inbox;                    ///< for what the log's thread has done
    std::unique_ptr<storage::QueryThread> m_log; ///< reads, packs, and writes to folders; goes before the inbox; null: it rests
    S3Client m_s3;
    QTimer m_next, m_look;
    std::optional<std::uint64_t> m_place; ///< rows up to this one are there; nullopt: not known yet
    bool m_busy = false;
    std::chrono::milliseconds m_pause {}; ///< of the last failure; zero: all is well
    std::function<void()> m_drained;
};

} // namespace gateway::api
