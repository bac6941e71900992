// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace ui::calls {

/// What a row of the facet strip carries beside its text.
enum FacetRole { FacetField = Qt::UserRole + 1, FacetValueRole, FacetCount, FacetShare, FacetChosen };
enum class FacetChoiceOf { None, Included, Excluded };

/// Paints a value with a bar behind it, its count at the right, and a mark where it is chosen; fields as headings.
class FacetDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace ui::calls
