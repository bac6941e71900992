// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme_colors.h"

#include <QHash>
#include <QString>

namespace ui::privacy {

/// Which series colour a detector has: the next one at its first finding, and the same from then on, wherever it is shown.
class RuleColors
{
public:
    int seriesOf(const QString &finding)
    {
        const auto found = m_series.constFind(finding);
        if (found != m_series.cend())
            return *found;
        const int next = static_cast<int>(m_series.size()) % static_cast<int>(widgets::ThemeColors {}.series.size());
        m_series.insert(finding, next);
        return next;
    }
    QColor colorOf(const QString &finding, const widgets::ThemeColors &colors) { return colors.series[static_cast<std::size_t>(seriesOf(finding))]; }

private:
    QHash<QString, int> m_series;
};

} // namespace ui::privacy
