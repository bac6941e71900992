// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/pipeline/reply.h"
#include "gateway/pipeline/task.h"

#include <memory>
#include <vector>

namespace gateway::pipeline {

struct Exchange;

/// Decides one thing about a call before it goes out. One object for each worker; may keep what it likes of its own,
/// and nothing of the call. Never waits.
class Stage
{
public:
    virtual ~Stage() = default;
    virtual Verdict onRequest(Exchange &x) = 0;
};

/// Gets the call answered: attempts upstream, relay to the caller (stages/attempts).
class Answerer
{
public:
    virtual ~Answerer() = default;
    /// @return nothing once the caller has a reply, be it whole, cut, or cancelled by the caller itself; or the error
    ///         that the caller is still to be told
    virtual Task<Result<void>> answer(Exchange &x) = 0;
};

/// Closes a call's books: usage, price, figures, the record (stages/account).
class Accountant
{
public:
    virtual ~Accountant() = default;
    /// Prices the call and pushes its record; does nothing the second time. Runs before the last byte goes to the
    /// caller, so that its next call sees the outcome; or from the guard, when the call ends otherwise.
    virtual void settle(Exchange &x) noexcept = 0;
    /// As settle(); with durability strict it also waits until the record is stored, at most two seconds (G01, G02);
    /// relaxed, while the log is behind, at most one.
    virtual Task<void> settleDurably(Exchange &x) = 0;
    /// The log does not keep up: end calls by settleDurably(), so that it can.
    [[nodiscard]] virtual bool logBehind() const noexcept { return false; }
};

/// All that a Runner runs, in order. Made by stages/stage_table.h.
struct StageList
{
    std::vector<std::unique_ptr<Stage>> stages;
    std::unique_ptr<Answerer> attempts;
    std::unique_ptr<Accountant> account;
};

} // namespace gateway::pipeline
