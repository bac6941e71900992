// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/bridge/view_context.h"
#include "ui/panes/settings/chain_view.h"

class QHBoxLayout;

namespace ui::widgets {
class Button;
class Label;
class SectionBanner;
class StateLabel;
}

namespace ui::settings {

/// Whether the audit log is as it was written: the chain, words, and Check now; where it breaks, what to do about it.
class ChainBar final : public QWidget
{
    Q_OBJECT
public:
    ChainBar(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);
    void check();
    [[nodiscard]] bool checked() const { return m_checked; } ///< once at least
    void addButton(QWidget *button); ///< at the end of the line

Q_SIGNALS:
    void brokenAt(quint64 entry); ///< 0: it is whole

private:
    void take(const gateway::AuditCheck &found);

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    ChainView *m_chain;
    widgets::StateLabel *m_words;
    widgets::Label *m_when;
    widgets::Button *m_now;
    widgets::SectionBanner *m_trouble;
    QHBoxLayout *m_line;
    bool m_checked = false;
};

} // namespace ui::settings
