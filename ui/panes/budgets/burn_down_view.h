// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/budgets/forecast.h"

#include <QWidget>

namespace ui::budgets {

/// Money left of a budget over its running period: what was, an even pace, where it leads (expected, and a cone of 80 %
/// of the outcomes), and from where on it warns. Says the same in words to those who do not see it. GUI thread.
class BurnDownView final : public QWidget
{
    Q_OBJECT
public:
    struct Picture
    {
        gateway::BudgetState budget {};
        gateway::WallTime from {}, to {}, now {};
        std::vector<Left> line {};
        std::optional<Forecast> forecast {};
        std::optional<double> warnAt {};  ///< share of the amount
        int color = -1;                   ///< of the series
    };
    explicit BurnDownView(QWidget *parent = nullptr);

    void setPicture(Picture picture);
    [[nodiscard]] const Picture &picture() const { return m_picture; }
    [[nodiscard]] QSize sizeHint() const override { return {640, 300}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 220}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Picture m_picture;
};

/// "used up on 24 Nov (23 to 26)", "$820 by the end", "not used up within a year".
QString forecastText(const gateway::BudgetState &budget, const std::optional<Forecast> &forecast, gateway::WallTime now);
/// The same, short: "24 Nov", "$820".
QString forecastFigure(const gateway::BudgetState &budget, const std::optional<Forecast> &forecast, gateway::WallTime now);

} // namespace ui::budgets
