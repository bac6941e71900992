// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/pattern_mark.h"

#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

constexpr int textHeight = 18, caretHalf = 4;

} // namespace

PatternMark::PatternMark(QWidget *parent) : QWidget(parent) { setFixedHeight(sizeHint().height()); }

void PatternMark::setProblem(const QString &pattern, const PatternProblem &problem)
{
    m_pattern = pattern;
    m_problem = problem;
    setAccessibleName(tr("Wrong at letter %1: %2").arg(problem.at + 1).arg(problem.text));
    update();
}

void PatternMark::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &colors = widgets::colorsOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(widgets::monoFont(12));
    const int letter = std::max(1, painter.fontMetrics().horizontalAdvance(u'0'));
    const int room = std::max(4, width() / letter);
    // The place is in the middle of what is seen, unless all is.
    const int size = static_cast<int>(m_pattern.size());
    const int first = size <= room ? 0 : std::clamp(m_problem.at - room / 2, 0, std::max(0, size + 1 - room));
    const QString seen = m_pattern.mid(first, room);
    const int at = m_problem.at - first, length = std::max(0, std::min(m_problem.length, static_cast<int>(seen.size()) - at));
    int x = 0;
    for (const auto &[from, count, wrong] : {std::tuple {0, at, false}, {at, length, true}, {at + length, static_cast<int>(seen.size()), false}}) {
        const QString piece = seen.mid(from, count);
        painter.setPen(wrong ? colors.err : colors.muted);
        painter.drawText(x, 0, width(), textHeight, Qt::AlignLeft | Qt::AlignVCenter, piece);
        x += painter.fontMetrics().horizontalAdvance(piece);
    }
    const double tip = at * letter + letter / 2.0;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.err);
    painter.drawPolygon(QPolygonF({{tip, textHeight}, {tip - caretHalf, textHeight + 7.0}, {tip + caretHalf, textHeight + 7.0}}));
}

} // namespace ui::privacy
