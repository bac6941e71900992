// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::pipeline {

/// A whole answer that the gateway itself makes.
struct Reply
{
    int status = 200;
    std::string_view contentType = "application/json"; ///< text that lives as long as the program
    std::string headers {};                            ///< further lines, each "name: value\r\n"
    std::string body {};
    std::optional<Error> error {};                     ///< why, where it is a refusal: for the call's record
};

/// What a stage says: go on, or answer this.
class Verdict
{
public:
    static Verdict proceed() { return {}; }
    static Verdict reply(Reply reply)
    {
        Verdict verdict;
        verdict.m_reply = std::move(reply);
        return verdict;
    }
    /// The runner writes it in the caller's format; the status is that of the error's class.
    /// @param retryAfter  when it is worth trying again; nullopt: nobody knows
    static Verdict refuse(Error error, std::optional<Duration> retryAfter = std::nullopt)
    {
        Verdict verdict;
        verdict.m_error = std::move(error);
        verdict.m_retryAfter = retryAfter;
        return verdict;
    }

    /// The gateway's control thread has the answer: it is asked for what this call's path names, for its key.
    static Verdict ask()
    {
        Verdict verdict;
        verdict.m_asks = true;
        return verdict;
    }

    [[nodiscard]] bool isProceed() const { return !m_reply && !m_error && !m_asks; }
    [[nodiscard]] bool asks() const { return m_asks; }
    [[nodiscard]] std::optional<Reply> &reply() { return m_reply; }
    [[nodiscard]] std::optional<Error> &error() { return m_error; }
    [[nodiscard]] std::optional<Duration> retryAfter() const { return m_retryAfter; }

private:
    std::optional<Reply> m_reply;
    std::optional<Error> m_error;
    std::optional<Duration> m_retryAfter;
    bool m_asks = false;
};

} // namespace gateway::pipeline
