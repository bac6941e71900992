// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/privacy/repair_answerer.h"

#include "gateway/pipeline/exchange.h"

#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;

/// Not a coroutine itself: a call whose answer nobody checks pays nothing.
Task<Result<void>> RepairAnswerer::answer(Exchange &x)
{
    return x.check ? answerTwice(x) : m_next->answer(x);
}

Task<Result<void>> RepairAnswerer::answerTwice(Exchange &x)
{
    Result<void> answered = co_await m_next->answer(x);
    if (!answered || x.replied || !x.check || !x.check->wantsAnother())
        co_return answered;
    if (Result<> asked = x.check->askAgain(); !asked)
        co_return std::unexpected(std::move(asked.error()));
    answered = co_await m_next->answer(x);
    co_return answered;
}

} // namespace gateway::stages
