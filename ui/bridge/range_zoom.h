// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/view_context.h"

#include <QList>

namespace ui::bridge {

/// How long a range is.
std::int64_t secondsOf(const RangeChoice &range);

/// The way back from looking closer: each zoom is a step, and zoomOut() takes one back. A range that is chosen anew is no zoom, and
/// forgets the steps. One for each ViewContext, and a child of it; GUI thread.
class RangeZoom final : public QObject
{
    Q_OBJECT
public:
    static RangeZoom &of(ViewContext &view);

    void zoomTo(gateway::WallTime from, gateway::WallTime to); ///< a part of what is seen, or more around it
    void zoomOut();
    [[nodiscard]] bool zoomed() const { return !m_before.isEmpty(); }

Q_SIGNALS:
    void changed(); ///< zoomed(), perhaps

private:
    explicit RangeZoom(ViewContext &view);
    void go(const RangeChoice &range);

    ViewContext &m_view;
    QList<RangeChoice> m_before; ///< the last one is the next to go back to
    bool m_going = false;
};

} // namespace ui::bridge
