// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/range_zoom.h"

namespace ui::bridge {

std::int64_t secondsOf(const RangeChoice &range)
{
    return range.moving() ? range.lastSeconds : std::chrono::duration_cast<std::chrono::seconds>(range.to - range.from).count();
}

RangeZoom &RangeZoom::of(ViewContext &view)
{
    auto *zoom = view.findChild<RangeZoom *>(QString(), Qt::FindDirectChildrenOnly);
    return zoom ? *zoom : *new RangeZoom(view);
}

RangeZoom::RangeZoom(ViewContext &view) : QObject(&view), m_view(view)
{
    connect(&m_view, &ViewContext::rangeChanged, this, [this] {
        if (!m_going)
            m_before.clear();
        Q_EMIT changed();
    });
}

void RangeZoom::zoomTo(gateway::WallTime from, gateway::WallTime to)
{
    constexpr qsizetype mostSteps = 50;
    const RangeChoice range {0, from, to};
    if (range == m_view.range() || to <= from)
        return;
    m_before.append(m_view.range());
    if (m_before.size() > mostSteps)
        m_before.removeFirst();
    go(range);
}

void RangeZoom::zoomOut()
{
    if (!m_before.isEmpty())
        go(m_before.takeLast());
}

void RangeZoom::go(const RangeChoice &range)
{
    m_going = true;
    m_view.setRange(range);
    m_going = false;
}

} // namespace ui::bridge
