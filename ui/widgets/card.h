// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/button.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QVBoxLayout>

class QMenu;

namespace ui::widgets {

/// A surface with a 1 px line border, radius 6, and a 40 px header: title, unit, and at the right what is added
/// (legend, buttons, the ⋯ menu). Content goes into body().
class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(const QString &title = {}, const QString &unit = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setUnit(const QString &unit);
    void setHeaderVisible(bool visible);
    void setAccented(bool accented);          ///< accent border: the step that waits, the chosen card
    void addToHeader(QWidget *widget);        ///< at the right, before the menu
    QMenu *menu();                            ///< made, with its ⋯ button, at the first call
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    [[nodiscard]] QWidget *header() const { return m_header; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *m_header;
    QHBoxLayout *m_headerLayout;
    class Label *m_title;
    class Label *m_unit;
    QVBoxLayout *m_body;
    QMenu *m_menu = nullptr;
    bool m_accented = false;
};

/// A plain area in a role's colour (surface by default), optionally with a 1 px line at an edge. Panes' side columns.
class Panel : public QWidget
{
    Q_OBJECT
public:
    explicit Panel(Role role = Role::Surface, Qt::Edges lines = {}, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Role m_role;
    Qt::Edges m_lines;
};

} // namespace ui::widgets
