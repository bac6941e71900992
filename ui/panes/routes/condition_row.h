// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/condition.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace ui::widgets {
class Button;
}

namespace ui::routes {

/// One test of a condition: the field over operator and value. The fields that there are, are offered.
class ConditionRow final : public QWidget
{
    Q_OBJECT
public:
    /// @param name  of its parts, for tests: "<name>.field", "<name>.operator", "<name>.value", "<name>.remove"
    explicit ConditionRow(const QString &name, QWidget *parent = nullptr);
    void setTest(const gateway::config::FieldTest &test, bool editable);
    [[nodiscard]] const gateway::config::FieldTest &test() const { return m_test; }
    void setRemovable(bool removable);
    [[nodiscard]] QWidget *firstField() const;

Q_SIGNALS:
    void changed();
    void removeWanted();

private:
    void read();
    void showValue();

    QComboBox *m_field, *m_operator;
    QLineEdit *m_value;
    widgets::Button *m_remove;
    gateway::config::FieldTest m_test;
};

} // namespace ui::routes
