// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/facet_delegate.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

constexpr int rowHeight = 24;
constexpr int markWidth = 16;

} // namespace

QSize FacetDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const { return {120, rowHeight}; }

void FacetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const widgets::ThemeColors &c = widgets::colorsOf(option.palette);
    const bool heading = !index.parent().isValid();
    const auto chosen = FacetChoiceOf(index.data(FacetChosen).toInt());
    painter->save();
    QRect line = option.rect.adjusted(4, 0, -8, 0);
    if (option.state.testFlag(QStyle::State_HasFocus) || option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, option.state.testFlag(QStyle::State_HasFocus) ? c.selection : c.raised);
    const double share = index.data(FacetShare).toDouble();
    if (!heading && share > 0) {
        const int width = qMax(2, int(share * line.width()));
        const QRect bar(option.direction == Qt::RightToLeft ? line.right() + 1 - width : line.x(), line.y() + 3, width, line.height() - 6);
        painter->fillRect(bar, widgets::blended(c.surface, chosen == FacetChoiceOf::Excluded ? c.otherSeries : c.accent, chosen == FacetChoiceOf::Included ? 0.30 : 0.16));
    }
    const QString count = index.data(FacetCount).toString();
    painter->setFont(widgets::textFont(heading ? 11 : 12));
    painter->setPen(c.muted);
    const int countWidth = count.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(count);
    const auto visual = [&](const QRect &where) { return QStyle::visualRect(option.direction, line, where); };
    painter->drawText(visual(QRect(line.right() + 1 - countWidth, line.y(), countWidth, line.height())), Qt::AlignVCenter | Qt::AlignRight, count);
    QRect text(line.x() + (heading ? 0 : 4), line.y(), line.width() - countWidth - 12, line.height());
    if (chosen != FacetChoiceOf::None) {
        const QRect mark = visual(QRect(text.x() - 1, line.y() + (line.height() - 12) / 2, 12, 12));
        widgets::paintIcon(painter, chosen == FacetChoiceOf::Included ? widgets::Icon::Check : widgets::Icon::Minus, mark, chosen == FacetChoiceOf::Included ? c.accent : c.err);
        text.setLeft(text.left() + markWidth);
    }
    QFont font = widgets::textFont(12, heading ? QFont::DemiBold : chosen == FacetChoiceOf::Included ? QFont::Medium : QFont::Normal);
    font.setStrikeOut(chosen == FacetChoiceOf::Excluded);
    painter->setFont(font);
    const bool value = heading || !index.data(FacetField).toString().isEmpty();
    painter->setPen(value && chosen != FacetChoiceOf::Excluded ? c.text : c.muted);
    painter->drawText(visual(text), Qt::AlignVCenter | (option.direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::TextSingleLine, painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, text.width()));
    painter->restore();
}

} // namespace ui::calls
