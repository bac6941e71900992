// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QWidget>

class QComboBox;

namespace ui::widgets {
class Button;
class EmptyState;
}

namespace ui::cache {

/// The cache is off: no route keeps its answers. One button turns exact caching on for the route that is chosen.
class OffState final : public QWidget
{
    Q_OBJECT
public:
    explicit OffState(QWidget *parent = nullptr);
    void setConfig(const gateway::config::Config &config);
    [[nodiscard]] QWidget *focusTarget() const;

Q_SIGNALS:
    void turnOnWanted(const QString &route);
    void routeWanted();               ///< there is none yet

private:
    widgets::EmptyState *m_empty;
    QComboBox *m_route;
    widgets::Button *m_button;
};

} // namespace ui::cache
