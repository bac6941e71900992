// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QWidget>

#include <functional>

class QComboBox;

namespace ui::widgets {
class DurationField;
}

namespace ui::routes {

/// What becomes of the texts of a route's calls: the privacy policy that they run under, whether answers are kept, and
/// whether their beginnings are marked for the provider's own cache.
class KeepingFields final : public QWidget
{
    Q_OBJECT
public:
    using Change = std::function<void(const QString &what, const std::function<void(gateway::config::Route &)> &edit, const QString &merge)>;
    explicit KeepingFields(Change change, QWidget *parent = nullptr);

    void show(const gateway::config::Config &config, const gateway::config::Route &route, bool editable);
    using QWidget::show;

Q_SIGNALS:
    void cacheWanted(); ///< the rest of its settings

private:
    void showPolicies(const gateway::config::Config &config, const gateway::config::Route &route);

    Change m_change;
    QComboBox *m_privacy, *m_cache, *m_marks;
    widgets::DurationField *m_ttl;
};

} // namespace ui::routes
