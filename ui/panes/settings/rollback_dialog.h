// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/dialog.h"

namespace ui::panes {
class ChangesView;
}

namespace ui::widgets {
class StateLabel;
}

namespace ui::settings {

/// Shows what going back to a version would change, and goes. Afterwards a toast undoes it, by going back in turn.
class RollbackDialog final : public widgets::Dialog
{
    Q_OBJECT
public:
    RollbackDialog(std::uint64_t revision, gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent);

Q_SIGNALS:
    /// It is done; what cannot be as it was, a sentence each.
    void wentBack(quint64 revision, const QStringList &lost);

private:
    void askChanges();
    void goBack();
    void allow(bool possible, const QString &why);
    static QString problemOf(const gateway::api::ApplyOutcome &outcome);

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    std::uint64_t m_revision;
    widgets::StateLabel *m_state;
    panes::ChangesView *m_changes;
    widgets::Button *m_go;
};

} // namespace ui::settings
