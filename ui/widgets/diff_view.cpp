// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diff_view.h"

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
constexpr qsizetype context = 2;
constexpr qsizetype mostCompared = 4'000'000; ///< pairs of lines: above, all went and all came

} // namespace

DiffView::DiffView(const QString &before, const QString &after, QWidget *parent) : QWidget(parent)
{
    setTexts(before, after);
}

void DiffView::setTexts(const QString &before, const QString &after)
{
    fold(compared(before.split(u'\n', Qt::SkipEmptyParts), after.split(u'\n', Qt::SkipEmptyParts)));
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

QList<DiffView::Line> DiffView::compared(const QStringList &a, const QStringList &b)
{
    const qsizetype n = a.size(), m = b.size();
    QList<Line> all;
    if (n * m > mostCompared) {
        for (const QString &line : a)
            all.append({u'-', line});
        for (const QString &line : b)
            all.append({u'+', line});
        return all;
    }
    QList<QList<int>> common(n + 1, QList<int>(m + 1, 0));
    for (qsizetype i = n - 1; i >= 0; --i)
        for (qsizetype j = m - 1; j >= 0; --j)
            common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    qsizetype i = 0, j = 0;
    while (i < n || j < m) {
        if (i < n && j < m && a[i] == b[j]) {
            all.append({u' ', a[i++]});
            ++j;
        } else if (i < n && (j == m || common[i + 1][j] >= common[i][j + 1])) {
            all.append({u'-', a[i++]});
        } else {
            all.append({u'+', b[j++]});
        }
    }
    return all;
}

void DiffView::fold(const QList<Line> &all)
{
    const auto near = [&](qsizetype at) {
        for (qsizetype k = std::max<qsizetype>(0, at - context); k < std::min(all.size(), at + context + 1); ++k)
            if (all[k].sign != u' ')
                return true;
        return false;
    };
    m_lines.clear();
    int folded = 0;
    const auto flush = [&] {
        if (folded > 0)
            m_lines.append({u' ', folded == 1 ? tr("… 1 equal line") : tr("… %1 equal lines").arg(folded)});
        folded = 0;
    };
    for (qsizetype k = 0; k < all.size(); ++k) {
        if (!near(k)) {
            ++folded;
            continue;
        }
        flush();
        m_lines.append(all[k]);
    }
    flush();
}

} // namespace ui::widgets
