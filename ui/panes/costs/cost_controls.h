// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/costs.h"
#include "ui/panes/costs/cost_periods.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QSettings;

namespace ui::widgets {
class Button;
}

namespace ui::costs {

/// What costs are grouped by, what is measured, how wide bars are, whether with the time before; and times of the calendar.
class CostControls final : public QWidget
{
    Q_OBJECT
public:
    /// @param settings  where choices are kept; null: nowhere
    explicit CostControls(QSettings *settings, QWidget *parent = nullptr);

    [[nodiscard]] gateway::CostField by() const;
    [[nodiscard]] std::optional<gateway::CostField> then() const; ///< never by()
    [[nodiscard]] gateway::CostMeasure measure() const;
    [[nodiscard]] Per per() const;
    [[nodiscard]] bool compare() const;
    void setBy(gateway::CostField field);

    enum class Dates { ThisMonth, LastMonth, LastThreeMonths, ThisYear, Chosen };

Q_SIGNALS:
    void changed();
    void datesWanted(ui::costs::CostControls::Dates dates);

private:
    QComboBox *choice(const QString &name, const QString &label, const QStringList &items);
    void setUpDates();
    void restore();
    void keep();

    QSettings *m_settings;
    class QHBoxLayout *m_row;
    QComboBox *m_by, *m_then, *m_measure, *m_per;
    QCheckBox *m_compare;
    widgets::Button *m_dates;
};

} // namespace ui::costs
