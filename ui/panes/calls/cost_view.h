// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/calls/price_lookup.h"

#include <QWidget>

#include <optional>

namespace ui::widgets {
class Label;
class TableView;
}

class QStandardItemModel;

namespace ui::calls {

/// What a call cost and why: tokens by class and price for each attempt, and the sum that was recorded. The recorded sum
/// holds, and a second figure by a re-pricing stands below it; prices are today's, as the catalogue and the configuration have them, and said to be so where they differ.
class CostView final : public QWidget
{
    Q_OBJECT
public:
    struct Line
    {
        QString attempt, what;
        std::int64_t tokens = 0;
        std::optional<gateway::Money> price, amount;
        bool estimated = false;
        bool sum = false;
    };

    explicit CostView(QWidget *parent = nullptr);
    void setCall(const gateway::CallRecord &record, const gateway::api::Gateway &gateway);
    [[nodiscard]] const QList<Line> &lines() const { return m_lines; }
    [[nodiscard]] QString note() const;

private:
    /// @return what the classes come to at today's prices; nullopt: not known
    std::optional<gateway::Money> addAttempt(const QString &name, const gateway::TokenUsage &usage, const std::optional<gateway::Prices> &prices);
    void fill();
    void askRepriced(const gateway::CallRecord &record, const gateway::api::Gateway &gateway);

    quint64 m_generation = 0; ///< an answer about a call that was shown before is dropped

    QList<Line> m_lines;
    PriceLookup m_prices;
    QStandardItemModel *m_model;
    widgets::TableView *m_table;
    widgets::Label *m_note;
};

} // namespace ui::calls
