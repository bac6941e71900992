// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "tests/support/fake_clock.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The network as pipeline sees it, without any: answers are scripts, time is a FakeClock that waiting moves on. Everything
/// happens in one thread, in one order.
namespace support {

/// What one call upstream does, step by step; `after` is how long it keeps one waiting.
struct FakeAnswer
{
    struct Step
    {
        enum class Kind { Data, End, Fail };
        Kind kind = Kind::End;
        gateway::Duration after {};
        std::string data {};
        gateway::Error error {};
    };

    std::optional<gateway::Error> refused {}; ///< start() fails with it
    gateway::Duration headAfter {};
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers {{"content-type", "application/json"}};
    std::vector<Step> steps {};

    static FakeAnswer json(int code, std::string body)
    {
        FakeAnswer answer {.status = code};
        answer.steps.push_back({.kind = Step::Kind::Data, .data = std::move(body)});
        return answer;
    }
    static FakeAnswer stream() { return {.headers = {{"content-type", "text/event-stream"}}}; }
    FakeAnswer &&data(std::string bytes, gateway::Duration after = {}) &&
    {
        steps.push_back({.kind = Step::Kind::Data, .after = after, .data = std::move(bytes)});
        return std::move(*this);
    }
    FakeAnswer &&fails(gateway::Error error, gateway::Duration after = {}) &&
    {
        steps.push_back({.kind = Step::Kind::Fail, .after = after, .error = std::move(error)});
        return std::move(*this);
    }
    FakeAnswer &&waits(gateway::Duration beforeHead) &&
    {
        headAfter = beforeHead;
        return std::move(*this);
    }
};

class FakeUpstreamCall final : public gateway::pipeline::UpstreamCall
{
public:
    FakeUpstreamCall(FakeAnswer answer, tests::FakeClock &clock, gateway::pipeline::UpstreamLimits limits, gateway::pipeline::CancelSource &cancel)
        : m_answer(std::move(answer)), m_clock(clock), m_limits(limits), m_cancel(cancel), m_nextAt(clock.steadyNow() + m_answer.headAfter)
    {
        m_head.status = m_answer.status;
        for (const auto &[name, value] : m_answer.headers)
            m_head.headers.push_back({name, value});
    }
    gateway::pipeline::Task<gateway::Result<bool>> readHead(gateway::SteadyTime wake) override
    {
        gateway::Result<bool> there = await(wake);
        if (there && *there)
            m_nextAt = m_clock.steadyNow() + (m_answer.steps.empty() ? gateway::Duration {} : m_answer.steps.front().after);
        co_return there;
    }
    [[nodiscard]] const gateway::pipeline::UpstreamHead &head() const override { return m_head; }
    gateway::pipeline::Task<gateway::Result<gateway::pipeline::UpstreamBytes>> read(gateway::SteadyTime wake) override
    {
        using Kind = gateway::pipeline::UpstreamBytes::Kind;
        const gateway::Result<bool> there = await(wake);
        if (!there)
            co_return std::unexpected(there.error());
        gateway::pipeline::UpstreamBytes bytes;
        if (!*there) {
            bytes.kind = Kind::Woken;
            co_return bytes;
        }
        if (m_at >= m_answer.steps.size())
            co_return bytes; // the end
        const FakeAnswer::Step &step = m_answer.steps[m_at++];
        m_nextAt = m_clock.steadyNow() + (m_at < m_answer.steps.size() ? m_answer.steps[m_at].after : gateway::Duration {});
        if (step.kind == FakeAnswer::Step::Kind::Fail)
            co_return std::unexpected(step.error);
        if (step.kind == FakeAnswer::Step::Kind::Data) {
            bytes.kind = Kind::Data;
            bytes.data = step.data;
        }
        co_return bytes;
    }
    void expectBy(std::optional<gateway::SteadyTime> moment) override { m_expectBy = moment; }

private:
    /// Moves the clock to whatever comes first: true: the next step.
    gateway::Result<bool> await(gateway::SteadyTime wake)
    {
        if (m_cancel.cancelled())
            return gateway::fail(gateway::ErrorCode::Cancelled, "cancelled");
        const gateway::SteadyTime firstByte = m_expectBy.value_or(gateway::pipeline::never);
        const gateway::SteadyTime until = std::min({m_nextAt, wake, firstByte, m_limits.deadline});
        if (until > m_clock.steadyNow())
            m_clock.advance(until - m_clock.steadyNow());
        if (m_nextAt <= until)
            return true;
        if (m_limits.deadline <= until)
            return gateway::fail(gateway::ErrorCode::TotalTimeout, "total");
        if (firstByte <= until)
            return gateway::fail(gateway::ErrorCode::FirstByteTimeout, "first byte");
        return false;
    }

    FakeAnswer m_answer;
    tests::FakeClock &m_clock;
    gateway::pipeline::UpstreamLimits m_limits;
    gateway::pipeline::CancelSource &m_cancel;
    gateway::pipeline::UpstreamHead m_head;
    gateway::SteadyTime m_nextAt;
    std::optional<gateway::SteadyTime> m_expectBy;
    std::size_t m_at = 0;
};

class FakeUpstream final : public gateway::pipeline::Upstream
{
public:
    explicit FakeUpstream(tests::FakeClock &clock) : m_clock(clock) {}

    std::deque<FakeAnswer> answers;                ///< one for each call; the last one repeats
    std::vector<std::string> asked {};             ///< head and body of each call
    std::vector<gateway::SteadyTime> askedAt {};
    std::function<void()> onStart {};              ///< for throwing, or for the caller to leave

    gateway::pipeline::Task<gateway::Result<std::unique_ptr<gateway::pipeline::UpstreamCall>>> start(gateway::pipeline::UpstreamRequest request,
                                                                                                     gateway::pipeline::CancelSource &cancel) override
    {
        std::string all(std::string_view(request.head));
        for (const std::string_view piece : request.body)
            all += piece;
        asked.push_back(std::move(all));
        askedAt.push_back(m_clock.steadyNow());
        if (onStart)
            onStart();
        FakeAnswer answer = answers.front();
        if (answers.size() > 1)
            answers.pop_front();
        if (answer.refused)
            co_return std::unexpected(*answer.refused);
        std::unique_ptr<gateway::pipeline::UpstreamCall> call = std::make_unique<FakeUpstreamCall>(std::move(answer), m_clock, request.limits, cancel);
        co_return call;
    }

private:
    tests::FakeClock &m_clock;
};

/// Pauses by moving the clock.
class FakeTimers final : public gateway::pipeline::Timers
{
public:
    explicit FakeTimers(tests::FakeClock &clock) : m_clock(clock) {}
    std::vector<gateway::Duration> pauses {};

    gateway::pipeline::Task<bool> pause(gateway::Duration duration, gateway::pipeline::CancelSource &cancel) override
    {
        pauses.push_back(duration);
        if (!cancel.cancelled())
            m_clock.advance(duration);
        co_return !cancel.cancelled();
    }
    void post(std::move_only_function<void()> job) override { m_posted.push_back(std::move(job)); }
    /// What was posted, and what that posts.
    void runPosted()
    {
        for (; !m_posted.empty(); m_posted.pop_front())
            m_posted.front()();
    }

private:
    tests::FakeClock &m_clock;
    std::deque<std::move_only_function<void()>> m_posted;
};

/// A caller that keeps what it gets.
class FakeCaller final : public gateway::pipeline::CallerStream
{
public:
    int replies = 0;                     ///< send() or begin(): exactly one is right
    int status = 0;
    std::string headers {};
    std::string body {};
    bool ended = false;
    bool wasCut = false;
    std::function<void(FakeCaller &)> onWrite {}; ///< after each write

    void leave()
    {
        m_gone = true;
        if (m_onGone)
            m_onGone();
    }

    gateway::pipeline::Task<bool> send(const gateway::pipeline::HttpHead &head, std::string_view bytes) override
    {
        take(head, bytes);
        ended = true;
        co_return !m_gone;
    }
    gateway::pipeline::Task<bool> begin(const gateway::pipeline::HttpHead &head, std::string_view first) override
    {
        take(head, first);
        co_return !m_gone;
    }
    gateway::pipeline::Task<bool> write(std::string_view bytes) override
    {
        body += bytes;
        if (onWrite)
            onWrite(*this);
        co_return !m_gone;
    }
    gateway::pipeline::Task<bool> end(std::string_view last) override
    {
        body += last;
        ended = true;
        co_return !m_gone;
    }
    void cut() override { wasCut = true; }
    gateway::pipeline::Task<std::unique_ptr<gateway::pipeline::Tunnel>> join(std::string_view, std::unique_ptr<gateway::pipeline::UpstreamCall>, gateway::pipeline::CancelSource &) override
    {
        co_return nullptr; // there is no connection that could be joined
    }
    void onGone(std::move_only_function<void()> gone) override { m_onGone = std::move(gone); }
    [[nodiscard]] bool gone() const override { return m_gone; }

private:
    void take(const gateway::pipeline::HttpHead &head, std::string_view bytes)
    {
        ++replies;
        status = head.status;
        headers = head.headers;
        body += bytes;
        if (onWrite)
            onWrite(*this);
    }

    bool m_gone = false;
    std::move_only_function<void()> m_onGone;
};

} // namespace support
