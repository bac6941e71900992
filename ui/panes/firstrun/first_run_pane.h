// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"

class QScrollArea;
class QTimer;
class QVBoxLayout;

namespace ui::widgets {
class Button;
}

namespace ui::firstrun {

class CallStep;
class KeyStep;
class ProviderStep;
class WaitingCard;

/// From nothing to the first call, on one page (ui.md section 3): a provider, a key, the call, and the wait for it. Nothing
/// is locked and all can be skipped; coming back goes on from what is configured.
class FirstRunPane final : public panes::Pane
{
    Q_OBJECT
public:
    explicit FirstRunPane(const panes::PaneContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Make the first call"); }

protected:
    void resizeEvent(QResizeEvent *event) override;
    void activated() override;
    void deactivated() override;

private:
    void setUpPage();
    [[nodiscard]] QWidget *makeTitle();
    [[nodiscard]] QWidget *makeFooter();
    void showModelAndKey();
    void lookForCall();
    void showCall(const gateway::CallRecord &record);

    ProviderStep *m_provider;
    KeyStep *m_key;
    CallStep *m_call;
    WaitingCard *m_waiting;
    widgets::Button *m_open;
    widgets::Button *m_fallback;
    QTimer *m_tick;
    QVBoxLayout *m_margins;
    std::optional<gateway::WallTime> m_from; ///< calls before it are not the first of this page
    QString m_callId, m_route;
};

} // namespace ui::firstrun
