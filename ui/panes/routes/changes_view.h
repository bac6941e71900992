// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QScrollArea>

namespace ui::routes {

/// What differs between two configurations, entry by entry: of a route its text, line by line, of others their fields.
class ChangesView final : public QScrollArea
{
    Q_OBJECT
public:
    explicit ChangesView(QWidget *parent = nullptr);
    void setChanges(const gateway::config::Config &before, const gateway::config::Config &after);
    [[nodiscard]] QSize sizeHint() const override;
};

/// The route of the same id, else of the same name; nullptr: there is none.
const gateway::config::Route *sameRoute(const std::vector<gateway::config::Route> &routes, const gateway::config::Route &wanted);

} // namespace ui::routes
