// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/state/call_queue.h"

#include <algorithm>

namespace gateway::state {

CallQueue::Place::~Place()
{
    m_queue.leave(*this);
}

bool CallQueue::Place::isFront() const
{
    const std::scoped_lock lock(m_queue.m_mutex);
    return m_queue.m_lines.at(m_line).front == this;
}

void CallQueue::Place::listen(Tell tell)
{
    const std::scoped_lock lock(m_queue.m_mutex);
    m_tell = std::move(tell);
    if (m_news)
        CallQueue::tell(*this);
}

std::unique_ptr<CallQueue::Place> CallQueue::enter(std::uint64_t lineId, std::uint64_t caller, int most)
{
    std::unique_ptr<Place> place(new Place(*this, lineId, caller)); // outlives the lock: it takes it where it leaves
    const std::scoped_lock lock(m_mutex);
    const auto there = m_lines.find(lineId);
    if (most <= 0 || (there != m_lines.end() && there->second.size >= most)) {
        m_turnedAway.fetch_add(1, std::memory_order_relaxed);
        return nullptr;
    }
    Line &line = m_lines[lineId];
    const auto known = std::ranges::find(line.callers, caller, &Caller::id);
    (known == line.callers.end() ? line.callers.emplace_back(Caller {.id = caller, .calls = {}}) : *known).calls.push_back(place.get());
    place->m_in = true;
    ++line.size;
    m_waiting.fetch_add(1);
    if (!line.front)
        callNext(line);
    return place;
}

bool CallQueue::hasWaiting(std::uint64_t line) const
{
    if (m_waiting.load() == 0)
        return false;
    const std::scoped_lock lock(m_mutex);
    return m_lines.contains(line);
}

void CallQueue::roomMade()
{
    if (m_waiting.load() == 0)
        return;
    const std::scoped_lock lock(m_mutex);
    for (auto &[id, line] : m_lines) {
        if (line.front)
            tell(*line.front);
    }
}

void CallQueue::leave(Place &place)
{
    const std::scoped_lock lock(m_mutex);
    if (!place.m_in)
        return;
    const auto found = m_lines.find(place.m_line);
    Line &line = found->second;
    const auto caller = std::ranges::find(line.callers, place.m_caller, &Caller::id);
    std::erase(caller->calls, &place);
    m_waiting.fetch_sub(1);
    if (--line.size == 0) {
        m_lines.erase(found);
        return;
    }
    const bool wasFront = line.front == &place;
    if (caller->calls.empty())
        line.callers.erase(caller);
    else if (wasFront) // its turn is over: the others come first
        line.callers.splice(line.callers.end(), line.callers, caller);
    if (wasFront)
        callNext(line);
}

void CallQueue::callNext(Line &line)
{
    line.front = line.callers.front().calls.front();
    tell(*line.front);
}

/// Once for each listen(); what comes in between is remembered.
void CallQueue::tell(Place &place)
{
    place.m_news = !place.m_tell;
    if (Tell told = std::exchange(place.m_tell, nullptr))
        told();
}

} // namespace gateway::state
