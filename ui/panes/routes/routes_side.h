// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/new_nodes.h"
#include "ui/widgets/card.h"

class QListView;

namespace ui::widgets {
class EmptyState;
class Label;
class SearchField;
}

namespace ui::routes {

class Outline;
class RouteListModel;

/// The left column: the routes, found and made, and below them the chosen one as a tree.
class RoutesSide final : public widgets::Panel
{
    Q_OBJECT
public:
    RoutesSide(RouteListModel &model, QWidget *parent);

    [[nodiscard]] Outline *outline() const { return m_outline; }
    [[nodiscard]] QWidget *list() const;
    void setNote(const QString &note);     ///< beside the outline's heading: "draft", "live"
    void choose(int configIndex);
    void focusSearch();
    void clearSearch();
    void fitList();                         ///< after the number of routes or the height changed

Q_SIGNALS:
    void chosen(int configIndex);
    void newWanted(ui::routes::Template form);
    void searched();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpSearch(class QVBoxLayout *column);
    void setUpList(class QVBoxLayout *column);
    void setUpOutline(class QVBoxLayout *column);

    RouteListModel &m_model;
    QListView *m_list;
    widgets::SearchField *m_search;
    widgets::EmptyState *m_nothingFound;
    Outline *m_outline;
    widgets::Label *m_note;
};

} // namespace ui::routes
