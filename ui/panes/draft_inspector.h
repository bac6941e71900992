// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bridge/config_draft.h"
#include "ui/widgets/card.h"

class QCheckBox;
class QScrollArea;
class QStackedWidget;

namespace ui::widgets {
class EmptyState;
class Label;
class TabStrip;
}

namespace ui::panes {

class DraftFooter;

/// The right column of a pane that edits a draft: what is chosen, with its switch and buttons; tabs and their page; below
/// them what else is wrong with the draft, and what is not saved yet.
class DraftInspector : public widgets::Panel
{
    Q_OBJECT
public:
    void setFileName(const QString &name); ///< of what locks entries; empty: not known
    void setTab(int tab);
    [[nodiscard]] bool maySave() const;

Q_SIGNALS:
    void switchWanted(bool on);
    void removeWanted();
    void saveWanted();

protected:
    /// @param name     of the pane, and so of the parts: "alerts" makes "alerts.lock"
    /// @param nothing  sentence of the first page: that nothing is chosen
    DraftInspector(bridge::ConfigDraft &draft, const QString &name, const QStringList &tabs, const QString &nothing, QWidget *parent);

    /// Behind the pages there are. @param below  in the same scroll area; null: nothing
    QScrollArea *addPage(QWidget *page, QWidget *below = nullptr);
    /// Once all parts are made. @param head  what stands beside the title
    void layOut(const QWidgetList &head);

    /// What is on the screen, anew: after every check of the draft, and whenever something else is to be shown.
    virtual void refresh() = 0;
    void clearHead(); ///< but for the title
    void showLock(bool locked);
    void showChosen(const QString &title, bool on, bool editable);
    /// Of all but the field that is on the screen: they too keep the draft from being saved.
    void showProblemsBeside(const QString &field);

    bridge::ConfigDraft &m_draft;
    widgets::Label *m_title;
    QCheckBox *m_on;
    widgets::Button *m_remove;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    widgets::EmptyState *m_nothing;
    DraftFooter *m_footer;

private:
    QWidgetList m_head;
    widgets::Label *m_lock, *m_errors;
    QString m_file;
};

} // namespace ui::panes
