// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/pipeline/capture.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace gateway::pipeline {

bool Capture::reserve(std::size_t bytes)
{
    if (m_share.grow(static_cast<std::int64_t>(bytes)))
        return true;
    m_on = false;
    m_share.release();
    m_request = {};
    m_bodies = {.dropped = true};
    return false;
}

void Capture::request(std::string_view body)
{
    if (!m_on)
        return;
    const std::size_t kept = std::min(body.size(), m_maxBody);
    if (!reserve(kept))
        return;
    m_request = body.substr(0, kept);
    m_bodies.requestCut = kept < body.size();
}

void Capture::answer(std::string_view bytes)
{
    if (!m_on || bytes.empty())
        return;
    const std::size_t kept = std::min(bytes.size(), m_maxBody - m_bodies.answer.size());
    if (kept < bytes.size())
        m_bodies.answerCut = true;
    if (kept > 0 && reserve(kept))
        m_bodies.answer.append(bytes.substr(0, kept));
}

CapturedBodies Capture::take()
{
    if (m_on)
        m_bodies.request.assign(m_request);
    m_on = false;
    m_share.release();
    return std::exchange(m_bodies, {});
}

} // namespace gateway::pipeline
