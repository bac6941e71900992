// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diff_view.h"

#include "gateway/core/text_diff.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::widgets {

namespace {

constexpr int rowHeight = 18, edge = 4;
constexpr int signLeft = 10, textLeft = 28, textRight = 8;
constexpr int widest = 4000;
constexpr std::size_t context = 2;

QChar signOf(gateway::DiffLine::Kind kind)
{
    switch (kind) {
    case gateway::DiffLine::Kind::Removed: return u'-';
    case gateway::DiffLine::Kind::Added: return u'+';
    case gateway::DiffLine::Kind::Equal: break;
    }
    return u' ';
}

} // namespace

DiffView::DiffView(const QString &before, const QString &after, QWidget *parent) : QWidget(parent)
{
    setTexts(before, after);
}

void DiffView::setTexts(const QString &before, const QString &after)
{
    std::vector<gateway::DiffLine> all = gateway::diffLines(before.toStdString(), after.toStdString());
    std::erase_if(all, [](const gateway::DiffLine &line) { return line.text.empty(); });
    const std::vector<bool> shown = gateway::nearChanges(all, context);
    m_lines.clear();
    for (std::size_t at = 0; at < all.size();) {
        std::size_t folded = 0;
        for (; at < all.size() && !shown[at]; ++at)
            ++folded;
        if (folded > 0)
            m_lines.append({u' ', folded == 1 ? tr("… 1 equal line") : tr("… %1 equal lines").arg(folded)});
        for (; at < all.size() && shown[at]; ++at)
            m_lines.append({signOf(all[at].kind), QString::fromStdString(all[at].text)});
    }
    const auto count = [this](QChar sign) { return std::ranges::count(m_lines, sign, &Line::sign); };
    setAccessibleName(tr("removed lines: %1, added lines: %2").arg(count(u'-')).arg(count(u'+')));
    setAccessibleDescription(changedLines());
    updateGeometry();
    update();
}

QString DiffView::changedLines() const
{
    QStringList lines;
    for (const Line &line : m_lines)
        if (line.sign != u' ')
            lines << line.sign + u' ' + line.text;
    return lines.join(u'\n');
}

QSize DiffView::sizeHint() const
{
    const QFontMetrics metrics(monoFont(12));
    int width = 0;
    for (const Line &line : m_lines)
        width = std::max(width, metrics.horizontalAdvance(line.text));
    return {std::min(textLeft + width + textRight, widest), static_cast<int>(m_lines.size()) * rowHeight + 2 * edge};
}

void DiffView::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight); // code
    painter.fillRect(rect(), c.win);
    painter.setFont(monoFont(12));
    int y = edge;
    for (const Line &line : m_lines) {
        const QRect row(0, y, width(), rowHeight);
        if (line.sign != u' ')
            painter.fillRect(row, line.sign == u'+' ? c.okBg : c.errBg);
        painter.setPen(line.sign == u'+' ? c.ok : line.sign == u'-' ? c.err : c.muted);
        painter.drawText(row.adjusted(signLeft, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, line.sign == u'-' ? u"−"_s : QString(line.sign));
        painter.setPen(line.sign == u' ' ? c.muted : c.text);
        painter.drawText(row.adjusted(textLeft, 0, -textRight, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, line.text);
        y += rowHeight;
    }
}

} // namespace ui::widgets
