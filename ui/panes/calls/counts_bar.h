// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/call_query.h"

#include <QWidget>

#include <optional>

namespace ui::widgets {
class Button;
class Chip;
class ElidedLabel;
class Label;
}

namespace ui::calls {

/// The line above the histogram: "122 selected of 276 found in 15,120 calls", the legend, new calls, the selected time.
class CountsBar final : public QWidget
{
    Q_OBJECT
public:
    explicit CountsBar(QWidget *parent = nullptr);

    struct Counts
    {
        std::optional<gateway::CallCounts> counts, selected; ///< nullopt: not counted yet
        bool filtered = false;
        bool counting = false;
        int rows = 0;                    ///< read so far: "500+ (counting…)"
        bool rowsComplete = false;
    };
    void setCounts(const Counts &counts);
    void setBins(const std::vector<gateway::HistogramBin> &bins);
    void setNew(int number, bool more = false);          ///< 0 hides the pill
    void setTime(const QString &time);                   ///< of the brush; empty hides the chip
    void setUnit(const QString &unit);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void newWanted();
    void timeCleared();

private:
    widgets::Label *m_text;
    class Legend *m_legend;
    widgets::Button *m_new;
    widgets::Chip *m_time;
    widgets::ElidedLabel *m_unit;
    QString m_plain;
};

} // namespace ui::calls
