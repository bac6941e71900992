// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/widgets/card.h"

#include <optional>

class QScrollArea;
class QStackedWidget;

namespace ui::panes {
class ChangesView;
}

namespace ui::widgets {
class Button;
class DiffView;
class Label;
class StateLabel;
}

namespace ui::settings {

/// One entry of the audit log: what differs, as lines that went and came. Where the configuration of then can be had, its
/// text; else what the entry itself says.
class AuditDetail final : public widgets::Panel
{
    Q_OBJECT
public:
    explicit AuditDetail(gateway::api::Gateway &gateway, QWidget *parent = nullptr);

    void setEntry(const gateway::AuditEntry &entry);
    void clear();
    [[nodiscard]] std::uint64_t number() const { return m_entry ? m_entry->row : 0; } ///< of the entry; 0: none

Q_SIGNALS:
    void goBackWanted(quint64 revision);

private:
    QWidget *makeHeader();
    void showHead();
    void showGoBack();
    void showSaid();
    void askTexts();
    void showTexts(const gateway::config::Config &before, const gateway::config::Config &after);
    void showDiff(const QString &before, const QString &after);

    gateway::api::Gateway &m_gateway;
    std::optional<gateway::AuditEntry> m_entry;
    widgets::StateLabel *m_title;
    widgets::Label *m_facts;
    widgets::Button *m_goBack;
    widgets::Label *m_sentences;
    QStackedWidget *m_stack;
    QScrollArea *m_scroll;
    widgets::DiffView *m_diff;
    panes::ChangesView *m_changes;
    quint64 m_generation = 0; ///< of the entry: answers for another one are dropped
};

} // namespace ui::settings
