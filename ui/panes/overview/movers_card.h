// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/overview/movers.h"
#include "ui/widgets/card.h"
#include "ui/widgets/table_view.h"

class QStandardItemModel;
class QStackedLayout;

namespace ui::widgets {
class EmptyState;
class SectionBanner;
class SkeletonView;
}

namespace ui::overview {

/// Two bars over one another: before, and now. The index gives QPointF(before, now) as Qt::UserRole, the longer one 1.
class PairDelegate final : public widgets::TextDelegate
{
    Q_OBJECT
public:
    using TextDelegate::TextDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// What moved most against the period before, a line each: the thing, the figure, both values and the change.
class MoversCard final : public widgets::Card
{
    Q_OBJECT
public:
    explicit MoversCard(QWidget *parent = nullptr);

    /// @param period  it is compared with, in words: "previous hour"
    void show(const std::vector<Mover> &movers, const QString &period);
    void showWaiting();
    void showProblem(const QString &problem);
    [[nodiscard]] QByteArray csv() const;
    [[nodiscard]] widgets::TableView *table() const { return m_table; }

Q_SIGNALS:
    void opened(const Mover &mover);
    void retried();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void addRow(const Mover &mover);
    void open(const QModelIndex &index);
    void fitColumns();

    std::vector<Mover> m_movers;
    widgets::TableView *m_table;
    QStandardItemModel *m_model;
    QStackedLayout *m_stack;
    widgets::EmptyState *m_empty;
    widgets::SkeletonView *m_skeleton;
    widgets::SectionBanner *m_banner;
};

} // namespace ui::overview
