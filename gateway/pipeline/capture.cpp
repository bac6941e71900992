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

void Capture::keep(std::string_view bytes, std::string &kept, bool &cut)
{
    if (!m_on || bytes.empty())
        return;
    const std::size_t taken = std::min(bytes.size(), m_maxBody - kept.size());
    if (taken < bytes.size())
        cut = true;
    if (taken > 0 && reserve(taken))
        kept.append(bytes.substr(0, taken));
}

void Capture::asked(std::string_view bytes)
{
    keep(bytes, m_bodies.request, m_bodies.requestCut);
}

void Capture::answer(std::string_view bytes)
{
    keep(bytes, m_bodies.answer, m_bodies.answerCut);
}

void Capture::sent(std::string body)
{
    m_bodies.sent.clear();
    m_bodies.received.clear();
    m_bodies.sentCut = m_bodies.receivedCut = false;
    keep(body, m_bodies.sent, m_bodies.sentCut);
}

void Capture::received(std::string_view bytes)
{
    if (m_keepsReceived)
        keep(bytes, m_bodies.received, m_bodies.receivedCut);
}

CapturedBodies Capture::take()
{
    if (m_on && !m_request.empty())
        m_bodies.request.assign(m_request);
    m_on = false;
    m_share.release();
    return std::exchange(m_bodies, {});
}

} // namespace gateway::pipeline
