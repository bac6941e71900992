// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/table_view.h"

namespace ui::privacy {

/// Paints bars of what a row found (RulesModel::HitsRole), and how often, as a link where there is something to see.
class HitsDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::privacy
