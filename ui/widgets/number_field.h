// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/money.h"

#include <QLineEdit>

#include <cstdint>
#include <optional>
#include <vector>

/// Lines of a form that hold an amount, a count or shares, or nothing. What cannot be read is marked and not announced.
/// GUI thread.
namespace ui::widgets {

/// "60", "200,000", "200 000"; nullopt inside: nothing is typed. @return false: it is no whole number above 0
bool readCount(const QString &typed, std::optional<std::int64_t> &out);

/// A whole number above 0.
class CountField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit CountField(QWidget *parent = nullptr);
    void setValue(const std::optional<std::int64_t> &value); ///< what is being typed stays where it means the same
    [[nodiscard]] const std::optional<std::int64_t> &value() const { return m_value; }

Q_SIGNALS:
    void valueEdited();

private:
    std::optional<std::int64_t> m_value;
};

/// Dollars: "1200", "$1,200.50", "0.01".
class MoneyField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit MoneyField(QWidget *parent = nullptr);
    void setNeeded(bool needed) { m_needed = needed; }     ///< nothing is marked too
    void setValue(const std::optional<gateway::Money> &value);
    [[nodiscard]] const std::optional<gateway::Money> &value() const { return m_value; }

Q_SIGNALS:
    void valueEdited();

private:
    std::optional<gateway::Money> m_value;
    bool m_needed = false;
};

/// Shares in per cent with commas between: "80 %, 95 %"; each above 0 and at most 100.
class SharesField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit SharesField(QWidget *parent = nullptr);
    void setValue(const std::vector<double> &value);
    [[nodiscard]] const std::vector<double> &value() const { return m_value; }

Q_SIGNALS:
    void valueEdited();

private:
    std::vector<double> m_value;
};

} // namespace ui::widgets
