// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QStyledItemDelegate>
#include <QTableView>

namespace ui::widgets {

/// Row heights of the design.
enum class RowHeight { Dense = 24, List = 28, Card = 32, TwoLines = 40, Provider = 64 };

/// A flat table: whole rows are chosen, fixed row height, no grid, 28 px header. Never ResizeToContents: rows of a
/// million lines would freeze the window (ui.md section 6).
class TableView : public QTableView
{
    Q_OBJECT
public:
    explicit TableView(RowHeight height = RowHeight::Dense, QWidget *parent = nullptr);
    void setRowLines(bool lines);      ///< a 1 px line under each row, in place of alternate backgrounds
    /// The column widths in order; 0 takes what is left.
    void setColumnWidths(const QList<int> &widths);
    /// Padding at both ends of a row: 16 px by default, 12 inside cards.
    void setEdgePadding(int pixels);
    [[nodiscard]] int edgePadding() const { return m_edge; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_lines = false;
    int m_edge = 16;
};

/// What a cell may carry beside its text, for TextDelegate.
enum CellRole {
    CellRoleColor = Qt::UserRole + 1000, ///< int(Role): the text's colour
    CellIcon,                            ///< int(Icon), at the left
    CellIconRole,                        ///< int(Role) of the icon
    CellSwatch,                          ///< QColor: a square of 8 px at the left (team, series)
    CellStrong,                          ///< bool: medium weight
    CellMono,                            ///< bool
    CellSubText,                         ///< QString: a second line, 11 px muted (TwoLines, Provider)
    CellMark,                            ///< QString: provider's mark
    CellSmall,                           ///< bool: 12 px in high rows too
};

/// What is inside a cell's padding: 8 px, at the ends of a TableView's row its edge padding.
QRect cellContent(const QStyleOptionViewItem &option, const QModelIndex &index);

/// Paints text with the roles above; 12 px (13 from 32 px rows up), elided, padded as cellContent(), aligned as the model says.
class TextDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    void paintBackground(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
};

/// A bin of a health strip, from worst to best told by height and colour alike.
struct HealthBin
{
    enum class State { Silent, Ok, Warning, Failing };
    State state = State::Silent;
};

/// Paints bins of 3 px with 1 px gaps into the rectangle, right-aligned to now.
void paintHealthStrip(QPainter *painter, const QRect &where, const QList<HealthBin> &bins, const ThemeColors &colors);

/// Paints a strip: the index gives QVariant::fromValue(QList<HealthBin>) as Qt::UserRole.
class HealthStripDelegate final : public TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::widgets

Q_DECLARE_METATYPE(ui::widgets::HealthBin)
