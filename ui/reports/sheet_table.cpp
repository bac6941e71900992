// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reports/sheet_ink.h"
#include "ui/reports/sheet_pieces.h"

#include <algorithm>
#include <numeric>

namespace ui::reports {

namespace {

using gateway::SheetColumn;
using gateway::SheetRow;
using gateway::SheetTable;

constexpr double padding = 4 * point, rowHeight = 16 * point, titleHeight = 34 * point, headLine = 11 * point;
constexpr std::size_t keptTogether = 14; // rows

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

QFont cellFont(bool strong)
{
    return fontOf(8.8, strong);
}

QFont headFont()
{
    return fontOf(8.2, true);
}

double headWidth(const QString &title)
{
    double widest = 0;
    const QStringList words = title.split(u' ');
    for (qsizetype i = 0; i < words.size(); i += 2) // two words on a line
        widest = std::max(widest, QFontMetricsF(headFont()).horizontalAdvance(words.mid(i, 2).join(u' ')));
    return widest;
}

/// As wide as their texts want; where there is too little room, the widest of those that may be cut give way first.
std::vector<double> widthsOf(const SheetTable &table, double width)
{
    std::vector<double> widths;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        double wide = headWidth(qt(table.columns[i].title));
        for (const SheetRow &row : table.rows)
            wide = std::max(wide, QFontMetricsF(cellFont(row.strong)).horizontalAdvance(qt(row.cells[i])));
        widths.push_back(wide + 2 * padding + point);
    }
    double surplus = width - std::accumulate(widths.begin(), widths.end(), 0.0);
    if (surplus >= 0 && !widths.empty()) {
        widths.front() += surplus;
        return widths;
    }
    constexpr double step = 2 * point, least = 40 * point;
    while (surplus < 0) {
        std::size_t widest = table.columns.size();
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const SheetColumn &column = table.columns[i];
            if (!column.number && !column.whole && widths[i] > least && (widest == table.columns.size() || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest == table.columns.size())
            break; // nothing can give way: it is cut at the page's edge
        widths[widest] -= step;
        surplus += step;
    }
    return widths;
}

Qt::Alignment alignmentOf(const SheetColumn &column)
{
    return (column.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

void drawRule(QPainter &painter, double width, double y, Ink ink)
{
    painter.setPen(QPen(colorOf(ink), 0.7 * point));
    painter.drawLine(QPointF(0, y), QPointF(width, y));
}

Piece headPiece(const SheetTable &table, const std::vector<double> &widths, double width)
{
    bool twoLines = false;
    for (std::size_t i = 0; i < widths.size(); ++i)
        twoLines = twoLines || QFontMetricsF(headFont()).horizontalAdvance(qt(table.columns[i].title)) > widths[i] - 2 * padding + 1;
    const double height = (twoLines ? 2 : 1) * headLine + 4 * point;
    return {.height = height, .withNext = true, .paint = [columns = table.columns, widths, width, height](QPainter &painter, double top) {
        double x = 0;
        painter.setFont(headFont());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            painter.setPen(colorOf(Ink::Muted));
            painter.drawText(QRectF(x + padding, top, widths[i] - 2 * padding, height - 2 * point), int(columns[i].number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignBottom | Qt::TextWordWrap, qt(columns[i].title));
            x += widths[i];
        }
        drawRule(painter, width, top + height, Ink::Line);
    }};
}

Piece rowPiece(const SheetRow &row, const std::vector<SheetColumn> &columns, const std::vector<double> &widths, double width)
{
    return {.height = rowHeight, .paint = [row, columns, widths, width](QPainter &painter, double top) {
        if (row.share > 0)
            painter.fillRect(QRectF(0, top + 1.5 * point, widths.front() * std::min(row.share, 1.0), rowHeight - 3 * point), colorOf(Ink::Share));
        double x = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            drawLine(painter, {x + padding, top, widths[i] - 2 * padding, rowHeight}, qt(row.cells[i]), cellFont(row.strong), Ink::Text, alignmentOf(columns[i]));
            x += widths[i];
        }
        if (row.strong)
            drawRule(painter, width, top, Ink::Line);
        else
            drawRule(painter, width, top + rowHeight, Ink::Grid);
    }};
}

} // namespace

void addTable(const SheetTable &table, double width, std::vector<Piece> &pieces)
{
    if (table.columns.empty() || std::ranges::any_of(table.rows, [&](const SheetRow &row) { return row.cells.size() != table.columns.size(); }))
        return;
    const std::vector<double> widths = widthsOf(table, width);
    pieces.push_back({.height = titleHeight, .withNext = true, .paint = [title = qt(table.title), width](QPainter &painter, double top) {
        drawLine(painter, {0, top + 14 * point, width, 14 * point}, title, fontOf(11, true), Ink::Text);
    }});
    const auto head = std::make_shared<const Piece>(headPiece(table, widths, width));
    pieces.push_back(*head);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        Piece row = rowPiece(table.rows[i], table.columns, widths, width);
        row.head = head;
        // A short table is on one page; of others no row is alone on one, nor the sum.
        row.withNext = i + 1 < table.rows.size() && (table.rows.size() <= keptTogether || i == 0 || i + 2 == table.rows.size());
        pieces.push_back(std::move(row));
    }
}

} // namespace ui::reports
