// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QHash>
#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QGridLayout;

namespace ui::widgets {
class Button;
class Label;
class MoneyField;
class SharesField;
}

namespace ui::budgets {

/// One budget's fields. It only asks for changes: what it shows comes back by show(). GUI thread.
class BudgetForm final : public QWidget
{
    Q_OBJECT
public:
    explicit BudgetForm(QWidget *parent = nullptr);

    /// @param problems  what the gateway said, by field: "amount", "time_zone"
    void show(const gateway::config::Budget &budget, const gateway::config::Config &config, bool editable, const QHash<QString, QString> &problems);
    using QWidget::show;
    void focusAmount();
    [[nodiscard]] bool typedWrong() const; ///< something stands in a field that cannot be read

Q_SIGNALS:
    /// @param merge  changes of the same kind that follow one another are one step to undo
    void edited(const QString &what, const std::function<void(gateway::config::Budget &)> &change, const QString &merge);
    void raiseWanted();

private:
    void setUpFields();
    void connectFields();
    /// @param marked  where it is a part of the field that can be wrong
    void add(QGridLayout *grid, const QString &label, QWidget *field, const QString &name, QWidget *marked = nullptr);
    void fillRoutes(const gateway::config::Config &config, const gateway::config::Budget &budget);
    void fillZones(const gateway::config::Config &config);

    widgets::MoneyField *m_amount;
    QComboBox *m_per, *m_breach, *m_zone, *m_unknown, *m_endpoint;
    widgets::SharesField *m_warn;
    QCheckBox *m_exact;
    widgets::Label *m_raise;
    widgets::Button *m_raiseButton, *m_lower;
    QStringList m_routes;
    QString m_gatewayZone;
};

} // namespace ui::budgets
