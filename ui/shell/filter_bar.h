// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QMenu;

namespace gateway::api {
class Gateway;
}

namespace ui::bridge {
class ViewContext;
}

namespace ui::widgets {
class Button;
class FilterEdit;
}

namespace ui::shell {

/// The filter of all panes that have one, the saved filters, and at the right what the pane adds. 44 px.
class FilterBar final : public QWidget
{
    Q_OBJECT
public:
    FilterBar(gateway::api::Gateway *gateway, bridge::ViewContext *view, QWidget *parent = nullptr);
    void setHint(const QString &hint);
    void showExtras(const QString &pane, const QList<QWidget *> &widgets); ///< taken over at the first call for a pane
    void showExtras(const QString &pane);
    [[nodiscard]] bool hasExtras(const QString &pane) const { return m_extras.contains(pane); }
    void focusFilter();

    struct Saved
    {
        QString name, text;
    };
    void setSaved(const QList<Saved> &saved);
    [[nodiscard]] const QList<Saved> &saved() const { return m_savedFilters; }

Q_SIGNALS:
    void savedChanged();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void fillSavedMenu();
    void showSavedName();

    bridge::ViewContext *m_view;
    widgets::FilterEdit *m_filter;
    widgets::Button *m_saved;
    QMenu *m_menu;
    QHBoxLayout *m_row;
    QHash<QString, QList<QWidget *>> m_extras;
    QList<Saved> m_savedFilters;
};

} // namespace ui::shell
