// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/card.h"

#include <optional>

namespace ui::widgets {
class Label;
class StateLabel;
}

namespace ui::firstrun {

class PulseDot;

/// Step 4: waits for the first call, and says at once what came instead of it.
class WaitingCard final : public widgets::Card
{
    Q_OBJECT
public:
    WaitingCard(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);

    /// Begins to wait; counts from now.
    void begin();
    void end();   ///< the page was left: counts begin anew
    /// Looks at what has arrived; called a few times a second.
    void tick();
    void showCall(const gateway::CallRecord &record);
    [[nodiscard]] bool waiting() const { return m_since && !m_arrived; }
    [[nodiscard]] bool arrived() const { return m_arrived; }

private:
    void setUpParts();
    void showArrivals();
    void showHelp(bool late);
    [[nodiscard]] QString address() const;

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    PulseDot *m_dot;
    widgets::Label *m_title;
    widgets::Label *m_sub;
    widgets::Label *m_elapsed;
    QWidget *m_counts;
    widgets::StateLabel *m_listener;
    widgets::StateLabel *m_connections;
    widgets::StateLabel *m_wrongKeys;
    widgets::Label *m_later;
    widgets::Label *m_help;
    gateway::api::ArrivalCounts m_before; ///< what had arrived when the page began to look
    std::optional<gateway::WallTime> m_since;
    bool m_arrived = false;
};

} // namespace ui::firstrun
