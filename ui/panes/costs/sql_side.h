// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/sql_schema.h"
#include "ui/panes/costs/sql_saved.h"

#include <QWidget>

#include <functional>

class QListWidget;
class QListWidgetItem;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace ui::widgets {
class TabStrip;
}

namespace ui::costs {

/// Beside the editor: what can be read, the queries that are kept, and those run lately. Enter or a double click takes one;
/// F2 renames and Del removes one that is kept.
class SqlSide final : public QWidget
{
    Q_OBJECT
public:
    enum Tab { Schema, Saved, History };

    /// @param schema, saved  outlive this
    SqlSide(const gateway::SqlSchema &schema, SqlSaved &saved, QWidget *parent = nullptr);

    void showTab(Tab tab);
    /// Keeps a query, and lets its name be typed.
    void add(const QString &text);
    void refreshHistory();

Q_SIGNALS:
    void wordChosen(const QString &word);
    void queryChosen(const QString &text);
    void removed(const QString &name, const std::function<void()> &undo);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fillSchema(const gateway::SqlSchema &schema);
    void fillSaved();
    void takeName(QListWidgetItem *item);
    void remove(int row);

    SqlSaved &m_saved;
    widgets::TabStrip *m_tabs;
    QStackedWidget *m_pages;
    QTreeWidget *m_schema;
    QListWidget *m_list, *m_history;
    QWidget *m_nothingSaved;
    bool m_filling = false;
};

} // namespace ui::costs
