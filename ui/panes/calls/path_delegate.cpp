// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/path_delegate.h"

#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_list_model.h"
#include "ui/widgets/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using widgets::Icon;
using widgets::Role;
using widgets::ThemeColors;

Role roleOf(PathStep::End end) { return end == PathStep::End::Ok ? Role::Ok : end == PathStep::End::Failed ? Role::Err : Role::Muted; }
Icon iconOf(PathStep::End end) { return end == PathStep::End::Ok ? Icon::Check : end == PathStep::End::Failed ? Icon::Close : Icon::Skipped; }

/// @return the width
int paintStep(QPainter *painter, int x, const QRect &line, const PathStep &step, const ThemeColors &c)
{
    const QColor color = step.end == PathStep::End::Skipped ? c.text : c.of(roleOf(step.end));
    const QString letter = providerLetter(step.provider);
    painter->setFont(widgets::textFont(12, QFont::Bold));
    painter->setPen(step.end == PathStep::End::Skipped ? c.muted : color);
    const int width = painter->fontMetrics().horizontalAdvance(letter);
    painter->drawText(QRect(x, line.y(), width + 1, line.height()), Qt::AlignVCenter | Qt::AlignLeft, letter);
    const int side = step.end == PathStep::End::Ok ? 12 : 11;
    widgets::paintIcon(painter, iconOf(step.end), QRectF(x + width + 1, line.center().y() - side / 2.0 + 1, side, side), c.of(roleOf(step.end)));
    int used = width + 1 + side;
    if (step.tries > 1) {
        painter->setFont(widgets::textFont(11, QFont::DemiBold));
        const QString tries = QString::number(step.tries);
        const int digits = painter->fontMetrics().horizontalAdvance(tries);
        painter->drawText(QRect(x + used + 1, line.y(), digits + 1, line.height()), Qt::AlignVCenter | Qt::AlignLeft, tries);
        used += digits + 2;
    }
    return used;
}

} // namespace

void PathDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto row = index.data(PathRole).value<RowPtr>();
    const QList<PathStep> steps = row ? pathOf(row->record) : QList<PathStep>();
    if (steps.isEmpty()) {
        TextDelegate::paint(painter, option, index);
        return;
    }
    const ThemeColors &c = widgets::colorsOf(option.palette);
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);
    paintBackground(painter, option, index);
    const QRect line = widgets::cellContent(option, index).adjusted(0, 0, 4, 0);
    painter->setClipRect(line);
    int x = line.x();
    for (qsizetype i = 0; i < steps.size(); ++i) {
        if (i > 0) {
            painter->setFont(widgets::textFont(12));
            painter->setPen(c.muted);
            painter->drawText(QRect(x, line.y(), 16, line.height()), Qt::AlignCenter, u"›"_s);
            x += 16;
        }
        x += paintStep(painter, x, line, steps.at(i), c);
    }
    painter->restore();
}

} // namespace ui::calls
