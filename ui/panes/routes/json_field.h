// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QLineEdit>

namespace ui::routes {

/// A line for a JSON object, or nothing. What is no object is marked, with the place as tool tip, and not announced.
class JsonField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit JsonField(QWidget *parent = nullptr);
    void setValue(const gateway::config::JsonText &value);
    [[nodiscard]] const gateway::config::JsonText &value() const { return m_value; }
    [[nodiscard]] QString problem() const { return m_problem; }

Q_SIGNALS:
    void valueChanged();
    void problemChanged();

private:
    void read(const QString &text);
    gateway::config::JsonText m_value;
    QString m_problem;
};

} // namespace ui::routes
