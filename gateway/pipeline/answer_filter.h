// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/task.h"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::pipeline {

struct Exchange;

/// Changes a provider's answer on its way to the caller, in the caller's format: one body, or the events of a stream. One for
/// each call, on its worker; does not wait but in ask().
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
    /// Whether somebody else has a say in the whole answer: ask() then, before the rest of it goes on.
    [[nodiscard]] virtual bool hasToAsk() const { return false; }
    /// @return an error where the rest may not go on. To be called once, after whole() or finish().
    virtual Task<Result<>> ask() { co_return Result<>(); }
    /// Whether the answer that was not let on is to be asked for once more: then its caller is not told, nothing of it has
    /// gone on, and whoever asked for it calls askAgain() and asks.
    [[nodiscard]] virtual bool wantsAnother() const { return false; }
    /// Makes the call's request ask for a better one, and begins anew.
    virtual Result<> askAgain() { return {}; }
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
