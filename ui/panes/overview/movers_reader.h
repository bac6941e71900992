// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/overview/movers.h"
#include "ui/panes/pane.h"

namespace ui::overview {

/// Asks for what moved: each field of the range and of the period before. One question is out at a time, so that others get their
/// turn at the log; not more often than once a minute while nothing but time moves. GUI thread.
class MoversReader final : public QObject
{
    Q_OBJECT
public:
    MoversReader(const panes::PaneContext &context, QObject *parent);

    void ask();                                         ///< when it is due
    void forget() { m_askedFor.clear(); }               ///< it is due (F5)
    [[nodiscard]] const std::vector<Mover> &movers() const { return m_movers; }
    [[nodiscard]] const QString &problem() const { return m_problem; } ///< why they could not be read; empty: they could
    [[nodiscard]] bool known() const { return m_known; } ///< movers() were read once

Q_SIGNALS:
    void changed();

private:
    void askNext();
    void take(const gateway::Usage &usage);

    panes::PaneContext m_context;
    std::string m_askedFor;                             ///< range and filter
    gateway::WallTime m_askedAt {};
    gateway::TimeRange m_now, m_before;
    gateway::CallFilter m_filter;
    std::size_t m_at = 0;                               ///< of the questions: two a field
    gateway::Usage m_first;                             ///< the field's, of now
    std::vector<Mover> m_found, m_movers;
    QString m_problem;
    bool m_known = false;
    quint64 m_generation = 0;
};

} // namespace ui::overview
