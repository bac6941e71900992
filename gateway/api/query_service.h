// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/job_inbox.h"
#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/storage/call_log_reader.h"
#include "gateway/storage/query_thread.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <string>
#include <utility>

namespace gateway::api {

/// Carries answers from any thread to the gateway's own: `home` lives there and outlives every question.
class Deliverer
{
public:
    explicit Deliverer(JobInbox &home) : m_home(&home) {}

    /// A function for any thread, which calls `done` on home's thread unless `context` is gone by then. Made on home's
    /// thread.
    template <typename Value>
    std::function<void(Value)> to(QObject *context, std::function<void(Value)> done) const
    {
        return [home = m_home, guard = QPointer<QObject>(context), done = std::move(done)](Value value) {
            home->post([guard, done, value = std::move(value)]() mutable {
                if (guard)
                    done(std::move(value));
            });
        };
    }

private:
    JobInbox *m_home;
};

/// The window's questions to the call log, on two threads of their own: short ones never wait behind long ones. Of
/// questions of one kind from one asker only the newest is answered. Lives on the gateway's thread.
class QueryService
{
public:
    enum class Length : std::uint8_t { Short, Long };

    QueryService(const std::string &path, Deliverer deliverer) : m_deliverer(deliverer), m_short(path, "query-short"), m_long(path, "query-long") {}

    /// @param kind  questions of one kind and context replace one another; empty: each is answered
    /// @param question  runs on a query thread with the reader there
    template <typename T>
    void ask(Length length, std::string kind, QObject *context, std::function<Result<T>(storage::CallLogReader &)> question, std::function<void(Result<T>)> done)
    {
        const std::string lane = kind.empty() ? std::string() : laneOf(kind, context);
        auto deliver = m_deliverer.to<Result<T>>(context, std::move(done));
        auto job = [question = std::move(question), deliver = std::move(deliver)](storage::CallLogReader *reader, const Error &problem) {
            deliver(reader ? question(*reader) : Result<T>(std::unexpected(problem)));
        };
        (length == Length::Short ? m_short : m_long).ask(lane, std::move(job));
    }

    /// Ends the question of that kind and context, which then may be answered with Cancelled, or never.
    void cancel(Length length, const std::string &kind, const QObject *context) { (length == Length::Short ? m_short : m_long).cancel(laneOf(kind, context)); }

private:
    static std::string laneOf(const std::string &kind, const QObject *context) { return kind + "@" + std::to_string(reinterpret_cast<std::uintptr_t>(context)); }

    Deliverer m_deliverer;
    storage::QueryThread m_short;
    storage::QueryThread m_long;
};

} // namespace gateway::api
