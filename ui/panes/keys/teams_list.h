// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/scopes/standing.h"

#include <QListWidget>

#include <optional>

namespace ui::keys {

/// The teams at the left: all, each one with its colour, keys and spend of the month, and the calls without a key.
class TeamsList final : public QListWidget
{
    Q_OBJECT
public:
    explicit TeamsList(QWidget *parent = nullptr);
    /// @param use  nullopt: not known (yet)
    /// @param standing  a team that has a cap shows how far that is used
    void setTeams(const gateway::config::Config &config, const std::optional<gateway::api::UseSummary> &use, const panes::Standing &standing);
    /// The chosen team; nullopt: all.
    [[nodiscard]] std::optional<std::string> team() const;
    void choose(const std::optional<std::string> &team);

Q_SIGNALS:
    void teamChanged();
};

} // namespace ui::keys
