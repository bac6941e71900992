// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/rule_cells.h"

#include "ui/panes/privacy/rules_model.h"
#include "ui/widgets/theme.h"

#include <QPainter>

namespace ui::privacy {

namespace {

constexpr int barsWidth = 24 * 4, barsHeight = 16, leastText = 44;

} // namespace

void HitsDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    paintBackground(painter, option, index);
    const widgets::ThemeColors &colors = widgets::colorsOf(option.palette);
    const QRect content = widgets::cellContent(option, index);
    const QVariant value = index.data(RulesModel::HitsRole);
    const Hits hits = value.value<Hits>();
    const bool any = hits.found() > 0;
    const bool room = content.width() >= barsWidth + leastText;
    if (any && room) {
        QRect bars(content.x(), content.center().y() - barsHeight / 2, barsWidth, barsHeight);
        bars = QStyle::visualRect(option.direction, content, bars);
        paintHits(painter, bars, hits.parts, colors.series[6], colors.line); // time runs from left to right everywhere
    }
    painter->save();
    painter->setFont(widgets::textFont(13));
    painter->setPen(any ? colors.of(widgets::Role::Accent) : colors.of(widgets::Role::Muted));
    painter->drawText(content, int(QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignVCenter | Qt::TextSingleLine), index.data().toString());
    painter->restore();
}

} // namespace ui::privacy
