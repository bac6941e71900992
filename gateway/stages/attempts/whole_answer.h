// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"
#include "gateway/stages/attempts/attempt_book.h"
#include "gateway/stages/attempts/attempt_end.h"
#include "gateway/stages/attempts/keepalive.h"

#include <cstddef>
#include <string>

namespace gateway::stages {

/// Reads an answer that is no stream to its end, and passes it on only if it is one: errors, HTML, cut-off JSON and
/// empty bodies are failures of the attempt (faults.md F13 to F18).
class WholeAnswer
{
public:
    WholeAnswer(pipeline::Exchange &x, AttemptBook &book, pipeline::UpstreamCall &call, Keepalive &alive)
        : m_x(x), m_book(book), m_call(call), m_alive(alive)
    {
    }
    pipeline::Task<AttemptEnd> run();

private:
    pipeline::Task<Result<void>> read(std::size_t atMost);
    pipeline::Task<AttemptEnd> answer();
    AttemptEnd refusal();
    AttemptEnd failed(AttemptEnd end);

    pipeline::Exchange &m_x;
    AttemptBook &m_book;
    pipeline::UpstreamCall &m_call;
    Keepalive &m_alive;
    std::string m_body;
    SteadyTime m_headAt {};
};

} // namespace gateway::stages
