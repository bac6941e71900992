// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/table_view.h"

namespace ui::calls {

/// Paints the way of a call: a provider's letter with a cross or a tick, how often it was tried, a dash circle where it
/// was skipped; "refused" where nothing was sent. Needs PathRole.
class PathDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::calls
