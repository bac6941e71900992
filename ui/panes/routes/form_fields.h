// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QLineEdit>

#include <optional>

namespace ui::routes {

/// A line that holds a duration ("20 s", "250 ms") or nothing; nothing stands for the placeholder's value. What cannot
/// be read is marked and not announced.
class DurationField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit DurationField(QWidget *parent = nullptr);
    void setValue(const std::optional<gateway::config::Millis> &value);
    [[nodiscard]] const std::optional<gateway::config::Millis> &value() const { return m_value; }

Q_SIGNALS:
    void valueChanged();

private:
    std::optional<gateway::config::Millis> m_value;
};

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

/// Marks a field as wrong, or as fine again, with the reason as tool tip.
void setInvalid(QWidget *field, const QString &why);

} // namespace ui::routes
