// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/upstream_slots.h"

namespace gateway::net {

bool UpstreamSlots::Slot::take(int limit)
{
    int open = m_open.load(std::memory_order_seq_cst);
    while (open < limit) {
        if (m_open.compare_exchange_weak(open, open + 1, std::memory_order_seq_cst))
            return true;
    }
    return false;
}

void UpstreamSlots::Slot::give()
{
    m_open.fetch_sub(1, std::memory_order_seq_cst);
    wakeOne();
}

void UpstreamSlots::Slot::wakeOne()
{
    if (m_waiters.load(std::memory_order_seq_cst) == 0)
        return;
    std::function<void()> tell;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_waiting.empty())
            return;
        tell = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_waiters.fetch_sub(1, std::memory_order_relaxed);
    }
    tell();
}

void UpstreamSlots::Slot::await(std::function<void()> tell)
{
    const std::scoped_lock lock(m_mutex);
    m_waiting.push_back(std::move(tell));
    m_waiters.fetch_add(1, std::memory_order_seq_cst);
}

std::shared_ptr<UpstreamSlots::Slot> UpstreamSlots::of(const std::string &pool)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_slots, [](const auto &entry) { return entry.second.expired(); });
    std::weak_ptr<Slot> &known = m_slots[pool];
    std::shared_ptr<Slot> slot = known.lock();
    if (!slot) {
        slot = std::make_shared<Slot>();
        known = slot;
    }
    return slot;
}

} // namespace gateway::net
