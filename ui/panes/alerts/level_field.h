// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/alert.h"

#include <QLineEdit>

#include <optional>

namespace ui::alerts {

/// A line that holds a level of a metric in its unit: "5 %", "$4", "2.5 s", "1,000". What cannot be read is marked and not
/// announced.
class LevelField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit LevelField(QWidget *parent = nullptr);
    void setNeeded(bool needed) { m_needed = needed; } ///< nothing is marked too
    /// What a level may reach: of what is a part of all its whole, or only below that.
    enum class Reach { Any, Whole, BelowWhole };
    void setReach(Reach reach) { m_reach = reach; }
    /// What is being typed stays where it means the same; so does what is wrong, of which the level knows the beginning alone.
    void setLevel(const std::optional<double> &level, gateway::config::AlertUnit unit);
    [[nodiscard]] const std::optional<double> &level() const { return m_level; }

Q_SIGNALS:
    void levelEdited();

private:
    [[nodiscard]] QString problemOf(const std::optional<double> &level) const;
    std::optional<double> m_level;
    gateway::config::AlertUnit m_unit = gateway::config::AlertUnit::Count;
    bool m_needed = true;
    Reach m_reach = Reach::Any;
};

/// @return what is wrong with it; empty: nothing. `out` is nullopt where nothing is typed.
QString readLevel(const QString &typed, gateway::config::AlertUnit unit, std::optional<double> &out);

} // namespace ui::alerts
