// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/privacy/rules_model.h"
#include "ui/widgets/table_view.h"

namespace ui::privacy {

/// Rules or guardrails as a table whose rows are dragged, or moved with Alt+Up and Alt+Down.
class RulesTable final : public widgets::TableView
{
    Q_OBJECT
public:
    explicit RulesTable(RulesModel *model, QWidget *parent = nullptr);

    [[nodiscard]] int currentRow() const { return currentIndex().row(); }
    void choose(int row);

Q_SIGNALS:
    void chosen(int row);
    void moveWanted(int from, int to); ///< by keys
    void hitsWanted(int row);          ///< the calls in which it found something
    void removeWanted();
    void switchWanted();               ///< on, or off
    void addWanted();
    void editWanted();                 ///< the inspector is to have the keys

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void click(const QModelIndex &index);

    RulesModel *m_model;
};

} // namespace ui::privacy
