// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::pipeline {

struct Exchange;

/// Changes a provider's answer on its way to the caller, in the caller's format: one body, or the events of a stream. One for
/// each call, on its worker; never waits.
class AnswerFilter
{
public:
    virtual ~AnswerFilter() = default;
    /// A whole answer. @param out  what goes on in its place is added to it
    /// @return an error where nothing of it may go on
    virtual Result<> whole(std::string_view body, std::string &out) = 0;
    /// More of a stream, cut anywhere. What cannot be told yet is held back; a comment never is.
    virtual Result<> piece(std::string_view bytes, std::string &out) = 0;
    /// The stream ends here: what is held back goes on, or not at all.
    virtual Result<> finish(std::string &out) = 0;
    /// One that does the same for a copy of the call (Exchange::Purpose::Shadow), which outlives it; null: the copy needs none.
    [[nodiscard]] virtual std::unique_ptr<AnswerFilter> forCopy(Exchange &copy) const = 0;
};

/// Sees a provider's answer as it is kept and logged. One for each call, on its worker.
class AnswerTap
{
public:
    virtual ~AnswerTap() = default;
    virtual void whole(std::string_view body) = 0;
    virtual void piece(std::string_view bytes) = 0;
    /// The stream has come to its end, with `last` as its last bytes. Not called for one that was cut.
    virtual void end(std::string_view last) = 0;
};

} // namespace gateway::pipeline
