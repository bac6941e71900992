// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/reports/sheet_pieces.h"

#include "gateway/core/error.h"
#include "gateway/core/report_sheet.h"

#include <QImage>
#include <QString>

namespace ui::reports {

/// A report on A4 pages: vectors and text, the same on paper, in a PDF and as a picture. Needs a QGuiApplication; on its thread.
class SheetPages
{
public:
    explicit SheetPages(const gateway::ReportSheet &sheet);
    SheetPages(const SheetPages &) = delete;
    SheetPages &operator=(const SheetPages &) = delete;

    [[nodiscard]] int count() const { return int(m_pages.size()); }
    /// @param pixelsAPoint  how large: 1 is 595 by 842 pixels
    [[nodiscard]] QImage picture(int page, double pixelsAPoint) const;
    /// A PDF's bytes. Errors: Io
    [[nodiscard]] gateway::Result<std::string> pdf() const;

private:
    struct Placed
    {
        const Piece *piece;
        double top;
    };
    void arrange();
    void paint(QPainter &painter, int page) const; ///< in the units of sheet_ink.h

    QString m_title, m_footer;
    std::vector<Piece> m_pieces;
    std::vector<std::vector<Placed>> m_pages;
};

} // namespace ui::reports
