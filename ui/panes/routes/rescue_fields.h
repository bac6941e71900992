// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace ui::widgets {
class DurationField;
}

namespace ui::routes {

class FieldGrid;

/// What a route does beside asking one target after another: goes on with cut streams, asks a second target in time, lets
/// calls wait, and copies some to a shadow.
class RescueFields final : public QWidget
{
    Q_OBJECT
public:
    using Change = std::function<void(const QString &what, const std::function<void(gateway::config::Route &)> &edit, const QString &merge)>;
    explicit RescueFields(Change change, QWidget *parent = nullptr);

    void show(const gateway::config::Config &config, const gateway::config::Route &route, bool editable);
    using QWidget::show;

private:
    void setUpRescue(FieldGrid &grid);
    void setUpQueue(FieldGrid &grid);
    void setUpShadow(FieldGrid &grid);
    void showShadow(const gateway::config::Config &config, const gateway::config::Route &route, bool editable);

    Change m_change;
    QComboBox *m_rescue, *m_shadowProvider;
    QLineEdit *m_shadowModel;
    QDoubleSpinBox *m_sample;
    QSpinBox *m_queue;
    widgets::DurationField *m_hedge, *m_queueTimeout;
};

} // namespace ui::routes
