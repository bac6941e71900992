// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"

#include <QWidget>

#include <vector>

class QMenu;
class QTimeEdit;
class QVBoxLayout;

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::alerts {

/// Quiet hours, a row each: from, to, and the days on which they begin.
class QuietField final : public QWidget
{
    Q_OBJECT
public:
    using QuietHours = gateway::config::QuietHours;
    explicit QuietField(QWidget *parent = nullptr);

    /// @param zone  whose clocks they go by
    void show(const std::vector<QuietHours> &quiet, bool editable, const QString &zone);
    using QWidget::show;
    [[nodiscard]] const std::vector<QuietHours> &quiet() const { return m_quiet; }

Q_SIGNALS:
    void edited(const QString &merge);

private:
    struct Row
    {
        QWidget *box;
        QTimeEdit *from, *to;
        widgets::Button *days, *remove;
    };
    void addRow();
    QTimeEdit *timeEdit(std::size_t row, int QuietHours::*member, const QString &name, const QString &title);
    void fillDays(QMenu *menu, std::size_t row);

    QVBoxLayout *m_column;
    widgets::Label *m_note;
    widgets::Button *m_add;
    QList<Row> m_rows;
    std::vector<QuietHours> m_quiet;
    bool m_filling = false;
};

/// "every day", "Mon to Fri", "Mon, Wed"
QString daysText(const std::vector<int> &days);

} // namespace ui::alerts
