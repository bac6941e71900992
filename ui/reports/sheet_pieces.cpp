// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reports/sheet_pieces.h"

#include "ui/reports/sheet_ink.h"

#include <algorithm>

namespace ui::reports {

namespace {

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

Piece textPiece(const QString &text, const QFont &font, Ink ink, double width, double before, double after)
{
    Piece piece {.height = before + wrappedHeight(width, text, font) + after};
    piece.paint = [=](QPainter &painter, double top) { drawWrapped(painter, {0, top + before, width, piece.height}, text, font, ink); };
    return piece;
}

class Layout
{
public:
    explicit Layout(double width, std::vector<Piece> &pieces) : m_width(width), m_pieces(pieces) {}

    void operator()(const gateway::SheetTitle &title)
    {
        Piece piece = textPiece(qt(title.text), fontOf(18, true), Ink::Text, m_width, 0, 0);
        piece.newPage = title.newPage;
        piece.withNext = true;
        m_pieces.push_back(std::move(piece));
        if (title.under.empty())
            return;
        m_pieces.push_back(textPiece(qt(title.under), fontOf(10), Ink::Muted, m_width, 2 * point, 0));
        m_pieces.back().withNext = true;
    }
    void operator()(const gateway::SheetText &text)
    {
        const bool headline = text.kind == gateway::SheetText::Kind::Headline, note = text.kind == gateway::SheetText::Kind::Note;
        m_pieces.push_back(textPiece(qt(text.text), fontOf(headline ? 12.5 : note ? 9 : 10, headline), note ? Ink::Muted : Ink::Text, m_width, (headline ? 12 : 4) * point, (headline ? 8 : 4) * point));
    }
    void operator()(const gateway::SheetTiles &tiles) { addTiles(tiles, m_width, m_pieces); }
    void operator()(const gateway::SheetBars &bars) { addBars(bars, m_width, m_pieces); }
    void operator()(const gateway::SheetTable &table) { addTable(table, m_width, m_pieces); }

private:
    double m_width;
    std::vector<Piece> &m_pieces;
};

// --- tiles

constexpr std::size_t tilesARow = 4;
constexpr double tileHeight = 52 * point, tileGap = 6 * point, tilePadding = 7 * point;

void paintTile(QPainter &painter, const QRectF &where, const gateway::SheetTile &tile)
{
    painter.setPen(QPen(colorOf(Ink::Grid).darker(108), 0.8 * point));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(where, 3 * point, 3 * point);
    const QRectF inside = where.adjusted(tilePadding, 5 * point, -tilePadding, -5 * point);
    const Ink tone = tile.tone == gateway::SheetTile::Tone::Good ? Ink::Good : tile.tone == gateway::SheetTile::Tone::Bad ? Ink::Bad : Ink::Muted;
    drawLine(painter, {inside.left(), inside.top(), inside.width(), 11 * point}, qt(tile.label), fontOf(8.2), Ink::Muted);
    drawLine(painter, {inside.left(), inside.top() + 12 * point, inside.width(), 18 * point}, qt(tile.value), fontOf(14, true), Ink::Text);
    drawLine(painter, {inside.left(), inside.top() + 31 * point, inside.width(), 11 * point}, qt(tile.change), fontOf(8.2), tone);
}

} // namespace

std::vector<Piece> piecesOf(const gateway::ReportSheet &sheet, double width)
{
    std::vector<Piece> pieces;
    Layout layout(width, pieces);
    for (const gateway::SheetBlock &block : sheet.blocks)
        std::visit(layout, block);
    return pieces;
}

void addTiles(const gateway::SheetTiles &tiles, double width, std::vector<Piece> &pieces)
{
    const double wide = (width - tileGap * (tilesARow - 1)) / tilesARow;
    for (std::size_t first = 0; first < tiles.tiles.size(); first += tilesARow) {
        const std::vector<gateway::SheetTile> row(tiles.tiles.begin() + std::ptrdiff_t(first), tiles.tiles.begin() + std::ptrdiff_t(std::min(first + tilesARow, tiles.tiles.size())));
        pieces.push_back({.height = tileHeight + tileGap, .paint = [row, wide](QPainter &painter, double top) {
            for (std::size_t i = 0; i < row.size(); ++i)
                paintTile(painter, {double(i) * (wide + tileGap), top, wide, tileHeight}, row[i]);
        }});
    }
}

} // namespace ui::reports
