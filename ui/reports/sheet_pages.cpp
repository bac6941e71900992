// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reports/sheet_pages.h"

#include "ui/reports/sheet_ink.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QPageLayout>
#include <QPdfWriter>

namespace ui::reports {

namespace {

constexpr double pageWidth = 595.276 * point, pageHeight = 841.89 * point; // A4
constexpr double side = 42 * point, above = 42 * point, below = 50 * point;
constexpr double pointsAnInch = 72;
constexpr int pdfResolution = 1200;

} // namespace

SheetPages::SheetPages(const gateway::ReportSheet &sheet) : m_title(QString::fromStdString(sheet.title)), m_footer(QString::fromStdString(sheet.footer)), m_pieces(piecesOf(sheet, pageWidth - 2 * side))
{
    arrange();
}

void SheetPages::arrange()
{
    const double room = pageHeight - above - below;
    double top = 0;
    m_pages.emplace_back();
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        double needed = m_pieces[i].height;
        for (std::size_t next = i; m_pieces[next].withNext && next + 1 < m_pieces.size(); ++next)
            needed += m_pieces[next + 1].height;
        const bool turned = !m_pages.back().empty() && (m_pieces[i].newPage || top + (needed <= room ? needed : m_pieces[i].height) > room);
        if (turned) {
            m_pages.emplace_back();
            top = 0;
            if (const auto &head = m_pieces[i].head) {
                m_pages.back().push_back({head.get(), top});
                top += head->height;
            }
        }
        m_pages.back().push_back({&m_pieces[i], top});
        top += m_pieces[i].height;
    }
}

void SheetPages::paint(QPainter &painter, int page) const
{
    painter.save();
    painter.translate(side, above);
    for (const Placed &placed : m_pages[std::size_t(page)]) {
        painter.save();
        placed.piece->paint(painter, placed.top);
        painter.restore();
    }
    painter.restore();
    const double y = pageHeight - below + 16 * point;
    const QRectF foot(side, y, pageWidth - 2 * side, 14 * point);
    painter.setPen(QPen(colorOf(Ink::Grid), 0.7 * point));
    painter.drawLine(foot.topLeft(), foot.topRight());
    const QString number = QCoreApplication::translate("ui::reports::SheetPages", "Page %1 of %2").arg(page + 1).arg(count());
    const QFont font = fontOf(8);
    const double numberWidth = QFontMetricsF(font).horizontalAdvance(number) + 8 * point;
    drawLine(painter, foot.adjusted(0, 2 * point, -numberWidth, 2 * point), page == 0 ? m_footer : QStringLiteral("%1 · %2").arg(m_title, m_footer), font, Ink::Muted);
    drawLine(painter, foot.adjusted(0, 2 * point, 0, 2 * point), number, font, Ink::Muted, Qt::AlignRight | Qt::AlignVCenter);
}

QImage SheetPages::picture(int page, double pixelsAPoint) const
{
    QImage image(qRound(pageWidth / point * pixelsAPoint), qRound(pageHeight / point * pixelsAPoint), QImage::Format_RGB32);
    image.fill(Qt::white);
    if (page < 0 || page >= count())
        return image;
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.scale(pixelsAPoint / point, pixelsAPoint / point);
    paint(painter, page);
    return image;
}

gateway::Result<std::string> SheetPages::pdf() const
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setTitle(m_title);
    writer.setCreator(QStringLiteral("Signalbox %1").arg(QLatin1StringView(SIGNALBOX_VERSION)));
    writer.setResolution(pdfResolution);
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait, QMarginsF()));
    QPainter painter;
    if (!painter.begin(&writer))
        return gateway::fail(gateway::ErrorCode::Io, "The PDF cannot be drawn.");
    constexpr double scale = pdfResolution / pointsAnInch / point;
    for (int page = 0; page < count(); ++page) {
        if (page > 0)
            writer.newPage();
        painter.resetTransform();
        painter.scale(scale, scale);
        paint(painter, page);
    }
    painter.end();
    return bytes.toStdString();
}

} // namespace ui::reports
