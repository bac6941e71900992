// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "ui/panes/pane.h"

#include <QObject>

#include <functional>

class QMenu;

namespace ui::widgets {
class Button;
class SelectionBar;
}

namespace ui::calls {

class CallInspector;
class CallMarks;
class CallTable;

/// What is done with calls that are chosen in the list, or with the one that is inspected: marked, compared, replayed and copied
/// as code; by keys, from a cell's menu, from the bar of the selection and from the inspector. GUI thread.
class CallActions final : public QObject
{
    Q_OBJECT
public:
    /// @param pane  whose keys these are; owns this
    CallActions(const panes::PaneContext &context, CallTable *table, CallInspector *inspector, widgets::SelectionBar *bar, QWidget *pane);

    [[nodiscard]] QList<panes::PaletteEntry> paletteEntries();

private:
    using Text = QString (*)(const gateway::CallRecord &, const gateway::api::Gateway &);

    void bind(QWidget *pane, const QKeySequence &keys, std::function<void()> run);
    void setUpMarks(widgets::SelectionBar *bar, QWidget *pane);
    void fillMenu(QMenu *menu, const QStringList &ids);
    void fillColours(QMenu *menu, const QStringList &ids);
    void comment(const QString &id);
    void copy(const QString &id, Text text, const QString &said);
    void compare(const QStringList &ids);
    void replay(const QString &id);
    /// Those that are selected; where none is, the one that is inspected.
    [[nodiscard]] QStringList chosen() const;
    [[nodiscard]] QString one() const;  ///< that is meant where only one can be; empty: none, or several
    void withDetail(const QString &id, std::function<void(const gateway::CallDetail &)> run);

    panes::PaneContext m_context;
    QWidget *m_pane;
    CallTable *m_table;
    CallInspector *m_inspector;
    CallMarks *m_marks;
};

} // namespace ui::calls
